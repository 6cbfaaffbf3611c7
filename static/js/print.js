// The Print button of a document's paper page; without script, the browser's own menu prints it as well.
"use strict";

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
