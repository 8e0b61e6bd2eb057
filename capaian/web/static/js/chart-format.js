/* Formatters of chart options. The option is plain JSON; where ECharts wants a function, it carries a word such as
 * "@angka:2", and `prepare` puts the function in its place. Loaded by the browser and by the server (QuickJS, which has
 * no Intl), so that a chart reads the same on the page, in the .docx and in the .pdf.
 *
 *   @angka      1234.5  -> 1.234,5      as many decimals as the number has, at most 2
 *   @angka:2    1234.5  -> 1.234,50     exactly two decimals
 *   @persen:1   97.25   -> 97,3 %
 *   @ringkas    1.5e9   -> 1,5 miliar   for the axis of a money chart
 *   @teks       the point's own `text`, as printed in the table
 */
(function (root) {
  "use strict";

  function number(value, decimals) {
    var fixed = decimals === undefined
      ? String(Math.round(value * 100) / 100)
      : Number(value).toFixed(decimals);
    var negative = fixed.charAt(0) === "-";
    var parts = (negative ? fixed.slice(1) : fixed).split(".");
    var whole = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ".");
    return (negative ? "\u2212" : "") + whole + (parts[1] ? "," + parts[1] : "");
  }

  function short(value) {
    var steps = [[1e12, " triliun"], [1e9, " miliar"], [1e6, " juta"], [1e3, " ribu"]];
    for (var i = 0; i < steps.length; i += 1) {
      if (Math.abs(value) >= steps[i][0]) { return number(value / steps[i][0]) + steps[i][1]; }
    }
    return number(value);
  }

  function valueOf(given) {
    var value = given !== null && typeof given === "object" && "value" in given ? given.value : given;
    return Array.isArray(value) ? value[value.length - 1] : value;
  }

  function isBlank(value) { return value === null || value === undefined || value === "-"; }

  function make(word) {
    var parts = word.slice(1).split(":");
    var decimals = parts[1] === undefined ? undefined : Number(parts[1]);
    function wrap(print) {
      return function (given) { var v = valueOf(given); return isBlank(v) ? "" : print(v); };
    }
    if (parts[0] === "angka") { return wrap(function (v) { return number(v, decimals); }); }
    if (parts[0] === "persen") { return wrap(function (v) { return number(v, decimals) + " %"; }); }
    if (parts[0] === "ringkas") { return wrap(short); }
    if (parts[0] === "teks") {
      return function (given) {
        var data = given && given.data;
        if (data && data.text !== undefined) { return data.text; }
        var value = valueOf(given);
        return isBlank(value) ? "" : number(value);
      };
    }
    return word;
  }

  function prepare(node) {
    if (Array.isArray(node)) { return node.map(prepare); }
    if (node === null || typeof node !== "object") { return node; }
    var out = {};
    Object.keys(node).forEach(function (key) {
      var value = node[key];
      var isWord = (key === "formatter" || key === "valueFormatter") && typeof value === "string" && value.charAt(0) === "@";
      out[key] = isWord ? make(value) : prepare(value);
    });
    return out;
  }

  // On a telephone an axis has room for few numbers: fewer marks, and none printed over another.
  function fit(option, width) {
    if (width >= 480) { return option; }
    [].concat(option.xAxis || [], option.yAxis || []).forEach(function (axis) {
      if (axis.type !== "value") { return; }
      axis.splitNumber = 2;
      axis.axisLabel = Object.assign({}, axis.axisLabel, { hideOverlap: true });
    });
    return option;
  }

  root.capaianChart = { number: number, short: short, prepare: prepare, fit: fit };
})(typeof globalThis !== "undefined" ? globalThis : this);
