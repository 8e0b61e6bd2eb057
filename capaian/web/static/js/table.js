/* Tables that sort and filter on the page. A head cell with data-sort="text|number" becomes a button; a cell may carry
 * its raw value in data-value. A box with data-filter-for="<table id>" filters rows by text, data-status and data-unit.
 * Works on tables that htmx brings later, too. */
(function () {
  "use strict";

  var collator = new Intl.Collator("id", { numeric: true, sensitivity: "base" });

  // "Rp 1.234,56" and "102,11%" as numbers; what is no number sorts to the end.
  function toNumber(text) {
    var body = text.replace(/[^0-9,.\-−]/g, "").replace("−", "-").replace(/\./g, "").replace(",", ".");
    return body === "" || body === "-" || isNaN(Number(body)) ? null : Number(body);
  }

  function cellValue(row, index, kind) {
    var cell = row.cells[index];
    if (!cell) { return null; }
    if (cell.dataset.value !== undefined) {
      if (cell.dataset.value === "") { return null; }
      return kind === "number" ? Number(cell.dataset.value) : cell.dataset.value;
    }
    var text = cell.textContent.trim();
    return kind === "number" ? toNumber(text) : text;
  }

  function compare(a, b, kind) { return kind === "number" ? a - b : collator.compare(a, b); }

  function sortBy(th) {
    var table = th.closest("table"), kind = th.dataset.sort, index = th.cellIndex;
    var descending = th.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("thead th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
    th.setAttribute("aria-sort", descending ? "descending" : "ascending");
    Array.prototype.forEach.call(table.tBodies, function (body) {
      var rows = Array.prototype.map.call(body.rows, function (row) { return { row: row, value: cellValue(row, index, kind) }; });
      rows.sort(function (a, b) {
        if (a.value === null || b.value === null) { return (a.value === null) - (b.value === null); }
        return descending ? compare(b.value, a.value, kind) : compare(a.value, b.value, kind);
      });
      rows.forEach(function (one) { body.appendChild(one.row); });
    });
  }

  function makeSortable(th) {
    if (th.querySelector(".sort")) { return; }
    var button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.title = "Urutkan";
    // A head that is also a link keeps it: only what is marked becomes the button.
    var part = th.querySelector("[data-sort-here]");
    if (part) { button.appendChild(part); }
    else { while (th.firstChild) { button.appendChild(th.firstChild); } }
    th.appendChild(button);
    button.addEventListener("click", function () { sortBy(th); });
  }

  function applyFilter(box) {
    var table = document.getElementById(box.dataset.filterFor);
    if (!table) { return; }
    var wanted = {};
    box.querySelectorAll("[data-filter]").forEach(function (input) { wanted[input.dataset.filter] = input.value.trim(); });
    var words = (wanted.text || "").toLocaleLowerCase("id").split(/\s+/).filter(Boolean);
    var shown = 0, all = 0;
    Array.prototype.forEach.call(table.tBodies, function (body) {
      Array.prototype.forEach.call(body.rows, function (row) {
        var text = row.textContent.toLocaleLowerCase("id");
        var keep = words.every(function (word) { return text.indexOf(word) >= 0; })
          && (!wanted.status || row.dataset.status === wanted.status)
          && (!wanted.unit || row.dataset.unit === wanted.unit);
        row.hidden = !keep;
        all += 1;
        shown += keep ? 1 : 0;
      });
    });
    var count = box.querySelector("[data-filter-count]");
    if (count) { count.textContent = shown === all ? all + " baris" : shown + " dari " + all + " baris"; }
  }

  function start(root) {
    root.querySelectorAll("th[data-sort]").forEach(makeSortable);
    root.querySelectorAll("[data-filter-for]").forEach(function (box) {
      if (box.dataset.ready) { return; }
      box.dataset.ready = "1";
      box.addEventListener("input", function () { applyFilter(box); });
      applyFilter(box);
    });
  }

  // Browsers leave buttons out of a head that is repeated on the next sheet, so on paper the heads are plain text.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("th > .sort").forEach(function (button) { button.replaceWith.apply(button, button.childNodes); });
  });
  window.addEventListener("afterprint", function () { start(document); });

  document.addEventListener("DOMContentLoaded", function () { start(document); });
  document.addEventListener("htmx:load", function (event) { start(event.detail.elt); });
})();
