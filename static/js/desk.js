// The desk: movement in the queue, what was typed and not yet sent, identity checks, live limits, signs of life.
import { act } from "./keys.js";

const STAY_EVERY_MS = 120_000;
const desk = () => document.getElementById("desk");
const work = () => document.getElementById("work");
const store = (caseId) => `desk:${caseId}`;
let alive = false;

// What was typed is kept in this browser tab until the case gets its result: a reload or a failed request loses nothing.
const KEPT = "textarea[name], select[name], input[name]:not([type=hidden])";

function remember() {
  const caseId = desk()?.dataset.case;
  if (!caseId || !work()) return;
  const typed = {};
  for (const field of work().elements) {
    if (!field.matches(KEPT)) continue;
    const whole = field.matches("[type=checkbox], [type=radio]");
    if (whole ? field.checked !== field.defaultChecked : field.value !== initial(field)) {
      typed[`${field.name}|${whole ? field.value : ""}`] = whole ? field.checked : field.value;
    }
  }
  if (Object.keys(typed).length) sessionStorage.setItem(store(caseId), JSON.stringify(typed));
  else sessionStorage.removeItem(store(caseId));
}

const initial = (field) =>
  field.matches("select") ? ([...field.options].find((o) => o.defaultSelected) ?? field.options[0])?.value ?? "" : field.defaultValue;

function recall() {
  const caseId = desk()?.dataset.case;
  const typed = JSON.parse((caseId && sessionStorage.getItem(store(caseId))) || "{}");
  for (const field of work()?.elements ?? []) {
    if (!field.matches(KEPT)) continue;
    const whole = field.matches("[type=checkbox], [type=radio]");
    const value = typed[`${field.name}|${whole ? field.value : ""}`];
    if (value === undefined) continue;
    if (whole) field.checked = value;
    else field.value = value;
  }
}

// Two of three answers prove who is speaking; until then sums are covered during a call and the script is for others.
function party() {
  const box = document.querySelector(".checks");
  if (!box) return;
  const passed = box.querySelectorAll("input:checked").length >= Math.min(Number(box.dataset.needed), box.querySelectorAll("input").length);
  desk().toggleAttribute("data-party", passed && box.querySelector("input") !== null);
  const told = document.querySelector("details.to-debtor");
  if (told && passed) told.open = true;
  const spoke = document.getElementById("spoke-with");
  if (spoke && (spoke.value === "" || spoke.value === "HOLDER")) spoke.value = passed ? "HOLDER" : "";
}

// The limits of a promise, said while it is typed; the server decides.
function promise() {
  const limits = document.querySelector("[data-limits]");
  if (!limits) return;
  const box = limits.closest(".act-form");
  const amount = Number(box.querySelector("[name=promise-amount]").value.replace(/\s/g, "").replace(",", "."));
  const day = box.querySelector("[name=promise-due_on]").value;
  const { latest, latestApproved, minimum, full } = limits.dataset;
  const late = day > latest;
  const over = day > latestApproved || (late && amount < Number(full));
  const show = { within: !late || over, ask: late && !over, over, small: amount > 0 && amount < Number(minimum) };
  box.querySelectorAll("[data-when]").forEach((part) => { part.hidden = !show[part.dataset.when]; });
}

function step(by) {
  const rows = [...document.querySelectorAll(".queue-row")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  const from = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("aria-current"));
  rows[Math.max(0, Math.min(rows.length - 1, from + by))].focus();
}

function arrive() {
  if (!desk()) return;
  recall();
  party();
  promise();
  desk().toggleAttribute("data-calling", document.querySelector("[data-tel]") !== null);
  const [rows, row] = [document.querySelector(".queue-rows"), document.querySelector(".queue-row[aria-current]")];
  if (row && rows.scrollHeight > rows.clientHeight) rows.scrollTop = row.offsetTop - rows.offsetTop - rows.clientHeight / 3;
  const opened = desk().dataset.opened && document.getElementById(desk().dataset.opened);
  if (opened?.matches("details")) act(opened);
  else if (opened) opened.focus();
  else (document.querySelector("[data-tel]") ?? document.querySelector("[data-home-focus]"))?.focus({ preventScroll: true });
}

document.addEventListener("input", (event) => {
  alive = true;
  if (event.target.form !== work() && !event.target.closest("#work")) return;
  if (event.target.name === "check") party();
  if (event.target.name?.startsWith("promise-")) promise();
  remember();
});

document.addEventListener("click", (event) => {
  alive = true;
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.step) step(Number(button.dataset.step));
  if (button.dataset.opens) {
    event.preventDefault();
    act(document.getElementById(button.dataset.opens));
  } else if (button.hasAttribute("data-asks-reason") && !document.getElementById("reason").value) {
    event.preventDefault();
    const why = document.getElementById("why");
    why.dataset.code = button.value;
    why.showModal();
  } else if (button.dataset.reason) {
    const why = document.getElementById("why");
    document.getElementById("reason").value = button.dataset.reason;
    why.close();
    document.querySelector(`.result[value="${CSS.escape(why.dataset.code)}"]`)?.click();
  }
}, true);

// Enter in a field of a part sends that part, never another one.
document.addEventListener("keydown", (event) => {
  alive = true;
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("#work input")) return;
  event.preventDefault();
  event.target.closest("[data-enter]")?.querySelector("[data-primary]")?.click();
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id === "desk" || event.detail.target?.id === "desk") arrive();
});

// Sent and accepted: what was typed for that case is no longer needed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig: sent, xhr } = event.detail;
  const caseId = desk()?.dataset.case;
  if (caseId && sent?.verb === "post" && xhr.status === 200 && !/\/(call\/|way\/)/.test(sent.path)) sessionStorage.removeItem(store(caseId));
});

setInterval(() => {
  const url = desk()?.dataset.stay;
  if (!url || !alive || document.hidden) return;
  alive = false;
  fetch(url, { method: "POST", headers: { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] } });
}, STAY_EVERY_MS);

arrive();
