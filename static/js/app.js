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

// A table wider than its place becomes cards on a phone; elsewhere it scrolls, and the keyboard reaches it like the finger does.
const phone = matchMedia("(max-width: 30rem)");

function reachTables() {
  for (const wrap of document.querySelectorAll(".table-wrap:not(.as-cards)")) {
    if (wrap.scrollWidth <= wrap.clientWidth) continue;
    if (phone.matches && isPlain(wrap)) makeCards(wrap);
    else wrap.tabIndex = 0;
  }
}

// At most one row of heads, and no controls in it, which cards would hide.
function isPlain(wrap) {
  return wrap.querySelectorAll("thead tr").length < 2 && !wrap.querySelector("[rowspan], thead a, thead button, thead input");
}

function makeCards(wrap) {
  const heads = [...wrap.querySelectorAll("thead th")].map((head) => head.querySelector(".visually-hidden") ? "" : head.textContent.trim());
  for (const row of wrap.querySelectorAll("tbody tr, tfoot tr")) {
    let column = 0;
    for (const cell of row.cells) {
      const filled = cell.textContent.trim() || cell.childElementCount;
      if (cell.matches("td:not([data-label], [colspan])") && heads[column] && filled) cell.dataset.label = heads[column];
      column += cell.colSpan;
    }
  }
  wrap.classList.add("as-cards");
}

reachTables();
document.addEventListener("htmx:afterSettle", reachTables);
document.addEventListener("toggle", reachTables, true);
window.addEventListener("resize", reachTables);

// A select or checkbox marked so sends its form at once: filters need no button, yet keep one for those without script.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form?.requestSubmit();
});
