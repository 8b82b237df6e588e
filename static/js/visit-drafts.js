// Drafts of visits in the phone's own database: fields and photos under the draft's key, each person's own.
const NAME = "visits";
let base = null;

const told = (request) => new Promise((resolve, reject) => {
  request.addEventListener("success", () => resolve(request.result));
  request.addEventListener("error", () => reject(request.error));
});

// Whether drafts can be kept here at all; without it the form is an ordinary form.
export async function open() {
  try {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore("drafts", { keyPath: "key" }));
    base = await told(request);
    navigator.storage?.persist?.().catch(() => false); // asks the phone not to clear drafts away when its room gets short
    return true;
  } catch {
    return false;
  }
}

const store = (mode) => base.transaction("drafts", mode).objectStore("drafts");

export const save = (draft) => told(store("readwrite").put(draft));
export const read = (key) => told(store("readonly").get(key));
export const discard = (key) => told(store("readwrite").delete(key));

export async function all(owner) {
  const found = await told(store("readonly").getAll());
  return found.filter((draft) => draft.owner === owner).sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}
