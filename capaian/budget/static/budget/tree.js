/* A table whose rows form a tree by data-depth: open and close, filter with the ancestors kept, sort among siblings.
 * Without this script every row is open. <table data-tree="1"> opens down to depth 1; a box with data-tree-for="<id>"
 * controls it. A click on any figure of a row brings the trace that the row's link leads to; without it the link is a plain one. */
(function () {
  "use strict";

  function read(table) {
    var above = [];
    return Array.prototype.map.call(table.tBodies[0].rows, function (tr) {
      var depth = Number(tr.dataset.depth);
      var row = { tr: tr, depth: depth, children: [], open: false, text: tr.cells[0].textContent.toLocaleLowerCase("id") };
      above.length = depth;
      row.parent = above[depth - 1] || null;
      if (row.parent) { row.parent.children.push(row); }
      above.push(row);
      return row;
    });
  }

  function Tree(table, box) {
    this.table = table;
    this.box = box;
    this.rows = read(table);
    this.roots = this.rows.filter(function (row) { return !row.parent; });
    this.order = 0;
    this.addToggles();
    this.openTo(Number(table.dataset.tree));
    this.listen();
    this.show();
  }

  Tree.prototype.addToggles = function () {
    this.rows.forEach(function (row) {
      if (!row.children.length) { return; }
      var button = document.createElement("button");
      button.type = "button";
      button.className = "tree-toggle";
      button.setAttribute("aria-label", "Buka atau tutup rincian");
      row.tr.cells[0].insertBefore(button, row.tr.cells[0].firstChild);
      row.button = button;
      button.capaianRow = row;
    });
  };

  Tree.prototype.openTo = function (depth) {
    this.rows.forEach(function (row) { row.open = row.depth < depth; });
  };

  Tree.prototype.wanted = function () {
    var words = this.box.querySelector("[data-tree-text]").value.toLocaleLowerCase("id").split(/\s+/).filter(Boolean);
    var select = this.box.querySelector("[data-tree-mark]");
    var mark = select ? select.value : "";
    if (!words.length && !mark) { return null; }
    return function (row) {
      return (!mark || (row.tr.dataset.marks || "").split(" ").indexOf(mark) >= 0)
        && words.every(function (word) { return row.text.indexOf(word) >= 0; });
    };
  };

  Tree.prototype.show = function () {
    var wanted = this.wanted(), shown = 0, kept = new Set();
    if (wanted) {
      this.rows.filter(wanted).forEach(function (row) {
        shown += 1;
        for (var one = row; one; one = one.parent) { kept.add(one); }
      });
    }
    this.rows.forEach(function (row) {
      // With a filter the rows found stand under their ancestors, whatever is open.
      var visible = wanted ? kept.has(row) : !row.parent || (row.parent.visible && row.parent.open);
      row.visible = visible;
      row.tr.hidden = !visible;
      if (row.button) { row.button.setAttribute("aria-expanded", String(wanted ? true : row.open)); }
    });
    var count = this.box.querySelector("[data-tree-count]");
    if (count) { count.textContent = wanted ? shown + " dari " + this.rows.length + " baris" : this.rows.length + " baris"; }
  };

  Tree.prototype.sort = function (th) {
    var index = th.cellIndex, body = this.table.tBodies[0];
    this.order = (this.order + 1) % 3;
    th.setAttribute("aria-sort", ["none", "ascending", "descending"][this.order]);
    var sign = this.order === 2 ? -1 : 1, printed = this.order === 0, place = new Map();
    this.rows.forEach(function (row, at) { place.set(row, at); });
    function value(row) {
      var raw = row.tr.cells[index].dataset.value;
      return raw === undefined || raw === "" ? null : Number(raw);
    }
    function compare(a, b) {
      if (printed) { return place.get(a) - place.get(b); }
      var x = value(a), y = value(b);
      if (x === null || y === null) { return (x === null) - (y === null) || place.get(a) - place.get(b); }
      return sign * (x - y) || place.get(a) - place.get(b);
    }
    (function put(rows) {
      rows.slice().sort(compare).forEach(function (row) { body.appendChild(row.tr); put(row.children); });
    })(this.roots);
  };

  Tree.prototype.listen = function () {
    var tree = this;
    this.table.addEventListener("click", function (event) {
      var button = event.target.closest(".tree-toggle");
      if (button) { button.capaianRow.open = !button.capaianRow.open; tree.show(); return; }
      var cell = event.target.closest("td.num"), link = cell && cell.parentNode.querySelector("td.num a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
      event.preventDefault();
      if (String(window.getSelection())) { return; }
      window.htmx.ajax("GET", link.getAttribute("href"), { source: link, target: "#jejak-isi", swap: "innerHTML show:none" });
    });
    this.box.addEventListener("input", function () { tree.show(); });
    this.box.addEventListener("click", function (event) {
      var button = event.target.closest("[data-tree-open]");
      if (button) { tree.openTo(Number(button.dataset.treeOpen)); tree.show(); }
    });
    this.table.querySelectorAll("th[data-tree-sort]").forEach(function (th) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.title = "Urutkan di dalam tiap induk: terendah, tertinggi, urutan dokumen";
      button.append.apply(button, Array.from(th.childNodes));
      th.appendChild(button);
      button.addEventListener("click", function () { tree.sort(th); });
    });
  };

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-tree-for]").forEach(function (box) {
      var table = document.getElementById(box.dataset.treeFor);
      if (table) { new Tree(table, box); }
    });
  });
})();
