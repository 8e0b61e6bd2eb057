/* What every page does: the trace drawer, boxes that scroll by keyboard, and a word when a request fails. */
(function () {
  "use strict";

  function drawer() { return document.getElementById("jejak"); }

  // A figure asks for its trace by htmx; the drawer opens at once and says that it is working.
  document.addEventListener("htmx:beforeRequest", function (event) {
    var target = event.detail.target;
    if (!target || target.id !== "jejak-isi") { return; }
    // What is fetched may name the drawer otherwise, out of band.
    document.getElementById("jejak-judul").textContent = "Jejak hitung";
    target.textContent = "Memuat…";
    drawer().capaianOpener = event.detail.elt;
    window.bootstrap.Offcanvas.getOrCreateInstance(drawer()).show(event.detail.elt);
  });

  document.addEventListener("hidden.bs.offcanvas", function (event) {
    if (event.target.id === "jejak" && event.target.capaianOpener) { event.target.capaianOpener.focus(); }
  });

  // A box that scrolls and holds nothing to tab to is reached by keyboard itself, under the name of what it shows.
  function nameOf(box) {
    var caption = box.querySelector("caption"), section = box.closest("section, figure, article");
    var heading = section && section.querySelector("h2, h3, figcaption");
    return (caption || heading || document.querySelector("h1")).textContent.trim();
  }

  function reach(box) {
    var scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (!scrolls) { box.removeAttribute("tabindex"); box.removeAttribute("role"); return; }
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", nameOf(box) + ", dapat digulir");
  }

  var sizes = new ResizeObserver(function (entries) { entries.forEach(function (entry) { reach(entry.target); }); });

  function watch(root) { root.querySelectorAll(".table-wrap, .doc-scroll").forEach(function (box) { sizes.observe(box); }); }

  // The navigation is longer than a small screen: it opens where the page is.
  function showPlace() {
    var list = document.querySelector(".sidenav nav"), entry = list && list.querySelector("a.active");
    if (!entry || list.scrollHeight <= list.clientHeight) { return; }
    list.scrollTop += entry.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 2;
  }

  document.addEventListener("DOMContentLoaded", function () { watch(document); showPlace(); });
  document.addEventListener("shown.bs.offcanvas", showPlace);
  document.addEventListener("htmx:load", function (event) { watch(event.detail.elt); });

  // What was added in the drawer is counted on the page behind it as well.
  document.addEventListener("htmx:load", function (event) {
    var told = event.detail.elt.closest("[data-told]") || event.detail.elt.querySelector("[data-told]");
    if (!told) { return; }
    document.querySelectorAll('[data-count="' + told.dataset.told + '"]').forEach(function (place) {
      if (place.dataset.objek === told.dataset.objek) { place.textContent = told.dataset.number; }
    });
  });

  function say(text) {
    var place = document.getElementById("pesan");
    if (!place) { return; }
    var box = document.createElement("div");
    box.className = "alert alert-danger";
    box.setAttribute("role", "alert");
    box.textContent = text;
    place.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  }

  function fail(event, text) {
    var target = event.detail.target;
    if (target && target.id === "jejak-isi") { target.textContent = text; } else { say(text); }
  }

  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (status === 403) { fail(event, "Akun ini tidak berhak melakukan itu."); }
    else if (status === 404) { fail(event, "Data itu tidak ada lagi. Muat ulang halaman."); }
    else if (status === 429) { fail(event, "Terlalu banyak permintaan dalam satu menit; tidak ada yang berubah. Tunggu sebentar, lalu coba lagi."); }
    else { fail(event, "Permintaan gagal di server (kode " + status + "). Coba lagi; isian Anda masih ada di halaman."); }
  });

  document.addEventListener("htmx:sendError", function (event) {
    fail(event, "Server tidak terjangkau. Periksa sambungan, lalu coba lagi; isian Anda masih ada di halaman.");
  });
})();
