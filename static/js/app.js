// What every page does: keys, palette, toasts, the menu of narrow screens. All texts come from the page.
import "./toasts.js";
import { pressed, showKeys } from "./keys.js";
import { openPalette } from "./palette.js";

document.addEventListener("palette:open", openPalette);

document.documentElement.classList.remove("no-js");

document.addEventListener("keydown", pressed);

// A long navigation shows where one is, also when that link lies below its edge.
document.querySelector(".nav ul [aria-current]")?.scrollIntoView({ block: "nearest" });

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a, summary");
  if (!target) return;
  if (target.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (target.matches("[data-palette-open]")) {
    openPalette();
  } else if (target.matches("[data-keys-open]")) {
    showKeys();
  } else if (target.matches("[data-nav-open]")) {
    const open = target.closest(".nav").toggleAttribute("data-open");
    target.setAttribute("aria-expanded", String(open));
  } else if (target.matches("[data-dialog]")) {
    document.getElementById(target.dataset.dialog)?.showModal();
  } else if (target.matches("[data-dialog-close]")) {
    target.closest("dialog")?.close();
  } else if (target.matches("[data-print]")) {
    window.print();
  }
}, true);

// A table wider than its place scrolls; the keyboard reaches it like the finger does.
function reachTables(where) {
  for (const wrap of where.querySelectorAll(".table-wrap")) {
    if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
  }
}
reachTables(document);
document.addEventListener("htmx:afterSettle", () => reachTables(document));
window.addEventListener("resize", () => reachTables(document));

// A select or checkbox marked so sends its form at once: filters need no button, yet keep one for those without script.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form?.requestSubmit();
});
