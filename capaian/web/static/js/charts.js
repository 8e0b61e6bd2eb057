/* Draws every <figure class="chart" data-option="…"> with ECharts (SVG) when it comes into sight. The option is the one that
 * the documents use; chart-format.js puts the formatters in. ECharts itself is fetched with the first chart that is seen, so
 * that a page on a slow line is there before it. Without this script the table under the chart says the same. */
(function () {
  "use strict";

  var source = document.currentScript.dataset.echarts, waiting = [];

  function withECharts(work) {
    if (window.echarts) { work(); return; }
    waiting.push(work);
    if (waiting.length > 1) { return; }
    var script = document.createElement("script");
    script.src = source;
    script.addEventListener("load", function () { waiting.splice(0).forEach(function (one) { one(); }); });
    script.addEventListener("error", function () { waiting = []; });
    document.head.appendChild(script);
  }

  function draw(place, figure, option) {
    if (place.dataset.drawn) { return; }
    place.dataset.drawn = "1";
    withECharts(function () {
      var fitted = window.capaianChart.fit(window.capaianChart.prepare(JSON.parse(figure.dataset.option)), place.clientWidth);
      fitted.tooltip = Object.assign({}, fitted.tooltip, { renderMode: "richText" });
      var chart = window.echarts.init(place, null, { renderer: "svg" });
      chart.setOption(Object.assign(fitted, option));
      new ResizeObserver(function () { chart.resize(); }).observe(place);
      window.addEventListener("beforeprint", function () { chart.resize(); });
    });
  }

  /* Draw each figure as it nears the window, and all of them before printing. `find` names the place in a figure. */
  function watch(figures, find, option) {
    var watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) { watcher.unobserve(entry.target); draw(find(entry.target), entry.target, option); }
      });
    }, { rootMargin: "200px" });
    figures.forEach(function (figure) { watcher.observe(figure); });
    window.addEventListener("beforeprint", function () {
      figures.forEach(function (figure) { draw(find(figure), figure, option); });
    });
  }

  function start(root) {
    var figures = Array.from(root.querySelectorAll("figure.chart[data-option]"));
    if (root.matches && root.matches("figure.chart[data-option]")) { figures.push(root); }
    figures.forEach(function (figure) {
      var canvas = figure.querySelector(".chart-canvas");
      canvas.style.height = canvas.dataset.height + "px";
    });
    watch(figures, function (figure) { return figure.querySelector(".chart-canvas"); }, {});
  }

  window.capaianCharts = { watch: watch };
  document.addEventListener("DOMContentLoaded", function () { start(document); });
  document.addEventListener("htmx:load", function (event) { start(event.detail.elt); });
})();
