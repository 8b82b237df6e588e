// Plain-letter keys. An element says its key in data-key ("n", or a sequence "c 2"); pressing it clicks, opens or focuses
// the element. Keys are matched by the letter typed (event.key), whatever the keyboard layout, and rest inside fields.

// The palette imports this module, so it is asked by an event: modules that import each other get no stable hash.
const openPalette = () => document.dispatchEvent(new CustomEvent("palette:open"));

const SEQUENCE_MS = 700;
let prefix = "";
let timer = 0;

const off = () => document.body.dataset.keys === "off";
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const typing = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])");

export function keyed() {
  const scope = document.querySelector("dialog[open]") ?? document;
  return [...scope.querySelectorAll("[data-key]")].filter(visible);
}

const keysOf = (element) => element.dataset.key.split("|");
const leads = (key) => keyed().some((element) => keysOf(element).some((own) => own.startsWith(`${key} `)));

// An open part of the page comes before the page: its keys win.
function find(key) {
  const fitting = keyed().filter((element) => keysOf(element).includes(key));
  return fitting.find((element) => element.closest("details[open]") && !element.matches("details")) ?? fitting[0];
}

export function act(element) {
  if (element.matches("details")) {
    element.open = true;
    const first = element.querySelector("[data-first], textarea, input:not([type=hidden]), select, a, button:not(summary)") ?? element;
    first.focus();
    first.select?.();
  } else if (element.matches("input, textarea, select, [data-key-focus]")) {
    element.focus();
    element.select?.();
  } else if (element.getAttribute("aria-disabled") === "true") {
    element.focus(); // its description says why, and until when
  } else {
    element.click();
  }
}

function forget() {
  clearTimeout(timer);
  prefix = "";
}

function goTo(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (link) window.location.assign(link.href);
}

export function pressed(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape") return leave(event);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return openPalette();
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form) {
    event.preventDefault();
    const primary = event.target.closest("[data-enter]")?.querySelector("[data-primary]");
    return primary ? primary.click() : event.target.form.requestSubmit();
  }
  if (off() || event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return undefined;
  const key = event.key === " " ? "Space" : event.key;
  if (prefix) {
    const [first, whole] = [prefix, `${prefix} ${key}`];
    forget();
    if (first === "g") return goTo(key);
    const element = find(whole) ?? (key === first ? find(first) : null);
    if (element) {
      event.preventDefault();
      return act(element);
    }
  }
  if (key === "/") {
    event.preventDefault();
    return openPalette();
  }
  if (key === "?") return showKeys();
  if (key === "g" && !document.querySelector("dialog[open]")) {
    prefix = "g";
    timer = setTimeout(forget, 2 * SEQUENCE_MS);
    return undefined;
  }
  const element = find(key);
  if (!element) return undefined;
  event.preventDefault();
  if (leads(key)) {
    prefix = key;
    timer = setTimeout(() => { forget(); if (element.isConnected) act(element); }, SEQUENCE_MS);
    return undefined;
  }
  return act(element);
}

function leave(event) {
  forget();
  if (document.querySelector("dialog[open]")) return; // the browser closes it
  const open = event.target.closest("details[open][data-key]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (typing(event.target)) {
    event.target.blur();
    document.querySelector("[data-home-focus]")?.focus();
  }
}

const name = (element) =>
  element.dataset.keyLabel || (element.querySelector("summary") ?? element).getAttribute("aria-label") ||
  (element.querySelector("[data-name]") ?? element.querySelector("summary") ?? element).innerText.replace(/\s+/g, " ").trim();

export function actions() {
  return keyed().map((element) => ({ key: keysOf(element)[0], label: name(element), element }));
}

function line(list, label, key) {
  const row = document.createElement("div");
  const term = document.createElement("dt");
  const keys = document.createElement("dd");
  term.textContent = label;
  for (const part of key.split(" ")) {
    const kbd = document.createElement("kbd");
    kbd.className = "kbd";
    kbd.textContent = part;
    keys.append(kbd, " ");
  }
  row.append(term, keys);
  list.append(row);
}

export function showKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  const list = dialog.querySelector("[data-keymap]");
  const text = dialog.dataset;
  const here = actions();
  list.replaceChildren();
  here.forEach(({ key, label }) => line(list, label, key));
  line(list, text.generalPalette, "/");
  line(list, text.generalHelp, "?");
  line(list, text.generalLeave, "Esc");
  document.querySelectorAll("[data-go]").forEach((link) => line(list, text.generalGo.replace("%s", link.title), `g ${link.dataset.go}`));
  dialog.showModal();
}
