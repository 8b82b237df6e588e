// A signature drawn with a finger, a pen or a mouse.
export function draw(canvas, clear, changed) {
  const pen = canvas.getContext("2d");
  let drawn = "";
  let last = null;
  Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const line = (event) => {
    const here = at(event);
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...here);
    pen.stroke();
    last = here;
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    line(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last) line(event);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (!last) return;
      last = null;
      drawn = canvas.toDataURL("image/png");
      changed();
    });
  }
  clear.addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawn = "";
    changed();
  });

  return {
    value: () => drawn,
    show(url) {
      if (!url) return;
      drawn = url;
      const image = new Image();
      image.addEventListener("load", () => pen.drawImage(image, 0, 0));
      image.src = url;
    },
  };
}
