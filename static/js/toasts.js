// Short news at the edge of the screen, spoken by screen readers (the region has role=status).
const SECONDS = { plain: 5, undo: 8 };

export function toast(text, { tone = "", undo = null } = {}) {
  const region = document.getElementById("toasts");
  const box = document.createElement("div");
  box.className = "toast";
  if (tone) box.dataset.tone = tone;
  const line = document.createElement("p");
  line.textContent = text;
  box.append(line);
  if (undo) {
    region.querySelectorAll("[data-undo]").forEach((old) => old.closest(".toast").remove());
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small";
    button.dataset.undo = undo.url;
    button.textContent = undo.label;
    box.append(button);
  }
  region.append(box);
  while (region.children.length > 4) region.firstElementChild.remove();
  leaveAfter(box, undo ? SECONDS.undo : SECONDS.plain);
}

function leaveAfter(box, seconds) {
  let timer = setTimeout(() => box.remove(), seconds * 1000);
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("focusin", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => { timer = setTimeout(() => box.remove(), seconds * 1000); });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss-toast], [data-undo]");
  if (!button) return;
  if (button.dataset.undo) {
    window.htmx?.ajax("POST", button.dataset.undo, { target: "#desk", swap: "outerHTML" });
  }
  button.closest(".toast").remove();
});

// The server says {"toast": {text, tone, undo: {url, label}}} in HX-Trigger.
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail));
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => toast(document.getElementById("toasts").dataset.failed, { tone: "bad" }));
}

// allauth tells what the browser answered to a passkey: a refused address, no secure connection, or nobody's finger.
document.addEventListener("allauth.error", (event) => {
  const { passkey, passkeyAddress } = document.getElementById("toasts").dataset;
  const address = event.detail.exception?.name === "SecurityError" || !window.isSecureContext;
  toast(address ? passkeyAddress : passkey, { tone: "bad" });
});
document.querySelectorAll("#toasts .toast").forEach((box) => leaveAfter(box, SECONDS.undo));
