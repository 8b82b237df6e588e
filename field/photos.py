"""Photos of visits and of steps with the financed object: the original sealed by its hash, place and time read from it,
and a copy without them to be shown.

Also the signature drawn on the phone, which is an image too.
"""

import base64
import binascii
import io
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from agencies.models import Membership
from audit import record
from cases import documents
from cases.models import Case, DocumentKind, Stage
from common import kept_files
from common.refusals import NotUnderstood, Refused
from field import final_reports, visit_places
from field.models import ObjectStep, Photo, Signature, Visit

ADDED = record.kind(
    "field.photo_added", gettext_lazy("A photo was added to the visit: %(photo)s."), photo=Photo.Kind.choices
)
STEP_ADDED = record.kind(
    "field.object_photo_added", gettext_lazy("A photo of the financed object was added."), photo=Photo.Kind.choices
)

TAKEN_OUT = record.kind("field.photo_original_taken", gettext_lazy("The sealed original of a photo was handed out."))

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 64_000_000
"""More than any phone takes; what unfolds to more is refused before it is unfolded."""
MOST_PHOTOS = 20
SHOWN_EDGE = 1600
SUFFIX = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_JPEGS = ("JPEG", "MPO")
"""A JPEG that holds further pictures (a depth map, a brighter copy) is read as MPO; its first picture is the photo."""
SIGNATURE_BYTES, SIGNATURE_EDGE = 512 * 1024, 2400
_DATA_URL = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)\Z")
_EXIF, _GPS, _TAKEN, _OFFSET = 0x8769, 0x8825, 0x9003, 0x9011


class PhotoNotTaken(NotUnderstood):
    """Not an image of a kind that is kept, or too large."""

    field = "photos"


class TooManyPhotos(Refused):
    field = "photos"


class SignatureNotTaken(NotUnderstood):
    field = "signature"


@dataclass(frozen=True)
class Picture:
    """An image that was looked at and may be kept: the original bytes, the copy to be shown (JPEG), and what the
    original tells of itself."""

    kind: str
    original: bytes
    suffix: str
    shown: bytes
    taken_at: datetime | None
    latitude: Decimal | None
    longitude: Decimal | None


def read(content: bytes, *, kind: str = Photo.Kind.OTHER, time_zone: str) -> Picture:
    """Look at an upload. `time_zone`: where a camera's clock without one is understood to be.

    Raises:
        PhotoNotTaken
    """
    if kind not in Photo.Kind.values:
        raise PhotoNotTaken(_("There is no such kind of photo."))
    if len(content) > MOST_BYTES:
        raise PhotoNotTaken(_("A photo may have 15 MB at most."))
    image = _opened(content, tuple(SUFFIX))
    form = "JPEG" if image.format in _JPEGS else str(image.format)
    exif = _exif_of(image)
    if form == "JPEG":
        image.draft("RGB", (SHOWN_EDGE, SHOWN_EDGE))
    latitude, longitude = _position(exif)
    return Picture(
        kind=kind, original=content, suffix=SUFFIX[form], shown=_shown(image), taken_at=_taken_at(exif, time_zone),
        latitude=latitude, longitude=longitude,
    )  # fmt: skip


def add(to: Visit | ObjectStep, picture: Picture, *, by: Membership, now: datetime) -> Photo:
    """Keep a photo of a visit, or of a step with the financed object. The same original twice is one photo.

    Raises:
        TooManyPhotos
    """
    owner = {"visit" if isinstance(to, Visit) else "step": to}
    digest = sha256(picture.original).hexdigest()
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True).only("id", "stage").get(id=to.case_id)
        known: Photo | None = Photo.objects.filter(original_sha256=digest, **owner).first()
        if known is not None:
            return known
        if Photo.objects.filter(**owner).count() >= MOST_PHOTOS:
            raise TooManyPhotos(_("No more than %(count)s photos are kept here.") % {"count": MOST_PHOTOS})
        original = kept_files.keep(
            picture.original, agency_id=to.agency_id, folder="photo-originals", suffix=picture.suffix
        )
        shown = kept_files.keep(picture.shown, agency_id=to.agency_id, folder="photos", suffix=".jpg")
        photo: Photo = Photo.objects.create(
            case_id=to.case_id, kind=picture.kind, original_path=original.path,
            original_sha256=original.sha256, shown_path=shown.path, shown_sha256=shown.sha256, size=original.size,
            taken_at=picture.taken_at, latitude=picture.latitude, longitude=picture.longitude, **owner,
        )  # fmt: skip
        if isinstance(to, Visit) and picture.kind == Photo.Kind.RESIDENCE:
            visit_places.learn(to, picture.latitude, picture.longitude)
        record.record(
            ADDED if isinstance(to, Visit) else STEP_ADDED, by=by.user, case_id=to.case_id, subject_id=photo.id, at=now,
            photo=picture.kind, sha256=original.sha256,
        )  # fmt: skip
        if case.stage == Stage.CLOSED:
            final_reports.renew(case.id, now=now)
    return photo


