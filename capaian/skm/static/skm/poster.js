"use strict";
// Without scripts the browser's own menu prints; the button is there only where it works.
const button = document.getElementById("cetak");
button.hidden = false;
button.addEventListener("click", () => window.print());
