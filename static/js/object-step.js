// A step with the financed object is sent without leaving the page: when it is refused, or the connection is lost, the
// form stays as it was filled in, with its photos. The form carries a key, so a step sent twice is one step.
const refused = async (form, body) => {
  try {
    const answer = await fetch(form.action, {
      method: "POST", body, redirect: "manual", credentials: "same-origin", headers: { Accept: "application/json" },
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) return location.reload();
    const told = await answer.json();
    if (answer.ok) return location.assign(told.url);
    return told.errors.map(({ sentence }) => sentence).join(" ");
  } catch {
    return form.dataset.offline;
  }
};

for (const form of document.querySelectorAll("form[data-step]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = form.querySelector("[data-wrong]");
    const body = new FormData(form, event.submitter); // before the buttons are shut: a shut one says nothing
    const buttons = form.querySelectorAll("[type=submit]");
    for (const one of buttons) one.disabled = true;
    const why = await refused(form, body);
    if (!why) return; // the page is being left
    for (const one of buttons) one.disabled = false;
    wrong.textContent = why;
    wrong.hidden = false;
    wrong.focus();
  });
}