def shown_content(photo: Photo) -> bytes:
    """The copy without metadata.

    Raises:
        kept_files.FileIsNotAsKept
    """
    return kept_files.read(photo.shown_path, photo.shown_sha256)


def original_content(photo: Photo) -> bytes:
    """The original, unchanged since it came.

    Raises:
        kept_files.FileIsNotAsKept
    """
    return kept_files.read(photo.original_path, photo.original_sha256)


def hand_out(photo: Photo, *, by: Membership, now: datetime) -> bytes:
    """The sealed original with all it tells of itself, for a court; it is told who took it out.

    Raises:
        kept_files.FileIsNotAsKept
    """
    content = original_content(photo)
    record.record(
        TAKEN_OUT, by=by.user, case_id=photo.case_id, subject_id=photo.id, at=now, sha256=photo.original_sha256
    )
    return content


def data_url(content: bytes, mime: str = "image/jpeg") -> str:
    """For documents, which fetch nothing."""
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def read_signature(drawn: str) -> bytes:
    """The PNG a canvas gave as a data URL, drawn anew on white.

    Raises:
        SignatureNotTaken
    """
    found = _DATA_URL.match(drawn)
    try:
        content = base64.b64decode(found.group(1), validate=False) if found else b""
    except binascii.Error:
        content = b""
    refusal = SignatureNotTaken(_("The signature could not be read. Draw it again."))
    if not content or len(content) > SIGNATURE_BYTES:
        raise refusal
    try:
        image = _opened(content, ("PNG",))
        if max(image.size) > SIGNATURE_EDGE:
            raise refusal
        clean = _flat(image)
    except PhotoNotTaken as error:
        raise refusal from error
    if len(set(clean.resize((64, 32)).convert("L").tobytes())) < 2:
        raise SignatureNotTaken(_("Nothing was drawn. Let the person sign, or leave the signature out."))
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()


def add_signature(visit: Visit, drawn: bytes, *, signer: str, by: Membership, now: datetime) -> Signature:
    """Keep what `read_signature` gave as a document of the case, with the signer's name."""
    with transaction.atomic():
        document = documents.add(
            visit.case, kind=DocumentKind.SIGNATURE, title=_("Signature"), filename=f"signature-{visit.id}.png",
            content=drawn, mime="image/png", by=by, now=now, subject_id=visit.id,
        )  # fmt: skip
        made: Signature = Signature.objects.create(visit=visit, document=document, signer=signer.strip()[:120])
    return made


def _opened(content: bytes, forms: tuple[str, ...]) -> Image.Image:
    """The image with only its head read: its size is known before anything is unfolded."""
    try:
        image = Image.open(io.BytesIO(content), formats=forms)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise PhotoNotTaken(_("This is not a photo that can be kept. Use JPEG, PNG or WebP.")) from error
    width, height = image.size
    if width * height > MOST_PIXELS or not width or not height:
        raise PhotoNotTaken(_("The photo has too many pixels."))
    return image


def _flat(image: Image.Image) -> Image.Image:
    """The pixels alone on white: nothing the file said beside them comes along."""
    try:
        turned = ImageOps.exif_transpose(image)
        whole = turned.convert("RGBA") if turned.mode in ("RGBA", "LA", "PA", "P") else turned.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoNotTaken(_("The photo is damaged. Take it again.")) from error
    clean = Image.new("RGB", whole.size, "white")
    clean.paste(whole, mask=whole.getchannel("A") if whole.mode == "RGBA" else None)
    return clean


def _shown(image: Image.Image) -> bytes:
    clean = _flat(image)
    clean.thumbnail((SHOWN_EDGE, SHOWN_EDGE))
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _exif_of(image: Image.Image) -> Any:
    try:
        return image.getexif()
    except Exception:  # whatever a broken camera wrote, the photo itself is what counts
        return Image.Exif()


def _taken_at(exif: Any, time_zone: str) -> datetime | None:
    try:
        inner = exif.get_ifd(_EXIF)
        taken = datetime.strptime(str(inner[_TAKEN]).strip("\0 "), "%Y:%m:%d %H:%M:%S")
        offset = str(inner.get(_OFFSET, "")).strip("\0 ")
        if offset:
            return datetime.strptime(f"{taken:%Y-%m-%d %H:%M:%S}{offset}", "%Y-%m-%d %H:%M:%S%z")
        return taken.replace(tzinfo=ZoneInfo(time_zone))
    except Exception:  # no time, or none that can be understood
        return None


def _position(exif: Any) -> tuple[Decimal | None, Decimal | None]:
    try:
        gps = exif.get_ifd(_GPS)
        latitude = _degrees(gps[2], negative=str(gps[1]).upper().startswith("S"), most=90)
        longitude = _degrees(gps[4], negative=str(gps[3]).upper().startswith("W"), most=180)
    except Exception:  # no position, or none that can be understood
        return None, None
    return latitude, longitude


def _degrees(parts: Any, *, negative: bool, most: int) -> Decimal:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= most:
        raise ValueError(value)
    return round(Decimal(repr(-value if negative else value)), 5)
