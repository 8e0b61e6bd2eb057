/* Unggah Excel: a file dropped on the zone is chosen, its name shown; a form that is on its way is not sent again. */
(function () {
  "use strict";

  function show(zone, input) {
    var file = input.files[0], name = zone.querySelector("[data-file-name]");
    if (file && name) { name.textContent = file.name; }
  }

  document.querySelectorAll("[data-dropzone]").forEach(function (zone) {
    var input = zone.querySelector("input[type=file]");
    // The zone says which file was chosen; the browser's own control would say it twice, in another language.
    input.classList.add("visually-hidden");
    input.addEventListener("change", function () { show(zone, input); });
    ["dragenter", "dragover"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) { event.preventDefault(); zone.classList.add("is-over"); });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) { event.preventDefault(); zone.classList.remove("is-over"); });
    });
    zone.addEventListener("drop", function (event) {
      if (!event.dataTransfer.files.length) { return; }
      input.files = event.dataTransfer.files;
      show(zone, input);
    });
  });

  document.querySelectorAll("form[data-once], form[data-excel-upload]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
    });
  });
  // Back in the history the page comes as it was left.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
}());
