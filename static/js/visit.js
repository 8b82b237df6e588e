// Visits on the phone: what is filled in is kept in the phone's own database until the server has it, and sent once.
// The form works without this; then nothing is kept when the connection is lost. All texts come from the page.
import { draw } from "./visit-pad.js";
import { all, discard, open, read, save } from "./visit-drafts.js";

const form = document.querySelector("form[data-visit]");
const badge = document.querySelector("[data-unsent]");
const owner = (badge ?? form)?.dataset.owner ?? "";
const FILES = { RESIDENCE: "photos_residence", OBJECT: "photos_object", OTHER: "photos_other" };

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const text = (name) => badge?.querySelector(`[data-text-${name}]`)?.textContent ?? "";

// One sender at a time in all tabs of the phone; the server knows a draft again by its key in any case.
async function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(`visits-${owner}`, work);
}

async function post(url, body) {
  const answer = await fetch(url, {
    method: "POST", body, redirect: "manual", credentials: "same-origin",
    headers: { Accept: "application/json", "X-CSRFToken": token() },
  });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return { again: text("signin") };
  if (answer.status >= 500 || answer.status === 429) return { again: text("failed") };
  if (answer.status === 404) return { errors: [{ field: "", sentence: text("gone") }] }; // asking again would not help
  const told = await answer.json();
  return answer.ok ? { told } : { errors: told.errors ?? [] };
}

function fieldsOf(draft) {
  const body = new FormData();
  for (const [name, value] of draft.fields) body.append(name, value);
  return body;
}

// First the visit, then its photos one by one: each leaves the phone when the server has answered for it.
async function send(draft) {
  if (!draft.sent) {
    const { told, errors, again } = await post(draft.url, fieldsOf(draft));
    if (again) return { ...draft, why: again };
    if (errors) return { ...draft, state: "refused", errors, why: errors.map((one) => one.sentence).join(" ") };
    draft = { ...draft, sent: told };
    await save(draft);
  }
  while (draft.photos.length) {
    const [photo, ...rest] = draft.photos;
    const body = new FormData();
    body.append("kind", photo.kind);
    body.append("photo", photo.blob, photo.name);
    const { errors, again } = await post(draft.sent.photos, body);
    if (again) return { ...draft, why: text("photo") };
    const refused = errors ? [...(draft.refused ?? []), photo] : draft.refused ?? [];
    const why = errors ? `${photo.name}: ${errors.map((one) => one.sentence).join(" ")}` : draft.why;
    draft = { ...draft, photos: rest, refused, why };
    await save(draft);
  }
  if (draft.refused?.length) return { ...draft, state: "refused", photos: draft.refused }; // nothing goes unseen
  await discard(draft.key);
  return { ...draft, done: true };
}

async function sendAll() {
  return alone(async () => {
    const answers = [];
    for (const { key } of (await all(owner)).filter((one) => one.state === "ready")) {
      const draft = await read(key); // another tab may have sent it while this one waited
      if (!draft || draft.state !== "ready") continue;
      try {
        const after = await send(draft);
        if (!after.done) await save(after);
        answers.push(after);
      } catch {
        const kept = (await read(key)) ?? draft;
        kept.why = text("offline");
        await save(kept);
        answers.push(kept);
        break;
      }
    }
    await show();
    return answers;
  });
}

async function show() {
  if (!badge) return;
  const drafts = await all(owner);
  const waiting = drafts.filter((one) => one.state !== "draft");
  badge.hidden = !waiting.length;
  badge.querySelector("[data-unsent-count]").textContent = String(waiting.length);
  const list = badge.querySelector("[data-unsent-list]");
  const row = badge.querySelector("[data-unsent-row]");
  list.replaceChildren(
    ...waiting.map((draft) => {
      const item = row.content.firstElementChild.cloneNode(true);
      const link = item.querySelector("[data-open]");
      link.href = draft.sent ? draft.sent.url : `${draft.url}?again=1`; // even if another phone reported it first
      link.textContent = draft.title;
      item.querySelector("[data-why]").textContent = draft.why ?? "";
      item.querySelector("[data-discard]").addEventListener("click", async (event) => {
        if (!window.confirm(event.target.dataset.ask)) return;
        await discard(draft.key);
        await show();
      });
      return item;
    }),
  );
  for (const draft of drafts.filter((one) => one.state === "draft")) {
    document.querySelector(`[data-stop="${draft.stop}"] [data-draft]`)?.removeAttribute("hidden");
  }
}

// What was just sent is no longer to be visited: the list is fetched anew.
function shortenList(answers) {
  if (!form && answers.some((one) => one.done && document.querySelector(`[data-stop="${one.stop}"]`))) location.reload();
}

function preview(photo, label, remove) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.alt = photo.name;
  const reader = new FileReader(); // the page may show data: and no blob:
  reader.addEventListener("load", () => { image.src = reader.result; });
  reader.readAsDataURL(photo.blob);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", label);
  button.addEventListener("click", () => { item.remove(); remove(photo); });
  item.append(image, button);
  return item;
}

