/* What a previewed document gets from scripts: charts drawn when they come into sight, and traces in the side panel. */
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", function () {
    var figures = document.querySelectorAll("figure.doc-chart[data-option]");
    // Beside the document the contents stand open; above it they would push it out of sight.
    var contents = document.querySelector(".doc-side details");
    if (contents && window.matchMedia("(max-width: 1099px)").matches) { contents.open = false; }
    figures.forEach(function (figure) {
      figure.querySelector(".doc-canvas").style.height = Math.round(Number(figure.dataset.heightMm) * 3.78) + "px";
    });
    window.capaianCharts.watch(
      Array.from(figures), function (figure) { return figure.querySelector(".doc-canvas"); }, { animation: false }
    );
    document.addEventListener("click", function (event) {
      var button = event.target.closest(".doc-trace[data-trace]"), page = document.querySelector("[data-trace-url]");
      if (!button || !page) { return; }
      var url = page.dataset.traceUrl.replace("KUNCI", button.dataset.trace.split("/").map(encodeURIComponent).join("/"));
      window.htmx.ajax("GET", url, { source: button, target: "#jejak-isi", swap: "innerHTML show:none" });
    });
  });
})();
