"""The financed object: no boot before the creditor's yes, each step with its protocol."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from agencies.scope import agency_scope
from cases import approvals
from cases.documents import content_of
from cases.models import Approval, Document
from field import objects, photos
from field.models import FinancedObject, ObjectStep, Photo
from tests import factories
from tests.visiting import pictures
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db
Member = Callable[..., factories.Membership]


@pytest.fixture
def found(trip: Trip, collector: factories.Membership, agency: factories.Agency) -> FinancedObject:
    with agency_scope(agency.id):
        made = objects.register(trip.case, description="Dacia Logan, grey", plate="abc 123", by=collector, now=NOW)
        objects.take_step(made, "FOUND", place="Yard of the house", by=collector, now=NOW)
        made.refresh_from_db()
    return made


@pytest.fixture
def creditor(trip: Trip, member: Member) -> factories.Membership:
    return member("CREDITOR_USER", creditor=trip.case.creditor)


@pytest.fixture
def scope(found: FinancedObject, creditor: factories.Membership, in_agency: factories.Agency) -> factories.Agency:
    """People are made before the scope is entered by the test."""
    return in_agency


def answer(step: ObjectStep, *, grant: bool, by: Any) -> None:
    approval = Approval.objects.get(kind="BOOT", subject_id=step.id)
    approvals.decide(approval, grant=grant, by=by, now=NOW + timedelta(hours=1), note="As agreed.")


def boot(found: FinancedObject, *, by: factories.Membership) -> ObjectStep:
    return objects.take_step(found, "BOOTED", by=by, now=NOW + timedelta(hours=2))


def test_a_boot_is_asked_of_the_creditor_alone(
    scope: Any, found: FinancedObject, collector: factories.Membership
) -> None:
    step = objects.ask_for_boot(found, note="Ready to drive away", by=collector, now=NOW)

    asked = Approval.objects.get(kind="BOOT", subject_id=step.id)
    assert (asked.side, asked.state) == ("CREDITOR", "WAITING")
    shown = {str(fact.label): fact.value for fact in approvals.kind_of(asked).shown(asked)}
    assert shown["Object"] == "Dacia Logan, grey"
    assert shown["Plate"] == "ABC 123"
    with pytest.raises(objects.BootAlreadyAsked):
        objects.ask_for_boot(found, by=collector, now=NOW)


def test_without_the_creditor_s_yes_there_is_no_boot(
    scope: Any, found: FinancedObject, collector: factories.Membership
) -> None:
    """S003-11."""
    with pytest.raises(objects.BootNotApproved):
        boot(found, by=collector)
    objects.ask_for_boot(found, by=collector, now=NOW)
    with pytest.raises(objects.BootNotApproved):
        boot(found, by=collector)
    assert FinancedObject.objects.get(id=found.id).state == "FOUND"


def test_after_a_no_there_is_no_boot(
    scope: Any, found: FinancedObject, collector: factories.Membership, creditor: factories.Membership
) -> None:
    step = objects.ask_for_boot(found, by=collector, now=NOW)
    answer(step, grant=False, by=creditor)

    assert ObjectStep.objects.get(id=step.id).state == "REFUSED"
    with pytest.raises(objects.BootNotApproved):
        boot(found, by=collector)


def test_after_the_yes_the_boot_is_put_on_and_the_way_goes_on(
    scope: Any, found: FinancedObject, collector: factories.Membership, creditor: factories.Membership
) -> None:
    """S003-11, S003-22, S003-23."""
    answer(objects.ask_for_boot(found, by=collector, now=NOW), grant=True, by=creditor)
    boot(found, by=collector)
    for step in ("SECURED", "TRANSPORTED", "HANDED_OVER"):
        objects.take_step(found, step, by=collector, now=NOW + timedelta(hours=3))

    done = ObjectStep.objects.filter(object=found, state="DONE").order_by("id")
    assert [one.step for one in done] == ["FOUND", "BOOTED", "SECURED", "TRANSPORTED", "HANDED_OVER"]
    assert all(one.protocol.kind == "OBJECT_PROTOCOL" for one in done)


def test_raw_sql_puts_no_boot_on_without_approval(
    scope: Any, found: FinancedObject, collector: factories.Membership
) -> None:
    step = objects.ask_for_boot(found, by=collector, now=NOW)
    with pytest.raises(IntegrityError, match="not approved"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE field_objectstep SET state = 'DONE', done_at = now(), done_by_id = %s"
            " WHERE agency_id = %s AND id = %s",
            [collector.user_id, step.agency_id, step.id],
        )
    with pytest.raises(IntegrityError, match="not approved"), transaction.atomic():
        ObjectStep.objects.create(
            object=found, case_id=found.case_id, step="BOOTED", state="DONE", asked_by=collector.user, asked_at=NOW,
            done_by=collector.user, done_at=NOW,
        )  # fmt: skip


def test_the_page_puts_no_boot_on_without_approval(
    found: FinancedObject, collector: factories.Membership, agency: factories.Agency
) -> None:
    client = factories.client_of(collector)
    answer_ = client.post(reverse("object-step", args=[found.id]), {"step": "BOOTED"}, follow=True)

    assert "only after the creditor approved it" in answer_.content.decode()
    with agency_scope(agency.id):
        assert FinancedObject.objects.get(id=found.id).state == "FOUND"


def test_steps_follow_one_another(scope: Any, found: FinancedObject, collector: factories.Membership) -> None:
    with pytest.raises(objects.StepNotPossible):
        objects.take_step(found, "TRANSPORTED", by=collector, now=NOW)


@pytest.mark.parametrize("step", ["NOT_FOUND", "REFUSED"])
def test_without_the_object_a_complaint_is_thought_of(
    found: FinancedObject, collector: factories.Membership, step: str
) -> None:
    """S003-20."""
    client = factories.client_of(collector)
    page = client.post(reverse("object-step", args=[found.id]), {"step": step}, follow=True).content.decode()

    assert "A criminal complaint may be prepared in Legal" in page


def test_protocols_speak_the_debtor_s_language_or_the_agency_s(
    scope: Any, found: FinancedObject, collector: factories.Membership
) -> None:
    """S003-23."""
    objects.take_step(found, "SECURED", language="en", note="Scratched door", by=collector, now=NOW)

    first, second = Document.objects.filter(kind="OBJECT_PROTOCOL").order_by("id")
    assert (first.language, second.language) == (found.case.debtor.language, "en")
    text = PdfReader(io.BytesIO(content_of(second))).pages[0].extract_text()
    assert "Protocol of seizure" in text
    assert "ABC 123" in text
    assert "Scratched door" in text


def test_the_creditor_s_yes_stands_in_the_protocol(
    scope: Any, found: FinancedObject, collector: factories.Membership, creditor: factories.Membership
) -> None:
    answer(objects.ask_for_boot(found, by=collector, now=NOW), grant=True, by=creditor)
    done = objects.take_step(found, "BOOTED", language="en", by=collector, now=NOW + timedelta(hours=2))

    text = PdfReader(io.BytesIO(content_of(done.protocol))).pages[0].extract_text()
    assert "approved the wheel boot beforehand" in text.replace("\n", " ")


def pictured(colour: str) -> photos.Picture:
    return photos.read(pictures.jpeg(size=(800, 600), colour=colour), kind="OBJECT", time_zone="Europe/Chisinau")


def images_of(step: ObjectStep) -> int:
    pdf = PdfReader(io.BytesIO(content_of(step.protocol)))
    return len({image.data for page in pdf.pages for image in page.images})


def test_each_protocol_shows_the_photos_of_its_own_step(
    scope: Any, found: FinancedObject, collector: factories.Membership
) -> None:
    """S003-22, S003-23."""
    other = objects.register(found.case, description="Trailer", by=collector, now=NOW)
    red, blue, green = pictured("#b33"), pictured("#33b"), pictured("#3b3")
    first = objects.take_step(other, "FOUND", pictures=[red, blue], by=collector, now=NOW)
    second = objects.take_step(found, "SECURED", note="Given by the holder", pictures=[green], by=collector, now=NOW)

    assert (images_of(first), images_of(second)) == (2, 1)
    assert Photo.objects.filter(step=first).count() == 2
    kept = Photo.objects.get(step=second)
    assert (str(kept.latitude), kept.kind, kept.visit) == ("47.02500", "OBJECT", None)
    assert photos.original_content(kept) == green.original


def test_a_step_sent_twice_is_one_step_with_its_photos(
    found: FinancedObject, collector: factories.Membership, agency: factories.Agency
) -> None:
    client, url = factories.client_of(collector), reverse("object-step", args=[found.id])
    key = uuid4()
    with agency_scope(agency.id):
        before = ObjectStep.objects.count()
    for _time in range(2):
        sent = {"step": "SECURED", "note": "Given by the holder", "sent_key": key, "photos": upload()}
        answer_ = client.post(url, sent, headers={"Accept": "application/json"})
        assert (answer_.status_code, answer_.json()) == (200, {"url": reverse("case-objects", args=[found.case_id])})
    with agency_scope(agency.id):
        assert ObjectStep.objects.count() == before + 1
        assert Photo.objects.count() == 1
    page = client.get(reverse("case-objects", args=[found.case_id])).content.decode()
    assert page.count("<figure>") == 1


def test_photos_of_a_boot_that_is_asked_for_stand_in_its_protocol(
    scope: Any, found: FinancedObject, collector: factories.Membership, creditor: factories.Membership
) -> None:
    asked = objects.ask_for_boot(found, pictures=[pictured("#b33")], by=collector, now=NOW)
    answer(asked, grant=True, by=creditor)
    done = objects.take_step(found, "BOOTED", pictures=[pictured("#33b")], by=collector, now=NOW)

    assert (done.id, images_of(done)) == (asked.id, 2)


def test_a_step_with_something_that_is_no_photo_is_refused_whole(
    found: FinancedObject, collector: factories.Membership, agency: factories.Agency
) -> None:
    sent = {"step": "NOT_FOUND", "photos": SimpleUploadedFile("a.jpg", b"no image", "image/jpeg")}
    answer_ = factories.client_of(collector).post(
        reverse("object-step", args=[found.id]), sent, headers={"Accept": "application/json"}
    )
    assert answer_.status_code == 422
    assert "This is not a photo that can be kept" in answer_.json()["errors"][0]["sentence"]
    with agency_scope(agency.id):
        assert FinancedObject.objects.get(id=found.id).state == "FOUND"


def upload(colour: str = "#3a72b5") -> SimpleUploadedFile:
    return SimpleUploadedFile("car.jpg", pictures.jpeg(size=(800, 600), colour=colour), "image/jpeg")
