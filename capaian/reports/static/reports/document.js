/* What a previewed document gets from scripts: charts drawn when they come into sight, and traces in the side panel. */
(function () {
  "use strict";

  function draw(figure) {
    var place = figure.querySelector(".doc-canvas");
    if (place.dataset.drawn) { return; }
    place.dataset.drawn = "1";
    place.style.height = Math.round(Number(figure.dataset.heightMm) * 3.78) + "px";
    var option = window.capaianChart.fit(window.capaianChart.prepare(JSON.parse(figure.dataset.option)), place.clientWidth);
    option.tooltip = Object.assign({}, option.tooltip, { renderMode: "richText" });
    option.animation = false;
    var chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(option);
    new ResizeObserver(function () { chart.resize(); }).observe(place);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var figures = document.querySelectorAll("figure.doc-chart[data-option]");
    // Beside the document the contents stand open; above it they would push it out of sight.
    var contents = document.querySelector(".doc-side details");
    if (contents && window.matchMedia("(max-width: 1099px)").matches) { contents.open = false; }
    figures.forEach(function (figure) {
      figure.querySelector(".doc-canvas").style.height = Math.round(Number(figure.dataset.heightMm) * 3.78) + "px";
    });
    var watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) { if (entry.isIntersecting) { watcher.unobserve(entry.target); draw(entry.target); } });
    }, { rootMargin: "400px" });
    figures.forEach(function (figure) { watcher.observe(figure); });
    window.addEventListener("beforeprint", function () { figures.forEach(draw); });
    document.addEventListener("click", function (event) {
      var button = event.target.closest(".doc-trace[data-trace]"), page = document.querySelector("[data-trace-url]");
      if (!button || !page) { return; }
      var url = page.dataset.traceUrl.replace("KUNCI", button.dataset.trace.split("/").map(encodeURIComponent).join("/"));
      window.htmx.ajax("GET", url, { source: button, target: "#jejak-isi", swap: "innerHTML show:none" });
    });
  });
})();
