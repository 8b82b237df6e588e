"""Pictures drawn for the demo: houses, cars, signatures and scanned papers of nothing and nobody real."""

import base64
import io

from PIL import Image, ImageDraw


def house(number: int) -> bytes:
    """A house as JPEG."""
    hue = (number * 47) % 160 + 60
    image = Image.new("RGB", (960, 640), (196, 214, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 460, 960, 640), fill=(120, 140, 110))
    draw.rectangle((240, 260, 720, 500), fill=(hue, 180, 200 - hue // 3))
    draw.polygon(((200, 260), (480, 110), (760, 260)), fill=(140, 70, 60))
    draw.rectangle((440, 370, 520, 500), fill=(90, 60, 50))
    for left in (290, 600):
        draw.rectangle((left, 320, left + 80, 390), fill=(230, 235, 240))
    draw.text((20, 610), f"No. {number}", fill=(255, 255, 255))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def car(number: int) -> bytes:
    """A car in front of a wall as JPEG."""
    image = Image.new("RGB", (960, 640), (206, 202, 190))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 470, 960, 640), fill=(110, 112, 116))
    paint = (60 + number * 53 % 150, 70, 200 - number * 31 % 150)
    draw.polygon(((300, 340), (380, 240), (600, 240), (690, 340)), fill=paint)
    draw.rounded_rectangle((180, 335, 790, 460), radius=36, fill=paint)
    draw.polygon(((340, 335), (395, 260), (480, 260), (480, 335)), fill=(190, 214, 224))
    draw.polygon(((500, 335), (500, 260), (590, 260), (645, 335)), fill=(190, 214, 224))
    for left in (250, 610):
        draw.ellipse((left, 400, left + 120, 520), fill=(30, 30, 32))
        draw.ellipse((left + 38, 438, left + 82, 482), fill=(170, 170, 174))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def signature(number: int) -> str:
    """A stroke as a canvas gives it: a data URL of a PNG."""
    image = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    points = [(60 + 60 * step, 130 + (70 if (number >> step) % 2 else -60) // (1 + step % 3)) for step in range(9)]
    ImageDraw.Draw(image).line(points, fill="#111", width=6, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def paper(text: str) -> bytes:
    """A page with these words, as a scan would bring it, as PDF."""
    page = Image.new("RGB", (620, 877), (255, 255, 255))
    ImageDraw.Draw(page).text((60, 80), text.encode("ascii", "replace").decode(), fill=(20, 20, 20))
    out = io.BytesIO()
    page.save(out, "PDF")
    return out.getvalue()
