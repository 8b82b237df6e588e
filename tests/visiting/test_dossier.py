"""A court reads in the dossier what the visits found, and can check the photos by their hashes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.scope import agency_scope
from audit.models import Event
from cases import dossier
from cases.models import Case
from field import photos, visiting
from field.models import Photo
from field.visiting import AssetFound, Report
from tests import factories
from tests.visiting import pictures
from tests.visiting.conftest import NOW, Trip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_agency")]


def visit(trip: Trip, report: Report, *, by: Any) -> None:
    now = NOW + timedelta(minutes=5)
    visiting.record_visit(trip.stop, draft_key=uuid4(), started_at=NOW, report=report, by=by, now=now)


def chapters(case: Case) -> dict[str, list[tuple[str, ...]]]:
    return {part.title: part.rows for part in dossier.parts_of(case)}


def test_the_dossier_tells_each_visit_with_whom_was_met_and_what_was_found(
    trip: Trip, collector: factories.Membership
) -> None:
    """S003-12."""
    house = AssetFound(kind="IMMOVABLE", description="House of 90 m²", value=Decimal("40000"), encumbered=True)
    report = Report(outcome="MET_OTHER", relation="NEIGHBOUR", letter="MAILBOX", note="Works abroad", assets=(house,))
    visit(trip, report, by=collector)

    told = chapters(trip.case)
    (row,) = told["Visits"]
    assert row[1:] == (
        trip.stop.address.value, "Vasile Munteanu", "Met somebody else: Neighbour", "In the mailbox", "0",
        "Works abroad",
    )  # fmt: skip
    assert told["Assets and income"][0][1:3] == ("Immovable", "House of 90 m² (encumbered)")


def test_every_photo_is_listed_by_the_hash_of_its_original_and_comes_as_a_file(
    trip: Trip, collector: factories.Membership
) -> None:
    taken = tuple(
        photos.read(pictures.jpeg(colour=colour), kind="RESIDENCE", time_zone="Europe/Chisinau")
        for colour in ("#3a72b5", "#b5723a")
    )
    visit(trip, Report(outcome="NOBODY", letter="MAILBOX", photos=taken), by=collector)

    kept = list(Photo.objects.filter(case=trip.case).order_by("id"))
    rows, files = chapters(trip.case)["Photos"], {file.name: file.content for file in dossier.files_of(trip.case)}
    assert [row[-1] for row in rows] == [photo.original_sha256 for photo in kept]
    assert [files[row[0]] for row in rows] == [photos.shown_content(photo) for photo in kept]


def test_a_case_nobody_visited_has_no_such_chapters(trip: Trip) -> None:
    assert {"Visits", "Photos", "Assets and income"} & set(chapters(trip.case)) == set()


def test_who_brings_cases_to_court_takes_the_sealed_original_out_and_the_history_tells_it(
    trip: Trip, collector: factories.Membership, agency: factories.Agency, member: Any
) -> None:
    content = pictures.jpeg()
    taken = (photos.read(content, kind="RESIDENCE", time_zone="Europe/Chisinau"),)
    visit(trip, Report(outcome="NOBODY", letter="MAILBOX", photos=taken), by=collector)
    photo = Photo.objects.get(case=trip.case)
    url = reverse("visit-photo-original", args=[photo.id])

    answer = factories.client_of(member("LEGAL_OFFICER")).post(url)
    refused = factories.client_of(member("COLLECTOR")).post(url)

    assert (answer.content, refused.status_code) == (content, 403)
    assert "attachment" in answer.headers["Content-Disposition"]
    with agency_scope(agency.id):
        assert Event.objects.filter(kind="field.photo_original_taken", subject_id=photo.id).count() == 1
