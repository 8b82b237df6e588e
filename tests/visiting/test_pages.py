"""The phone's pages, as each kind of visitor meets them, with and without script."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from agencies.scope import agency_scope
from cases import holds, transitions
from cases.documents import content_of
from cases.models import Case, DispositionCode, Document
from field import photos, visiting
from field.models import Photo, Visit, VisitOrder
from field.visiting import Report
from tests import factories
from tests.visiting import pictures
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db
Member = Callable[..., factories.Membership]
JSON = {"Accept": "application/json"}


def form_of(trip: Trip) -> str:
    return reverse("visit-form", args=[trip.stop.id])


def filled(**more: Any) -> dict[str, Any]:
    return {
        "draft_key": str(uuid4()), "started_at": "2026-11-24T12:00", "outcome": "NOBODY", "letter": "MAILBOX",
        "upkeep_arrears": "unknown",
    } | more  # fmt: skip


def upload(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("door.jpg", content or pictures.jpeg(), "image/jpeg")


def test_the_list_leads_to_the_form(trip: Trip, collector: factories.Membership) -> None:
    client = factories.client_of(collector)
    assert form_of(trip) in client.get(reverse("field-stops")).content.decode()
    page = client.get(form_of(trip)).content.decode()
    for text in (trip.case.debtor.name, "A visit is allowed now.", "In the apartment door", "Met somebody else"):
        assert text in page


def test_pictures_taken_before_can_be_chosen_as_well_as_new_ones(trip: Trip, collector: factories.Membership) -> None:
    page = factories.client_of(collector).get(form_of(trip)).content.decode()
    assert page.count('accept="image/*"') == 3
    assert "capture=" not in page


def test_without_script_the_form_is_an_ordinary_form(
    trip: Trip, collector: factories.Membership, agency: factories.Agency
) -> None:
    """S003-12, S003-15."""
    answer = factories.client_of(collector).post(
        form_of(trip), filled(business_card="on", photos_residence=[upload(), upload(pictures.png())]), follow=True
    )

    assert answer.redirect_chain
    assert "The visit was recorded." in answer.content.decode()
    with agency_scope(agency.id):
        visit = Visit.objects.get()
        assert visit.started_at == NOW
        assert visit.business_card
        assert Photo.objects.filter(visit=visit, kind="RESIDENCE").count() == 2


def test_a_script_gets_its_answer_in_json_and_the_same_one_twice(
    trip: Trip, collector: factories.Membership, agency: factories.Agency
) -> None:
    client, body = factories.client_of(collector), filled(started_at="2026-11-24T10:00:00.000Z")
    answers = [client.post(form_of(trip), body, headers=JSON) for _n in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    with agency_scope(agency.id):
        assert Visit.objects.count() == 1


def test_photos_follow_one_by_one_and_each_counts_once(
    trip: Trip, collector: factories.Membership, agency: factories.Agency
) -> None:
    client = factories.client_of(collector)
    url = client.post(form_of(trip), filled(), headers=JSON).json()["photos"]
    answers = [client.post(url, {"kind": "OBJECT", "photo": upload()}).json() for _n in range(2)]

    assert answers[0] == answers[1]
    with agency_scope(agency.id):
        assert Photo.objects.get().kind == "OBJECT"


def test_a_photo_with_a_depth_map_is_taken_like_any_other(
    trip: Trip, collector: factories.Membership, agency: factories.Agency
) -> None:
    client, portrait = factories.client_of(collector), pictures.jpeg(further=True)
    url = client.post(form_of(trip), filled(photos_residence=[upload(portrait)]), headers=JSON).json()["photos"]
    answer = client.post(url, {"kind": "OBJECT", "photo": upload(pictures.jpeg(colour="#b5823a", further=True))})

    assert answer.status_code == 200
    with agency_scope(agency.id):
        assert list(Photo.objects.order_by("id").values_list("kind", flat=True)) == ["RESIDENCE", "OBJECT"]


def test_what_is_no_photo_is_said_in_words(trip: Trip, collector: factories.Membership) -> None:
    client = factories.client_of(collector)
    page = client.post(form_of(trip), filled(photos_other=[upload(b"%PDF")]))
    assert page.status_code == 422
    assert "Use JPEG, PNG or WebP" in page.content.decode()
    url = client.post(form_of(trip), filled(), headers=JSON).json()["photos"]
    answer = client.post(url, {"kind": "OTHER", "photo": upload(b"GIF89a")})
    assert answer.status_code == 422
    assert "Use JPEG, PNG or WebP" in answer.json()["errors"][0]["sentence"]


def test_the_gate_s_sentence_stands_beside_the_kept_form(
    trip: Trip, collector: factories.Membership, agency: factories.Agency
) -> None:
    with agency_scope(agency.id):
        holds.place(trip.case, reason="DISPUTE", by=collector, as_of=NOW.date())
    client = factories.client_of(collector)
    page = client.post(form_of(trip), filled(note="Dog in the yard"))

    assert page.status_code == 422
    assert "disputes the debt" in page.content.decode()
    assert "Dog in the yard" in page.content.decode()
    answer = client.post(form_of(trip), filled(), headers=JSON)
    assert answer.status_code == 409
    assert "disputes the debt" in answer.json()["errors"][0]["sentence"]


def test_a_promise_needs_its_sum_and_day(trip: Trip, collector: factories.Membership, agency: factories.Agency) -> None:
    with agency_scope(agency.id):
        code = DispositionCode.objects.get(code="PROMISE")
    body = filled(outcome="MET_DEBTOR", result=code.id, letter="DEBTOR", reason="FORGOT")
    page = factories.client_of(collector).post(form_of(trip), body)
    assert "Say how much and on which day." in page.content.decode()


def test_where_the_law_forbids_the_door_it_is_not_offered(
    collector: factories.Membership, trip_of: Callable[..., Trip], agency: factories.Agency
) -> None:
    with agency_scope(agency.id):
        portfolio = factories.make_portfolio(factories.make_mandate(factories.make_creditor(country="RO")))
    page = factories.client_of(collector).get(form_of(trip_of(collector, portfolio=portfolio))).content.decode()

    assert "In the apartment door" not in page
    assert "The law forbids to post anything on the door here." in page


def test_a_visited_stop_leads_to_its_visit(trip: Trip, collector: factories.Membership) -> None:
    client = factories.client_of(collector)
    url = client.post(form_of(trip), filled(), headers=JSON).json()["url"]
    assert client.get(form_of(trip))["Location"] == url


def test_the_stop_of_another_collector_does_not_exist(trip: Trip, member: Member) -> None:
    client = factories.client_of(member("FIELD_COLLECTOR"))
    assert client.get(form_of(trip)).status_code == 404
    assert client.post(form_of(trip), filled()).status_code == 404
    assert factories.client_of(member("COLLECTOR")).get(form_of(trip)).status_code == 403


@pytest.fixture
def visit(trip: Trip, collector: factories.Membership, agency: factories.Agency) -> Visit:
    with agency_scope(agency.id):
        report = Report(
            outcome="MET_OTHER", relation="NEIGHBOUR", letter="OTHER", note="Lives on the third floor.",
            photos=(photos.read(pictures.jpeg(), kind="RESIDENCE", time_zone="Europe/Chisinau"),),
            signature=pictures.signature(), signer="Ana Rusu",
        )  # fmt: skip
        return visiting.record_visit(
            trip.stop, draft_key=uuid4(), started_at=NOW, report=report, by=collector, now=NOW + timedelta(minutes=8)
        )


def test_the_case_shows_its_visits_photos_and_how_many_were_in_vain(visit: Visit, trip: Trip, member: Member) -> None:
    """S002-14."""
    page = factories.client_of(member("COORDINATOR")).get(reverse("case", args=[trip.case.id])).content.decode()

    for text in ("1 negative visit", "Met somebody else", "Neighbour", reverse("visit", args=[visit.id])):
        assert text in page
    assert "/field/photos/" in page


def test_the_protocol_is_a_pdf_with_photo_and_signature(
    visit: Visit, trip: Trip, member: Member, agency: factories.Agency
) -> None:
    client = factories.client_of(member("COORDINATOR"))
    page = client.post(reverse("visit-protocol", args=[visit.id]), follow=True).content.decode()
    assert "The visit protocol was made." in page
    with agency_scope(agency.id):
        document = Document.objects.get(kind="VISIT_PROTOCOL")
        pdf = PdfReader(io.BytesIO(content_of(document)))
    text = " ".join(part.extract_text() for part in pdf.pages)
    assert "Neighbour" in text
    assert "Ana Rusu" in text
    assert len({image.data for part in pdf.pages for image in part.images}) == 2
    answer = client.get(reverse("document", args=[trip.case.id, document.id]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def closed(case: Case, by: factories.Membership) -> Case:
    fresh = Case.objects.get(id=case.id)
    transitions.apply(fresh, "close", by=by, as_of=NOW.date(), now=NOW, reason="Recalled", close_reason="RECALLED")
    return fresh


def test_the_final_report_sums_up_a_closed_case(
    visit: Visit, trip: Trip, member: Member, agency: factories.Agency
) -> None:
    """S003-13."""
    manager = member("MANAGER")
    client, url = factories.client_of(manager), reverse("final-report", args=[trip.case.id])
    assert "when the case is closed" in client.post(url, follow=True).content.decode()
    with agency_scope(agency.id):
        closed(trip.case, manager)
    page = client.post(url, follow=True).content.decode()

    assert "The final report was made." in page
    with agency_scope(agency.id):
        document = Document.objects.get(kind="FINAL_REPORT")
        text = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(content_of(document))).pages)
    for expected in (trip.case.contract_no, "Neighbour", "1 visit did not meet the debtor", "Photos (1 of 1)"):
        assert expected in text
    assert reverse("document", args=[trip.case.id, document.id]) in page


def test_orders_done_leave_the_list(visit: Visit, collector: factories.Membership, agency: factories.Agency) -> None:
    assert "No address to visit" in factories.client_of(collector).get(reverse("field-stops")).content.decode()
    with agency_scope(agency.id):
        assert VisitOrder.objects.get().state == "DONE"


def test_errors_in_json_name_the_field(trip: Trip, collector: factories.Membership) -> None:
    answer = factories.client_of(collector).post(form_of(trip), filled(outcome="", started_at="soon"), headers=JSON)
    assert answer.status_code == 422
    assert {one["field"] for one in json.loads(answer.content)["errors"]} == {"outcome", "started_at"}
