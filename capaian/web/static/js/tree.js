/* Tables that are trees: <table data-tree> with rows that carry data-depth. A row's children are the deeper rows after
 * it. A .tree-toggle opens and closes; arrows move between toggles, open (right) and close (left). A box with
 * data-tree-filter="<table id>" filters by text and by any data-filter="name" against the row's data-name; rows that
 * match keep their ancestors, and a branch that matches keeps what is below it. Large trees start closed. */
(function () {
  "use strict";

  var OPEN_AT_START = 150;

  function Tree(table) {
    this.table = table;
    this.rows = Array.prototype.slice.call(table.tBodies[0] ? table.tBodies[0].rows : []);
    this.depth = this.rows.map(function (row) { return Number(row.dataset.depth); });
    this.text = this.rows.map(function (row) { return row.textContent.toLocaleLowerCase("id"); });
    this.box = document.querySelector('[data-tree-filter="' + table.id + '"]');
  }

  Tree.prototype.toggleOf = function (row) { return row.querySelector(".tree-toggle"); };

  Tree.prototype.isClosed = function (row) {
    var toggle = this.toggleOf(row);
    return Boolean(toggle) && toggle.getAttribute("aria-expanded") === "false";
  };

  Tree.prototype.setOpen = function (row, open) {
    var toggle = this.toggleOf(row);
    if (toggle) { toggle.setAttribute("aria-expanded", open ? "true" : "false"); }
  };

  Tree.prototype.setAll = function (open) {
    this.rows.forEach(function (row) { this.setOpen(row, open); }, this);
    this.draw();
  };

  Tree.prototype.wanted = function () {
    var found = {};
    if (this.box) {
      this.box.querySelectorAll("[data-filter]").forEach(function (input) {
        if (input.value.trim()) { found[input.dataset.filter] = input.value.trim(); }
      });
    }
    return found;
  };

  Tree.prototype.matches = function (index, words, wanted) {
    var row = this.rows[index], text = this.text[index];
    return words.every(function (word) { return text.indexOf(word) >= 0; })
      && Object.keys(wanted).every(function (name) { return name === "text" || row.dataset[name] === wanted[name]; });
  };

  // Without a filter what is open is shown; with one, what matches, its ancestors, and text matches' descendants.
  Tree.prototype.draw = function () {
    var wanted = this.wanted();
    var words = (wanted.text || "").toLocaleLowerCase("id").split(/\s+/).filter(Boolean);
    var keep = Object.keys(wanted).length ? this.filtered(words, wanted) : this.opened();
    var shown = 0, leaves = 0;
    this.rows.forEach(function (row, index) {
      row.hidden = !keep[index];
      if (row.dataset.leaf !== undefined) { leaves += 1; shown += keep[index] ? 1 : 0; }
    });
    var noun = this.table.dataset.noun || "indikator";
    this.say((Object.keys(wanted).length ? shown + " dari " : "") + leaves + " " + noun);
  };

  Tree.prototype.opened = function () {
    var keep = [], closedAt = Infinity;
    this.rows.forEach(function (row, index) {
      if (this.depth[index] <= closedAt) { closedAt = Infinity; }
      keep.push(closedAt === Infinity);
      if (closedAt === Infinity && this.isClosed(row)) { closedAt = this.depth[index]; }
    }, this);
    return keep;
  };

  Tree.prototype.filtered = function (words, wanted) {
    var keep = [], path = [], byText = Object.keys(wanted).length === 1 && words.length > 0, below = Infinity;
    this.rows.forEach(function (row, index) {
      var depth = this.depth[index];
      path.length = depth;
      path[depth] = index;
      if (depth <= below) { below = Infinity; }
      var hit = this.matches(index, words, wanted);
      keep[index] = hit || below !== Infinity;
      if (hit) {
        path.forEach(function (ancestor) { keep[ancestor] = true; });
        if (byText && below === Infinity) { below = depth; }
      }
    }, this);
    return keep;
  };

  Tree.prototype.say = function (text) {
    var place = this.box && this.box.querySelector("[data-filter-count]");
    if (place) { place.textContent = text; }
  };

  Tree.prototype.neighbour = function (toggle, step) {
    var toggles = Array.prototype.filter.call(this.table.querySelectorAll(".tree-toggle"), function (one) {
      return !one.closest("tr").hidden;
    });
    return toggles[toggles.indexOf(toggle) + step];
  };

  Tree.prototype.onKey = function (event) {
    var toggle = event.target.closest(".tree-toggle");
    if (!toggle) { return; }
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      this.setOpen(toggle.closest("tr"), event.key === "ArrowRight");
      this.draw();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      var next = this.neighbour(toggle, event.key === "ArrowDown" ? 1 : -1);
      if (next) { next.focus(); }
    } else { return; }
    event.preventDefault();
  };

  Tree.prototype.start = function () {
    var tree = this;
    this.table.addEventListener("click", function (event) {
      var toggle = event.target.closest(".tree-toggle");
      if (!toggle) { return; }
      tree.setOpen(toggle.closest("tr"), toggle.getAttribute("aria-expanded") === "false");
      tree.draw();
    });
    this.table.addEventListener("keydown", function (event) { tree.onKey(event); });
    if (this.box) {
      this.box.addEventListener("input", function () { tree.draw(); });
      this.box.querySelectorAll("[data-tree-all]").forEach(function (button) {
        button.addEventListener("click", function () { tree.setAll(button.dataset.treeAll === "open"); });
      });
    }
    if (this.rows.length > OPEN_AT_START) {
      this.rows.forEach(function (row) { tree.setOpen(row, row.dataset.keep !== undefined); });
    }
    this.draw();
  };

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("table[data-tree]").forEach(function (table) { new Tree(table).start(); });
  });
})();
