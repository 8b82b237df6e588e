// The drop zone: a dropped file goes into the ordinary file field, which works without this too.
const zone = document.querySelector("[data-drop]");
const input = zone?.querySelector("input[type=file]");
const told = zone?.querySelector("[data-drop-name]");

const tell = () => {
  told.textContent = input.files.length ? input.files[0].name : "";
};

if (zone && input) {
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.setAttribute("data-over", "");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.removeAttribute("data-over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      tell();
    }
  });
  input.addEventListener("change", tell);
}
