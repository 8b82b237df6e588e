"""Photos: the original is sealed, place and hour are read from it, and what is shown tells neither."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from PIL import Image

from agencies.scope import agency_scope
from common import kept_files
from field import photos, visiting
from field.models import Photo, Visit
from field.visiting import Report
from tests import factories
from tests.visiting import pictures
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db
ZONE = "Europe/Chisinau"


@pytest.fixture
def visit(trip: Trip, collector: factories.Membership, agency: factories.Agency) -> Visit:
    with agency_scope(agency.id):
        return visiting.record_visit(
            trip.stop, draft_key=uuid4(), started_at=NOW, report=Report(outcome="NOBODY"), by=collector, now=NOW
        )


def read(content: bytes, **options: Any) -> photos.Picture:
    return photos.read(content, **({"time_zone": ZONE} | options))


def test_place_and_hour_are_read_from_the_original() -> None:
    picture = read(pictures.jpeg())

    assert picture.taken_at == datetime(2026, 11, 24, 9, 58, tzinfo=UTC)
    assert (picture.latitude, picture.longitude) == (Decimal("47.02500"), Decimal("28.85833"))


def test_the_camera_s_own_offset_counts() -> None:
    assert read(pictures.jpeg(offset="+01:00")).taken_at == datetime(2026, 11, 24, 10, 58, tzinfo=UTC)


def test_south_and_west_are_negative() -> None:
    picture = read(pictures.jpeg(place=("S", (12.0, 30.0, 0.0), "W", (77.0, 0.0, 0.0))))
    assert (picture.latitude, picture.longitude) == (Decimal("-12.50000"), Decimal("-77.00000"))


def test_nonsense_in_the_data_of_a_photo_is_left_out() -> None:
    picture = read(pictures.jpeg(taken="yesterday", place=("N", (900.0, 0.0, 0.0), "E", (1.0, 1.0, 1.0))))
    assert (picture.taken_at, picture.latitude, picture.longitude) == (None, None, None)


def test_the_shown_copy_is_small_and_tells_nothing() -> None:
    picture = read(pictures.jpeg(size=(4000, 3000), comment=b"Ion at home"))
    shown = Image.open(io.BytesIO(picture.shown))

    assert max(shown.size) == photos.SHOWN_EDGE
    assert not shown.getexif()
    assert not {"exif", "comment", "icc_profile"} & set(shown.info)
    assert b"Ion at home" not in picture.shown
    assert b"Phone" not in picture.shown


def test_a_turned_photo_is_shown_upright() -> None:
    """EXIF orientation 6: the camera was held upright."""
    assert Image.open(io.BytesIO(read(pictures.jpeg(size=(800, 600), orientation=6)).shown)).size == (600, 800)


def test_png_and_webp_are_photos_too() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(out, "WEBP")
    assert [read(content).suffix for content in (pictures.png(), out.getvalue())] == [".png", ".webp"]


def test_of_a_jpeg_with_further_pictures_the_first_is_the_photo() -> None:
    """Many phones lay a depth map or a brighter copy behind the photo, which Pillow then calls MPO."""
    content = pictures.jpeg(size=(4000, 3000), further=True)
    assert Image.open(io.BytesIO(content)).format == "MPO"

    picture = read(content)

    assert (picture.suffix, picture.original) == (".jpg", content)
    assert picture.taken_at == datetime(2026, 11, 24, 9, 58, tzinfo=UTC)
    shown = Image.open(io.BytesIO(picture.shown))
    assert (shown.format, shown.size) == ("JPEG", (photos.SHOWN_EDGE, 1200))


def bomb() -> bytes:
    """A PNG of a few kilobytes that would unfold to 400 million pixels."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (10, 10)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 no photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>", gif(), bomb(), pictures.jpeg()[:4000],
     b"\xff\xd8" + b"0" * photos.MOST_BYTES],
    ids=["empty", "pdf", "svg", "gif", "bomb", "torn", "large"],
)  # fmt: skip
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(photos.PhotoNotTaken):
        read(content)


def test_the_original_is_kept_as_it_came(
    visit: Visit, collector: factories.Membership, in_agency: factories.Agency
) -> None:
    content = pictures.jpeg()
    photo = photos.add(visit, read(content, kind="OBJECT"), by=collector, now=NOW)

    assert photo.original_sha256 == sha256(content).hexdigest()
    assert photos.original_content(photo) == content
    assert photos.shown_content(photo) != content


def test_a_changed_original_is_noticed(
    visit: Visit, collector: factories.Membership, in_agency: factories.Agency
) -> None:
    photo = photos.add(visit, read(pictures.jpeg(colour="#b5823a")), by=collector, now=NOW)
    file = Path(settings.MEDIA_ROOT) / photo.original_path
    file.write_bytes(file.read_bytes() + b"x")
    try:
        with pytest.raises(kept_files.FileIsNotAsKept):
            photos.original_content(photo)
    finally:
        file.unlink()


def test_the_same_photo_twice_is_one(
    visit: Visit, collector: factories.Membership, in_agency: factories.Agency
) -> None:
    picture = read(pictures.jpeg())
    assert photos.add(visit, picture, by=collector, now=NOW) == photos.add(visit, picture, by=collector, now=NOW)
    assert Photo.objects.filter(visit=visit).count() == 1


def test_a_photo_cannot_be_replaced_even_by_sql(
    visit: Visit, collector: factories.Membership, in_agency: factories.Agency
) -> None:
    photo = photos.add(visit, read(pictures.jpeg()), by=collector, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE field_photo SET original_sha256 = %s WHERE agency_id = %s AND id = %s",
            ["0" * 64, photo.agency_id, photo.id],
        )


def test_people_of_the_agency_see_the_copy_and_others_nothing(
    visit: Visit, collector: factories.Membership, agency: factories.Agency, other_agency: factories.Agency,
    member: Callable[..., factories.Membership],
) -> None:  # fmt: skip
    with agency_scope(agency.id):
        photo = photos.add(visit, read(pictures.jpeg()), by=collector, now=NOW)
    url = reverse("visit-photo", args=[photo.id])
    stranger = factories.make_member(other_agency, "MANAGER")

    answer = factories.client_of(member("COLLECTOR")).get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert factories.client_of(stranger).get(url).status_code == 404
    assert factories.client_of(member("CREDITOR_USER")).get(url).status_code == 403
