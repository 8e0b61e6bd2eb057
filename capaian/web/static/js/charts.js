/* Draws every <figure class="chart" data-option="…"> with ECharts (SVG). The option is the one that the documents use;
 * chart-format.js puts the formatters in. Without this script the table under the chart says the same. */
(function () {
  "use strict";

  function draw(figure) {
    var place = figure.querySelector(".chart-canvas");
    if (!place || place.dataset.drawn) { return; }
    place.dataset.drawn = "1";
    var option = window.capaianChart.fit(window.capaianChart.prepare(JSON.parse(figure.dataset.option)), place.clientWidth);
    option.tooltip = Object.assign({}, option.tooltip, { renderMode: "richText" });
    var chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(option);
    new ResizeObserver(function () { chart.resize(); }).observe(place);
    window.addEventListener("beforeprint", function () { chart.resize(); });
  }

  function start(root) {
    if (root.matches && root.matches("figure.chart[data-option]")) { draw(root); }
    root.querySelectorAll("figure.chart[data-option]").forEach(draw);
  }

  document.addEventListener("DOMContentLoaded", function () { start(document); });
  document.addEventListener("htmx:load", function (event) { start(event.detail.elt); });
})();
