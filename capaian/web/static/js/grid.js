/* The entry grid: moves like a spreadsheet, takes a block pasted from Excel, saves each cell as one leaves it, and loses
 * nothing: what the server has not confirmed stays in localStorage and is sent again when the line is back. */
(function () {
  "use strict";

  var CHUNK = 40, RETRY = 15000;
  var table, state, saveAll, waiting = {}, sending = false, timer = null;

  function key(input) { return input.name; }
  function cells() { return Array.prototype.slice.call(table.querySelectorAll("input.cell")); }
  function find(indikator, periode) { return table.querySelector('input.cell[name="c' + indikator + "-" + periode + '"]'); }
  function isDirty(input) { return input.value.trim() !== input.dataset.saved; }

  // --- what is not saved yet, kept in the browser -------------------------------------------------------------------

  function kept() {
    try { return JSON.parse(localStorage.getItem(table.dataset.keep)) || {}; } catch (error) { return {}; }
  }

  function keep() {
    var found = {};
    cells().forEach(function (input) { if (isDirty(input)) { found[key(input)] = input.value; } });
    try {
      if (Object.keys(found).length) { localStorage.setItem(table.dataset.keep, JSON.stringify(found)); }
      else { localStorage.removeItem(table.dataset.keep); }
    } catch (error) { /* A full or forbidden store must not stop the typing. */ }
    return Object.keys(found).length;
  }

  function restore() {
    var found = kept(), count = 0;
    Object.keys(found).forEach(function (name) {
      var input = table.querySelector('input.cell[name="' + name + '"]');
      if (!input || input.dataset.saved === found[name]) { return; }
      input.value = found[name];
      mark(input);
      waiting[name] = input;
      count += 1;
    });
    if (count) {
      say(count + " isian yang belum tersimpan dipulihkan; sedang dikirim ulang.", "warn");
      send();
    }
  }

  // --- telling -------------------------------------------------------------------------------------------------------

  function say(text, tone) {
    state.textContent = text;
    state.dataset.tone = tone || "";
  }

  function mark(input) {
    input.classList.toggle("is-dirty", isDirty(input));
    if (isDirty(input)) { input.classList.remove("is-saved"); }
  }

  function refresh() {
    var open = keep();
    if (saveAll) { saveAll.disabled = open === 0; }
    return open;
  }

  function clearError(input) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    var box = input.parentNode.querySelector(".cell-error");
    if (box) { box.remove(); }
  }

  function showError(input, answer) {
    clearError(input);
    var box = document.createElement("span");
    box.className = "cell-error";
    box.id = "e-" + input.name;
    box.setAttribute("role", "alert");
    box.textContent = answer.message;
    if (answer.readings.length) {
      var choices = document.createElement("span");
      choices.className = "cell-readings";
      answer.readings.forEach(function (reading) {
        var button = document.createElement("button");
        button.type = "button";
        button.textContent = reading[0];
        button.addEventListener("click", function () {
          input.value = reading[1];
          input.focus();
          clearError(input);
          queue([input]);
        });
        choices.appendChild(button);
      });
      box.appendChild(choices);
    }
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", box.id);
    input.parentNode.appendChild(box);
  }

  function progress() {
    var place = document.getElementById("terisi"), of = Number(place.dataset.of), filled = 0;
    table.querySelectorAll('input.cell[data-periode="' + table.dataset.tw + '"]').forEach(function (input) {
      if (input.dataset.saved !== "") { filled += 1; }
    });
    place.querySelector("[data-filled-text]").textContent = filled;
    place.querySelector("progress").value = of ? Math.floor(filled * 100 / of) : 0;
  }

  // --- saving --------------------------------------------------------------------------------------------------------

  function queue(inputs) {
    inputs.forEach(function (input) {
      if (isDirty(input)) { waiting[key(input)] = input; } else { delete waiting[key(input)]; }
      mark(input);
    });
    refresh();
    send();
  }

  function send() {
    var names = Object.keys(waiting).slice(0, CHUNK);
    if (sending || !names.length) { return; }
    sending = true;
    var batch = names.map(function (name) { return waiting[name]; });
    var sent = batch.map(function (input) {
      input.classList.add("is-saving");
      return { indikator: Number(input.closest("tr").dataset.indikator), periode: Number(input.dataset.periode), teks: input.value.trim() };
    });
    names.forEach(function (name) { delete waiting[name]; });
    say("Menyimpan " + sent.length + " sel…");
    fetch(table.dataset.save, {
      method: "POST",
      redirect: "manual",
      credentials: "same-origin",
      headers: Object.assign({ "Content-Type": "application/json" }, JSON.parse(document.body.getAttribute("hx-headers") || "{}")),
      body: JSON.stringify({ tw: Number(table.dataset.tw), cells: sent }),
    }).then(function (response) {
      if (response.type === "opaqueredirect" || response.status === 403) { throw new Error("akses"); }
      if (!response.ok) { throw new Error("server"); }
      return response.json();
    }).then(function (answer) { finish(batch); take(answer, sent); }, function (error) { finish(batch); lost(batch, error); });
  }

  function finish(batch) {
    sending = false;
    batch.forEach(function (input) { input.classList.remove("is-saving"); });
  }

  function take(answer, sent) {
    var refused = 0;
    answer.cells.forEach(function (cell, index) {
      var input = find(cell.indikator, cell.periode);
      if (!input) { return; }
      if (!cell.ok) { refused += 1; showError(input, cell); return; }
      clearError(input);
      input.dataset.saved = cell.teks;
      // Somebody may have typed on while the answer was under way; that newer value waits for its own turn.
      if (input.value.trim() === sent[index].teks) { input.value = cell.teks; input.classList.add("is-saved"); }
      mark(input);
    });
    answer.rows.forEach(drawRow);
    progress();
    var open = refresh();
    if (Object.keys(waiting).length) { send(); return; }
    if (refused) { say(refused + " sel ditolak; baca keterangan di bawah selnya.", "bad"); }
    else { say(open ? open + " sel belum tersimpan." : "Semua tersimpan.", open ? "warn" : ""); }
  }

  function drawRow(row) {
    var line = table.querySelector('tr[data-indikator="' + row.indikator + '"]');
    if (!line) { return; }
    line.dataset.status = row.status;
    ["triwulan", "tahun"].forEach(function (place) {
      var cell = line.querySelector('[data-place="' + place + '"]');
      cell.innerHTML = row[place];
      window.htmx.process(cell);
    });
    var year = find(row.indikator, 0);
    if (year) { year.placeholder = row.joined; }
  }

  function lost(batch, error) {
    batch.forEach(function (input) { if (isDirty(input)) { waiting[key(input)] = input; } });
    var open = refresh();
    if (error.message === "akses") {
      say("Sesi berakhir atau hak berubah. Masuk lagi di tab lain, lalu tekan Simpan semua; " + open + " isian tetap ada.", "bad");
      return;
    }
    say("Server tidak terjangkau: " + open + " isian disimpan di peramban ini dan dikirim ulang sendiri.", "bad");
    clearTimeout(timer);
    timer = setTimeout(send, RETRY);
  }

  // --- moving --------------------------------------------------------------------------------------------------------

  function visibleRows() {
    return Array.prototype.filter.call(table.tBodies[0].rows, function (row) {
      return !row.hidden && row.querySelector("input.cell");
    });
  }

  function move(input, rows, columns) {
    var lines = visibleRows(), at = lines.indexOf(input.closest("tr"));
    var target = null;
    if (rows) {
      for (var i = at + rows; i >= 0 && i < lines.length && !target; i += rows) {
        target = lines[i].querySelector('input.cell[data-periode="' + input.dataset.periode + '"]');
      }
    } else {
      var row = Array.prototype.slice.call(lines[at].querySelectorAll("input.cell"));
      target = row[row.indexOf(input) + columns];
    }
    if (target) { target.focus(); target.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    return Boolean(target);
  }

  // Left and right leave the cell only at its edge, so that a text can still be edited.
  function atEdge(input, left) {
    var all = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    return all || (left ? input.selectionEnd === 0 : input.selectionStart === input.value.length);
  }

  function onKey(event) {
    var input = event.target.closest("input.cell");
    if (!input || event.ctrlKey || event.metaKey || event.altKey) { return; }
    var moved = true;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) {
      if (!move(input, 1, 0) && event.key === "Enter") { queue([input]); }
    }
    else if (event.key === "ArrowUp" || event.key === "Enter") { move(input, -1, 0); }
    else if (event.key === "ArrowRight" && atEdge(input, false)) { moved = move(input, 0, 1); }
    else if (event.key === "ArrowLeft" && atEdge(input, true)) { moved = move(input, 0, -1); }
    else if (event.key === "Escape") { input.value = input.dataset.saved; clearError(input); queue([input]); }
    else { return; }
    if (moved) { event.preventDefault(); }
  }

  // --- pasting -------------------------------------------------------------------------------------------------------

  function onPaste(event) {
    var input = event.target.closest("input.cell");
    var text = (event.clipboardData || window.clipboardData).getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!input || !/[\t\n]/.test(text)) { return; }
    event.preventDefault();
    var columns = Array.prototype.map.call(input.closest("tr").querySelectorAll("input.cell"), function (one) { return one.dataset.periode; });
    columns = columns.slice(columns.indexOf(input.dataset.periode));
    var lines = visibleRows(), at = lines.indexOf(input.closest("tr")), filled = [], dropped = 0;
    text.split("\n").forEach(function (line, down) {
      line.split("\t").forEach(function (value, right) {
        var row = lines[at + down];
        var target = row && columns[right] !== undefined && row.querySelector('input.cell[data-periode="' + columns[right] + '"]');
        if (!target) { dropped += value.trim() ? 1 : 0; return; }
        target.value = value.trim();
        clearError(target);
        filled.push(target);
      });
    });
    queue(filled);
    if (dropped) { say(dropped + " nilai di luar kisi tidak ditempel.", "warn"); }
  }

  // --- start ---------------------------------------------------------------------------------------------------------

  function start() {
    table = document.querySelector("table[data-save]");
    if (!table) { return; }
    state = document.getElementById("keadaan");
    saveAll = document.getElementById("simpan-semua");
    table.addEventListener("keydown", onKey);
    table.addEventListener("paste", onPaste);
    table.addEventListener("focusin", function (event) { if (event.target.matches("input.cell")) { event.target.select(); } });
    table.addEventListener("input", function (event) {
      if (!event.target.matches("input.cell")) { return; }
      clearError(event.target);
      mark(event.target);
      refresh();
    });
    table.addEventListener("focusout", function (event) {
      if (event.target.matches("input.cell") && isDirty(event.target) && !event.target.hasAttribute("aria-invalid")) { queue([event.target]); }
    });
    if (saveAll) {
      saveAll.addEventListener("click", function () { queue(cells().filter(isDirty)); });
    }
    window.addEventListener("online", send);
    restore();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
