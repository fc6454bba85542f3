"use strict";
// The theme button, the table of contents, and what printing needs. The page reads well without any of it.
const simPage = (() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const told = () => document.dispatchEvent(new CustomEvent("sim-theme", { detail: { dark: isDark() } }));

  const button = document.getElementById("theme");
  const name = () => { button.textContent = isDark() ? "Light" : "Dark"; button.setAttribute("aria-label", `${button.textContent} theme`); };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { sessionStorage.setItem("sim-theme", root.dataset.theme); } catch { /* not kept, but it holds for now */ }
    name();
    told();
  });
  system.addEventListener("change", () => { name(); told(); });
  name();

  const contents = document.querySelector(".toc details");
  const narrow = matchMedia("(max-width: 64rem)");
  const fold = () => { if (contents) contents.open = !narrow.matches; };
  narrow.addEventListener("change", fold);
  fold();

  const links = new Map([...document.querySelectorAll(".toc a")].map((a) => [a.hash.slice(1), a]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const a of links.values()) a.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "0px 0px -75% 0px" });
  for (const section of document.querySelectorAll("main > section[id]")) seen.observe(section);

  // What scrolls sideways can be scrolled from the keyboard.
  const reach = () => {
    for (const box of document.querySelectorAll("figure .scroll")) {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", `Figure, scrolls sideways: ${box.firstElementChild.alt.slice(0, 80)}`);
      } else for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  };
  addEventListener("resize", reach);
  reach();

  // On paper everything is open, and pictures further down must be loaded.
  const closed = [];
  addEventListener("beforeprint", () => {
    for (const img of document.querySelectorAll("img[loading=lazy]")) img.loading = "eager";
    for (const box of document.querySelectorAll("main details:not([open])")) { box.open = true; closed.push(box); }
  });
  addEventListener("afterprint", () => { for (const box of closed.splice(0)) box.open = false; });
  return { isDark };
})();
