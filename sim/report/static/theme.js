"use strict";
// Before anything is painted: the theme that was chosen on this page before, if the browser lets it be kept.
(() => {
  document.documentElement.classList.add("js");
  try {
    const kept = sessionStorage.getItem("sim-theme");
    if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  } catch { /* pages opened from disk may have no storage: the system's theme holds */ }
})();
