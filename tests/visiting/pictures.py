"""Images as a phone makes them: with the place and the hour in their EXIF data."""

import base64
import io
from typing import Any

from PIL import Image, ImageDraw


def jpeg(
    *, size: tuple[int, int] = (2400, 1800), colour: str = "#3a72b5", taken: str = "2026:11:24 11:58:00",
    offset: str = "", place: tuple[Any, ...] | None = ("N", (47.0, 1.0, 30.0), "E", (28.0, 51.0, 30.0)),
    orientation: int = 1, comment: bytes = b"", further: bool = False,
) -> bytes:  # fmt: skip
    """`further`: with a second picture behind the first, as phones keep the depth map of a portrait."""
    image = Image.new("RGB", size, colour)
    pen = ImageDraw.Draw(image)
    pen.rectangle((size[0] // 4, size[1] // 3, size[0] // 2, size[1] - 40), fill="#ddd", outline="#222", width=12)
    pen.polygon(
        [(size[0] // 5, size[1] // 3), (size[0] * 3 // 8, size[1] // 6), (size[0] * 11 // 20, size[1] // 3)],
        fill="#a33",
    )
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Phone"
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = taken
    if offset:
        inner[0x9011] = offset
    if place is not None:
        exif.get_ifd(0x8825).update({1: place[0], 2: place[1], 3: place[2], 4: place[3]})
    out = io.BytesIO()
    if further:
        image.save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48), "#888")], exif=exif)
    else:
        image.save(out, "JPEG", exif=exif, quality=85, comment=comment)
    return out.getvalue()


def png(size: tuple[int, int] = (600, 400)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, (10, 120, 60, 90)).save(out, "PNG")
    return out.getvalue()


def signature(*, drawn: bool = True) -> str:
    image = Image.new("RGBA", (900, 360), (0, 0, 0, 0))
    if drawn:
        ImageDraw.Draw(image).line([(80, 250), (250, 90), (380, 260), (560, 120), (800, 240)], fill="#111", width=8)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def upload(name: str = "door.jpg", colour: str = "#3a72b5") -> Any:
    """A photo as a browser's file input takes it."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": jpeg(size=(1200, 900), colour=colour)}
