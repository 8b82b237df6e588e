// One field for everything: actions of this page (with their keys), pages, and cases found by the server.
import { act, actions } from "./keys.js";

const dialog = document.getElementById("palette");
const field = dialog?.querySelector("input");
const list = document.getElementById("palette-list");
let asked = 0;
let timer = 0;
let offered = [];

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// Letters of `wanted` in order inside `text`, one of them may be wrong: "proimse" still finds "Promise".
function matches(text, wanted) {
  const [hay, needle] = [fold(text), fold(wanted)];
  if (hay.includes(needle)) return true;
  if (needle.length < 4) return false;
  return [...needle].some((_, i) => hay.includes(needle.slice(0, i) + needle.slice(i + 1))
    || hay.includes(needle.slice(0, i) + (needle[i + 1] ?? "") + needle[i] + needle.slice(i + 2)));
}

function option({ label, hint = "", key = "", href = null, run = null }) {
  const item = document.createElement(href ? "a" : "div");
  if (href) item.href = href;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.tabIndex = -1;
  item.append(Object.assign(document.createElement("span"), { textContent: label }));
  if (hint) item.append(Object.assign(document.createElement("span"), { textContent: hint, className: "push" }));
  if (key) item.append(Object.assign(document.createElement("kbd"), { textContent: key, className: hint ? "kbd" : "kbd push" }));
  if (run) item.addEventListener("click", () => { dialog.close(); run(); });
  return item;
}

function group(title, items) {
  if (!items.length) return [];
  const box = document.createElement("div");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", title);
  box.append(Object.assign(document.createElement("span"), { textContent: title }), ...items);
  return [box];
}

function show(cases) {
  const wanted = field.value.trim();
  const text = dialog.dataset;
  const here = offered.filter((a) => !wanted || matches(a.label, wanted))
    .map((a) => option({ label: a.label, key: a.key, run: () => act(a.element) }));
  const pages = [...document.querySelectorAll(".nav [data-go], .nav ul .nav-link")].filter((link, i, all) => all.indexOf(link) === i)
    .filter((link) => !wanted || matches(link.title, wanted))
    .map((link) => option({ label: link.title, key: link.dataset.go ? `g ${link.dataset.go}` : "", href: link.href }));
  const found = cases.map((c) => option({ label: c.label, hint: c.hint, href: c.url }));
  const parts = [...group(text.groupCases, found), ...group(text.groupActions, here.slice(0, 12)), ...group(text.groupPages, pages)];
  list.replaceChildren(...parts);
  if (!parts.length) list.append(Object.assign(document.createElement("p"), { textContent: text.none, className: "muted small" }));
  select(0);
}

function select(index) {
  const all = [...list.querySelectorAll("[role=option]")];
  const at = Math.max(0, Math.min(index, all.length - 1));
  all.forEach((item, i) => {
    item.id = `palette-${i}`;
    item.setAttribute("aria-selected", String(i === at));
  });
  field.setAttribute("aria-activedescendant", all.length ? `palette-${at}` : "");
  all[at]?.scrollIntoView({ block: "nearest" });
  return all[at];
}

async function ask() {
  const [wanted, mine] = [field.value.trim(), ++asked];
  if (!dialog.dataset.url || wanted.length < 2) return show([]);
  const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(wanted)}`, { headers: { Accept: "application/json" } });
  if (mine !== asked) return undefined;
  return show(answer.ok ? (await answer.json()).cases : []);
}

export function openPalette() {
  if (!dialog || dialog.open) return;
  offered = actions();
  field.value = "";
  dialog.showModal();
  show([]);
  field.focus();
}

field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 80);
});
field?.addEventListener("keydown", (event) => {
  const all = [...list.querySelectorAll("[role=option]")];
  const at = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") select((at + 1) % all.length);
  else if (event.key === "ArrowUp") select((at - 1 + all.length) % all.length);
  else if (event.key === "Enter") {
    if (all.length) all[Math.max(at, 0)].click();
  } else return;
  event.preventDefault();
});
dialog?.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