function startForm(earlier) {
  const thumbs = form.querySelector("[data-thumbs]");
  const errors = form.querySelector("[data-errors]");
  const started = form.elements.started_at;
  const pad = draw(form.querySelector("[data-pad]"), form.querySelector("[data-pad-clear]"), () => keep());
  let draft = earlier ?? {
    key: form.elements.draft_key.value, owner, stop: form.dataset.stop, url: location.pathname, title: form.dataset.title,
    state: "draft", fields: [], photos: [],
  };
  let timer = 0;

  function fill() {
    for (const input of form.elements) {
      if (!input.name || input.type === "file" || input.name === "csrfmiddlewaretoken") continue;
      const values = draft.fields.filter(([name]) => name === input.name).map(([, value]) => value);
      if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
      else if (values.length) input.value = values[0];
    }
    if (earlier.when) started.value = earlier.when;
    for (const more of form.querySelectorAll("details.more")) {
      if ([...more.querySelectorAll("input, select, textarea")].some((one) => (one.type === "checkbox" ? one.checked : one.value && one.value !== "unknown"))) more.open = true;
    }
    pad.show(form.elements.signature.value);
    draft.photos.forEach(showPhoto);
    if (draft.errors?.length) tell(draft.errors);
  }

  // The clock's place goes along: the server need not guess where the phone was.
  const fields = () => {
    const found = [];
    for (const [name, value] of new FormData(form)) {
      if (typeof value !== "string" || name === "csrfmiddlewaretoken") continue;
      const when = name === "started_at" && value ? new Date(value) : null;
      found.push([name, when && !Number.isNaN(when.valueOf()) ? when.toISOString() : value]);
    }
    return found;
  };

  async function keep(state = draft.state) {
    clearTimeout(timer);
    form.elements.signature.value = pad.value();
    draft = { ...draft, state: state === "refused" ? "draft" : state, when: started.value, fields: fields(), at: Date.now() };
    try {
      await save(draft);
      return true;
    } catch { // the phone is full: what is on the page is not kept, and whoever works must know it
      tell([{ field: "", sentence: text("full") }]);
      return false;
    }
  }

  function showPhoto(photo) {
    thumbs.append(preview(photo, thumbs.dataset.remove, (gone) => {
      draft.photos = draft.photos.filter((one) => one !== gone);
      keep();
    }));
  }

  function tell(found) {
    errors.hidden = !found.length;
    const made = form.querySelector("[data-made]");
    if (found.some(({ field }) => field === "made")) made.hidden = false; // it may be kept all the same
    errors.querySelector("ul").replaceChildren(...found.flatMap(({ field, sentence }, place) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      const input = field ? form.elements[field] : null;
      (input instanceof RadioNodeList ? input[0] : input)?.closest("details")?.setAttribute("open", "");
      return found.findIndex((one) => one.sentence === sentence) < place ? [] : [item]; // said once, of however many fields
    }));
    if (found.length) errors.focus();
  }

  form.addEventListener("input", () => {
    draft.at ??= Date.now();
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  });
  form.addEventListener("change", (event) => {
    const { target } = event;
    if (target.name === "outcome" && !draft.touched) {
      draft.touched = true; // the visit is made when the collector first says what happened
      const now = new Date();
      started.value = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    }
    if (target.dataset.photos) {
      for (const file of target.files) {
        const photo = { kind: target.dataset.photos, blob: file, name: file.name || "photo.jpg" };
        draft.photos = [...draft.photos, photo];
        showPhoto(photo);
      }
      target.value = "";
    }
    keep();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell([]);
    const button = form.querySelector("[type=submit]");
    button.setAttribute("aria-disabled", "true");
    if (!(await keep("ready"))) {
      draft = { ...draft, state: "draft" };
      button.removeAttribute("aria-disabled");
      return;
    }
    const after = (await sendAll()).find((one) => one.key === draft.key);
    button.removeAttribute("aria-disabled");
    if (!after || after.done || (after.state === "refused" && after.sent)) {
      location.assign(after?.sent.url ?? document.querySelector(".send-bar a").href);
    } else if (after.state === "refused") {
      draft = { ...after, state: "draft" };
      await save(draft);
      await show();
      tell(after.errors);
    } else {
      form.hidden = true;
      document.querySelector("[data-kept]").hidden = false;
      window.scrollTo(0, 0);
    }
  });
  // The phone may put the page away at any moment: what was typed last is kept at once.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && draft.state === "draft" && draft.at) keep();
  });
  if (earlier) fill();
}

function startPlace() {
  const place = form.querySelector("[data-place]");
  if (!("geolocation" in navigator)) return;
  place.hidden = false;
  const told = place.querySelector("[data-place-told]");
  place.querySelector("[data-locate]").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(5);
        form.elements.longitude.value = coords.longitude.toFixed(5);
        form.elements.accuracy_m.value = String(Math.round(coords.accuracy));
        told.textContent = place.dataset.done;
        form.dispatchEvent(new Event("input"));
      },
      () => { told.textContent = place.dataset.failed; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
    );
  });
}

if (owner && (await open())) {
  if (form) {
    form.querySelector("[data-sign]").hidden = false;
    startPlace();
    const earlier = (await all(owner)).find((one) => one.stop === form.dataset.stop && !one.sent);
    startForm(earlier ? { ...earlier, state: "draft" } : null);
    form.dataset.ready = "";
  }
  badge?.querySelector("[data-unsent-send]").addEventListener("click", async () => shortenList(await sendAll()));
  window.addEventListener("online", async () => {
    const answers = await sendAll();
    const here = answers.find((one) => one.done && one.stop === form?.dataset.stop);
    if (here) location.assign(here.sent.url);
    else shortenList(answers);
  });
  await show();
  if (navigator.onLine) sendAll().then(shortenList);
}
