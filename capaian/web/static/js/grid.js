/* Grids of cells, the sheet of a unit and the overview of the office: they move like a spreadsheet, take a block pasted
 * from Excel, save each cell as one leaves it, and lose nothing. What the server has not confirmed stays in localStorage
 * with the value that the person saw (`base`), and is sent again when the line is back. A cell that somebody else has
 * changed since shows both values and lets the person choose. The table says where to save (`data-save`, absent where
 * nothing can be written) and under which key to keep (`data-keep`). */
(function () {
  "use strict";

  var CHUNK = 40, RETRY = 15000;
  var table, state, saveAll, offline, waiting = {}, touched = {}, sending = false, timer = null, afterwards = null;

  function cells() { return Array.prototype.slice.call(table.querySelectorAll(".cell")); }
  function find(name) { return table.querySelector('.cell[name="' + CSS.escape(name) + '"]'); }
  function value(input) { return input.value.trim(); }
  // A list takes what is pasted into it by its text or its beginning ("7"); what fits nothing is sent, and refused in words.
  function put(input, text) {
    if (input.tagName === "SELECT" && text) {
      var fits = Array.prototype.filter.call(input.options, function (one) {
        return one.value === text || one.value.split(" – ")[0] === text;
      })[0];
      if (!fits) { fits = new Option(text); input.add(fits); }
      text = fits.value;
    }
    input.value = text;
  }
  function isDirty(input) { return value(input) !== input.dataset.saved; }
  function base(input) { return input.dataset.base === undefined ? input.dataset.saved : input.dataset.base; }

  // --- what is not saved yet, kept in the browser -------------------------------------------------------------------

  function kept() {
    try { return JSON.parse(localStorage.getItem(table.dataset.keep)) || {}; } catch (error) { return {}; }
  }

  function store(found) {
    try {
      if (Object.keys(found).length) { localStorage.setItem(table.dataset.keep, JSON.stringify(found)); }
      else { localStorage.removeItem(table.dataset.keep); }
    } catch (error) { /* A full or forbidden store must not stop the typing. */ }
  }

  // What another tab keeps of this sheet, or what has no cell here any more, stays as it is.
  function keep() {
    var found = kept(), open = 0;
    cells().forEach(function (input) {
      if (isDirty(input)) {
        found[input.name] = { teks: input.value, base: base(input) };
        touched[input.name] = true;
        open += 1;
      } else {
        delete input.dataset.base;
        if (touched[input.name]) { delete found[input.name]; }
      }
    });
    store(found);
    return open;
  }

  function restore() {
    var found = kept(), count = 0, left = {};
    Object.keys(found).forEach(function (name) {
      var entry = typeof found[name] === "string" ? { teks: found[name] } : found[name], input = find(name);
      touched[name] = true;
      if (!input) { left[name] = entry; return; }
      if (input.dataset.saved === entry.teks.trim()) { return; }
      put(input, entry.teks);
      if (entry.base !== undefined && entry.base !== input.dataset.saved) { input.dataset.base = entry.base; }
      mark(input);
      waiting[name] = input;
      count += 1;
    });
    showLeft(left);
    refresh();
    if (count) {
      say(count + " isian yang belum tersimpan dipulihkan; sedang dikirim ulang.", "warn");
      send();
    }
  }

  // Values typed before the sheet was closed: they are shown, and go only when the person throws them away.
  function showLeft(left) {
    var place = document.getElementById("tertinggal"), list = document.createElement("ul"), names = [];
    Object.keys(left).forEach(function (name) {
      var fixed = table.querySelector('[data-fixed="' + CSS.escape(name) + '"]');
      var row = fixed && fixed.closest("tr"), line = document.createElement("li");
      if (fixed && fixed.dataset.saved === left[name].teks.trim()) { forget([name]); return; }
      line.textContent = (row ? row.dataset.label : name) + ": " + (left[name].teks.trim() || "(dikosongkan)");
      list.appendChild(line);
      names.push(name);
    });
    if (!place || !names.length) { return; }
    place.className = "alert alert-warning";
    place.textContent = names.length + " nilai yang Anda ketik belum tersimpan, sebab selnya tidak dapat diisi sekarang. Catat, atau minta isian dibuka kembali:";
    place.appendChild(list);
    place.appendChild(button("Buang nilai ini", function () { forget(names); place.hidden = true; }));
    place.hidden = false;
  }

  function forget(names) {
    var found = kept();
    names.forEach(function (name) { delete found[name]; });
    store(found);
  }

  // --- telling -------------------------------------------------------------------------------------------------------

  function say(text, tone) {
    if (!state) { return; }
    state.textContent = text;
    state.dataset.tone = tone || "";
  }

  function button(text, action) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", action);
    return made;
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

  function showBox(input, text, buttons) {
    clearError(input);
    var box = document.createElement("span"), choices = document.createElement("span");
    box.className = "cell-error";
    box.id = "e-" + cells().indexOf(input);
    box.setAttribute("role", "alert");
    box.textContent = text;
    choices.className = "cell-readings";
    buttons.forEach(function (one) { choices.appendChild(one); });
    if (buttons.length) { box.appendChild(choices); }
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", box.id);
    input.parentNode.appendChild(box);
  }

  function showRefusal(input, answer) {
    showBox(input, answer.message, answer.readings.map(function (reading) {
      return button(reading[0], function () {
        put(input, reading[1]);
        input.focus();
        clearError(input);
        queue([input]);
      });
    }));
  }

  function showConflict(input, answer) {
    var seen = base(input), told = [answer.by, answer.at].filter(Boolean).join(", ");
    setSaved(input, answer.teks);
    input.dataset.base = seen;
    showBox(input, "Tersimpan: " + (answer.teks || "kosong") + (told ? " (" + told + ")" : "") + " · Anda: " + (value(input) || "kosong"), [
      button("Pakai nilai tersimpan", function () { put(input, input.dataset.saved); choose(input); }),
      button("Pakai nilai saya", function () { choose(input); }),
    ]);
  }

  // From here on the person has seen the stored value: what is sent next may replace it.
  function choose(input) {
    delete input.dataset.base;
    input.focus();
    clearError(input);
    queue([input]);
    if (!isDirty(input)) { input.classList.add("is-saved"); idle(); }
  }

  function setSaved(input, teks) {
    var place = document.getElementById("terisi"), step = (teks !== "" ? 1 : 0) - (input.dataset.saved !== "" ? 1 : 0);
    input.dataset.saved = teks;
    if (!place || !step || (table.dataset.tw && table.dataset.tw !== input.dataset.col)) { return; }
    var told = place.querySelector("[data-filled-text]"), of = Number(place.dataset.of), filled = Number(told.textContent) + step;
    told.textContent = filled;
    place.querySelector("progress").value = of ? Math.floor(filled * 100 / of) : 0;
  }

  // --- saving --------------------------------------------------------------------------------------------------------

  function queue(inputs) {
    inputs.forEach(function (input) {
      if (isDirty(input)) { waiting[input.name] = input; } else { delete waiting[input.name]; }
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
      return { kunci: input.name, teks: value(input), base: base(input) };
    });
    names.forEach(function (name) { delete waiting[name]; });
    say("Menyimpan " + sent.length + " sel…");
    fetch(table.dataset.save, {
      method: "POST",
      redirect: "manual",
      credentials: "same-origin",
      headers: Object.assign({ "Content-Type": "application/json" }, JSON.parse(document.body.getAttribute("hx-headers") || "{}")),
      body: JSON.stringify({ tw: Number(table.dataset.tw || 0), cells: sent }),
    }).then(read).then(function (answer) {
      finish(batch);
      if (answer.cells) { take(answer, sent); } else { locked(answer.message); }
    }, function (error) { finish(batch); lost(batch, error); });
  }

  function read(response) {
    if (response.type === "opaqueredirect" || response.status === 403) { throw new Error("akses"); }
    if (!response.ok && response.status !== 409) { throw new Error("server"); }
    return response.json();
  }

  function finish(batch) {
    sending = false;
    batch.forEach(function (input) { input.classList.remove("is-saving"); });
  }

  function take(answer, sent) {
    offline.hidden = true;
    answer.cells.forEach(function (cell, index) {
      var input = find(cell.kunci);
      if (!input) { return; }
      if (cell.status === "refused") { showRefusal(input, cell); return; }
      if (cell.status === "conflict") { showConflict(input, cell); return; }
      clearError(input);
      setSaved(input, cell.teks);
      delete input.dataset.base;
      // Somebody may have typed on while the answer was under way; that newer value waits for its own turn.
      if (value(input) === sent[index].teks) { put(input, cell.teks); input.classList.add("is-saved"); }
      mark(input);
    });
    answer.rows.forEach(drawRow);
    drawPanel(answer.panel);
    refresh();
    if (Object.keys(waiting).length) { send(); return; }
    idle();
  }

  // Nothing is under way: how things stand, and what was waiting for that.
  function idle() {
    var open = refresh(), wrong = cells().filter(function (input) { return input.hasAttribute("aria-invalid"); }).length;
    if (wrong) { say(wrong + " sel perlu keputusan Anda; baca keterangan di bawah selnya.", "bad"); }
    else { say(open ? open + " sel belum tersimpan." : "Semua tersimpan.", open ? "warn" : ""); }
    var form = afterwards;
    afterwards = null;
    if (form && !open) { form.submit(); }
  }

  function drawRow(row) {
    var line = table.querySelector('tr[data-row="' + CSS.escape(String(row.id)) + '"]');
    if (!line) { return; }
    line.dataset.status = row.status;
    Object.keys(row.parts).forEach(function (place) {
      var cell = line.querySelector('[data-place="' + place + '"]');
      if (!cell) { return; }
      cell.innerHTML = row.parts[place];
      window.htmx.process(cell);
    });
    Object.keys(row.placeholders || {}).forEach(function (name) {
      var input = find(name);
      if (input) { input.placeholder = row.placeholders[name]; }
    });
  }

  // Where the sheet stands now; not under the hand of somebody who is just pressing a button in it.
  function drawPanel(html) {
    var panel = document.getElementById("panel");
    if (!html || !panel || panel.matches(":active, :focus-within")) { return; }
    panel.innerHTML = html;
    window.htmx.process(panel);
  }

  function locked(message) {
    afterwards = null;
    var open = refresh();
    say(open + " sel tidak tersimpan dan tetap ada di peramban ini. " + message, "bad");
  }

  function lost(batch, error) {
    batch.forEach(function (input) { if (isDirty(input)) { waiting[input.name] = input; } });
    afterwards = null;
    var open = refresh();
    if (error.message === "akses") {
      say("Sesi berakhir atau hak berubah. Masuk lagi di tab lain, lalu tekan Simpan semua; " + open + " isian tetap ada.", "bad");
      return;
    }
    offline.hidden = false;
    say("Server tidak terjangkau: " + open + " isian disimpan di peramban ini dan dikirim ulang sendiri.", "bad");
    clearTimeout(timer);
    timer = setTimeout(send, RETRY);
  }

  // --- moving --------------------------------------------------------------------------------------------------------

  function visibleRows() {
    return Array.prototype.filter.call(table.tBodies[0].rows, function (row) {
      return !row.hidden && row.querySelector(".cell");
    });
  }

  function inColumn(row, column) { return row.querySelector('.cell[data-col="' + column + '"]'); }

  function move(input, rows, columns) {
    var lines = visibleRows(), at = lines.indexOf(input.closest("tr"));
    var target = null;
    if (rows) {
      for (var i = at + rows; i >= 0 && i < lines.length && !target; i += rows) { target = inColumn(lines[i], input.dataset.col); }
    } else {
      var row = Array.prototype.slice.call(lines[at].querySelectorAll(".cell"));
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
    var input = event.target.closest(".cell");
    if (!input || event.ctrlKey || event.metaKey || event.altKey) { return; }
    // In a list of choices the arrows choose.
    if (input.tagName === "SELECT" && event.key.indexOf("Arrow") === 0) { return; }
    var moved = true;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) {
      if (!move(input, 1, 0) && event.key === "Enter") { queue([input]); }
    }
    else if (event.key === "ArrowUp" || event.key === "Enter") { move(input, -1, 0); }
    else if (event.key === "ArrowRight" && atEdge(input, false)) { moved = move(input, 0, 1); }
    else if (event.key === "ArrowLeft" && atEdge(input, true)) { moved = move(input, 0, -1); }
    else if (event.key === "Escape") { put(input, input.dataset.saved); clearError(input); queue([input]); idle(); }
    else { return; }
    if (moved) { event.preventDefault(); }
  }

  // --- pasting -------------------------------------------------------------------------------------------------------

  function onPaste(event) {
    var input = event.target.closest(".cell");
    var text = (event.clipboardData || window.clipboardData).getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!input || !/[\t\n]/.test(text)) { return; }
    event.preventDefault();
    var columns = Array.prototype.map.call(input.closest("tr").querySelectorAll(".cell"), function (one) { return one.dataset.col; });
    columns = columns.slice(columns.indexOf(input.dataset.col));
    var lines = visibleRows(), at = lines.indexOf(input.closest("tr")), filled = [], dropped = 0;
    text.split("\n").forEach(function (line, down) {
      line.split("\t").forEach(function (pasted, right) {
        var row = lines[at + down];
        var target = row && columns[right] !== undefined && inColumn(row, columns[right]);
        if (!target) { dropped += pasted.trim() ? 1 : 0; return; }
        put(target, pasted.trim());
        clearError(target);
        filled.push(target);
      });
    });
    queue(filled);
    if (dropped) { say(dropped + " nilai di luar kisi tidak ditempel.", "warn"); }
  }

  // --- start ---------------------------------------------------------------------------------------------------------

  function onLeave(event) {
    var input = event.target;
    if (input.matches(".cell") && isDirty(input) && !input.hasAttribute("aria-invalid")) { queue([input]); }
  }

  function onInput(event) {
    if (!event.target.matches(".cell")) { return; }
    clearError(event.target);
    mark(event.target);
    refresh();
  }

  // A step of the sheet waits until what was typed is stored.
  function onStep(event) {
    if (!event.target.matches("[data-step]") || (!sending && !cells().some(isDirty))) { return; }
    event.preventDefault();
    afterwards = event.target;
    queue(cells().filter(isDirty));
    if (!sending) { idle(); }
  }

  function listen() {
    table.addEventListener("keydown", onKey);
    table.addEventListener("paste", onPaste);
    table.addEventListener("focusin", function (event) { if (event.target.matches("input.cell")) { event.target.select(); } });
    table.addEventListener("input", onInput);
    table.addEventListener("change", function (event) { if (event.target.matches("select.cell")) { queue([event.target]); } });
    table.addEventListener("focusout", onLeave);
    document.addEventListener("submit", onStep);
    if (saveAll) { saveAll.addEventListener("click", function () { queue(cells().filter(isDirty)); }); }
    window.addEventListener("online", function () { offline.hidden = true; send(); });
    window.addEventListener("offline", function () { offline.hidden = false; });
    window.addEventListener("beforeunload", function (event) {
      if (sending || cells().some(isDirty)) { event.preventDefault(); }
    });
  }

  function start() {
    table = document.querySelector("table[data-keep]");
    if (!table) { return; }
    state = document.getElementById("keadaan");
    saveAll = document.getElementById("simpan-semua");
    offline = document.getElementById("luring");
    if (table.dataset.save) { listen(); }
    restore();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
