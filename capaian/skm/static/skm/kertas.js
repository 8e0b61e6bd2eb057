"use strict";
// The grid of paper sheets. Without this script the form is sent as a whole; with it digits move on by themselves, rows
// come by themselves, finished rows are saved in batches, and what is not saved yet stays on this device.
(() => {
  const form = document.getElementById("lembar");
  const body = form && form.querySelector("tbody");
  if (!body) return;
  const BATCH = 5;
  const keep = form.dataset.kertas ? `kertas:${form.dataset.kertas}` : "";
  const status = document.getElementById("kertas-status");
  const rows = () => [...body.querySelectorAll("tr[data-row]")];
  const fields = (row) => [...row.querySelectorAll("input:not([type=hidden]), select")];
  const keyOf = (row) => row.querySelector("input[name^='kunci-']").value;
  const reason = (row) => row.nextElementSibling;
  const isEmpty = (row) => fields(row).every((one) => !one.value.trim());
  const isBad = (row) => row.querySelector(".nilai.is-invalid") !== null;
  const nameOf = (one) => one.name.slice(0, one.name.lastIndexOf("-"));

  function say(text, bad) {
    if (!status) return;
    status.textContent = text;
    status.classList.toggle("is-bad", Boolean(bad));
  }

  // Not crypto.randomUUID, which is missing where the site runs without HTTPS inside an office.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  function addRow(key) {
    const last = rows().at(-1);
    const number = String(Number(last.querySelector("input[name=baris]").value) + 1);
    const row = last.cloneNode(true);
    const why = reason(last).cloneNode(true);
    row.querySelector("th").firstChild.nodeValue = number;
    for (const one of row.querySelectorAll("[name]")) {
      if (one.name === "baris") { one.value = number; continue; }
      one.name = `${nameOf(one)}-${number}`;
      one.value = one.name.startsWith("kunci-") ? key || newKey() : "";
      one.setAttribute("aria-label", (one.getAttribute("aria-label") || "").replace(/\d+$/, number));
    }
    body.append(row, why);
    mark(row, null);
    return row;
  }

  function mark(row, errors) {
    row.classList.toggle("is-wrong", Boolean(errors));
    for (const one of fields(row)) one.classList.toggle("is-invalid", Boolean(errors && errors[nameOf(one)]));
    reason(row).hidden = !errors;
    reason(row).firstElementChild.textContent = errors ? Object.values(errors).join(" ") : "";
  }

  function remember() {
    if (!keep) return;
    const typed = rows().filter((row) => !isEmpty(row)).map((row) =>
      [keyOf(row), Object.fromEntries(fields(row).filter((one) => one.value).map((one) => [nameOf(one), one.value]))]);
    try {
      if (typed.length) localStorage.setItem(keep, JSON.stringify(typed));
      else localStorage.removeItem(keep);
    } catch { /* A full or closed storage only loses the second copy. */ }
  }

  function recall() {
    let typed = [];
    try { typed = JSON.parse(localStorage.getItem(keep) || "[]"); } catch { return; }
    const here = new Set(rows().map(keyOf));
    const missing = typed.filter(([key]) => !here.has(key));
    for (const [key, values] of missing) {
      const row = rows().find(isEmpty) || addRow(key);
      row.querySelector("input[name^='kunci-']").value = key;
      for (const one of fields(row)) one.value = values[nameOf(one)] || "";
    }
    if (missing.length) say(`${missing.length} lembar yang belum tersimpan dikembalikan dari perangkat ini.`);
  }

  function step(from, by) {
    const row = from.closest("tr");
    const mine = fields(row);
    const next = mine[mine.indexOf(from) + by];
    if (next) focus(next);
  }

  function focus(one) {
    one.focus();
    if (one.select) one.select();
  }

  function nextRow(row) {
    const all = rows();
    const next = all[all.indexOf(row) + 1] || (keep ? addRow() : null);
    if (next) focus(fields(next)[0]);
    saveFinished(next);
  }

  let saving = false;
  function saveFinished(active) {
    if (!keep) return;
    const ready = rows().filter((row) => row !== active && !isEmpty(row) && !isBad(row) && !row.matches(".is-wrong"));
    if (ready.length >= BATCH) save(ready);
  }

  async function save(chosen) {
    if (saving || !chosen.length) return;
    saving = true;
    say(`Menyimpan ${chosen.length} lembar…`);
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "tanggal"]) data.append(name, form.elements[name].value);
    for (const row of chosen) for (const one of row.querySelectorAll("[name]")) data.append(one.name, one.value);
    try {
      const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (!(response.headers.get("Content-Type") || "").includes("json")) throw new Error(String(response.status));
      settle(await response.json());
    } catch {
      say("Belum tersimpan: server tidak terjangkau atau Anda perlu masuk lagi. Lembarnya tetap ada di perangkat ini; tekan Simpan lagi.", true);
    }
    saving = false;
  }

  function settle(answer) {
    const saved = new Set(answer.tersimpan);
    for (const row of rows()) {
      const key = keyOf(row);
      if (saved.has(key)) clear(row);
      else if (answer.salah[key]) mark(row, answer.salah[key]);
    }
    remember();
    document.getElementById("kertas-jumlah").textContent = answer.jumlah;
    const wrong = Object.keys(answer.salah).length;
    say(answer.pesan || `${saved.size} lembar disimpan.${wrong ? ` ${wrong} belum: lihat yang ditandai.` : ""}`, answer.pesan || wrong);
  }

  // An emptied row gets a new key: it is another sheet.
  function clear(row) {
    const held = row.contains(document.activeElement);
    if (rows().length > 10 && !held) { reason(row).remove(); row.remove(); return; }
    for (const one of fields(row)) one.value = "";
    row.querySelector("input[name^='kunci-']").value = newKey();
    mark(row, null);
  }

  body.addEventListener("input", (event) => {
    const one = event.target;
    if (one.matches(".nilai")) {
      const typed = one.value.trim();
      const digit = typed.slice(-1);
      if (/^[1-4]$/.test(digit)) {
        one.value = digit;
        one.classList.remove("is-invalid");
        step(one, 1);
      } else if (typed === "") {
        const skipped = one.value !== "";
        one.value = "";
        one.classList.remove("is-invalid");
        if (skipped) step(one, 1);
      } else {
        one.classList.add("is-invalid");
        say(`"${typed}" bukan 1–4; perbaiki, atau kosongkan.`, true);
      }
    }
    remember();
  });
  body.addEventListener("change", remember);
  body.addEventListener("keydown", (event) => {
    const one = event.target;
    const row = one.closest("tr[data-row]");
    if (!row) return;
    const at = fields(row).indexOf(one);
    const all = rows();
    if (event.key === "Enter") { event.preventDefault(); nextRow(row); return; }
    if (!one.matches(".nilai")) return;
    const beside = { ArrowUp: all[all.indexOf(row) - 1], ArrowDown: all[all.indexOf(row) + 1] }[event.key];
    if (beside) { event.preventDefault(); focus(fields(beside)[at]); }
    else if (event.key === "ArrowLeft" && at) { event.preventDefault(); step(one, -1); }
    else if (event.key === "ArrowRight") { event.preventDefault(); step(one, 1); }
  });
  if (!keep) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = rows().filter((row) => !isEmpty(row));
    if (typed.length) save(typed);
    else say("Belum ada lembar yang diisi.", true);
  });
  recall();
})();
