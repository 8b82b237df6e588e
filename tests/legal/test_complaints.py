"""A criminal complaint is filed only after coordinator and creditor said yes, and what the police says is kept."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cases import approvals, documents, holds, money
from cases.models import Approval, Case
from legal import complaints
from legal.models import Complaint, PoliceNews
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("by_day", "in_agency")


@pytest.fixture
def complaint(case, officer):
    return complaints.request(
        case, reason="OBJECT_NOT_FOUND", place="Police of Orhei", wording="The car cannot be found at any address.",
        requirements="In two copies", by=officer, now=NOW,
    )  # fmt: skip


def yes(complaint, side, by):
    answer = Approval.objects.get(kind="COMPLAINT", subject_id=complaint.id, side=side)
    return approvals.decide(answer, grant=True, by=by, now=NOW)


def test_one_yes_is_not_enough(complaint, coordinator, officer):
    """S003-20: after approval by the creditor's responsible employee."""
    yes(complaint, "COORDINATOR", coordinator)
    with pytest.raises(approvals.ApprovalMissing):
        complaints.file(complaint, filed_on=TODAY, by=officer, as_of=TODAY, now=NOW)
    assert Complaint.objects.get(id=complaint.id).state == "REQUESTED"


@pytest.mark.parametrize("state", ["APPROVED", "FILED"])
def test_the_database_refuses_it_too(complaint, state):
    with pytest.raises(IntegrityError, match="is not approved"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE legal_complaint SET state = %s, filed_on = %s WHERE agency_id = %s AND id = %s",
            [state, TODAY if state == "FILED" else None, complaint.agency_id, complaint.id],
        )


def test_the_page_refuses_it_too(complaint, officer, case, shut):
    page = factories.client_of(officer).post(
        reverse("complaint-file", args=[complaint.id]), {"filed_on": TODAY.isoformat()}, follow=True
    )
    assert "must be approved first" in page.content.decode()
    with shut():
        assert Complaint.objects.get(id=complaint.id).filed_on is None


def test_after_both_it_is_filed_as_a_document_and_the_police_is_followed(complaint, coordinator, officer, case, member):
    """S003-20, S003-21: place and wording by the creditor; correspondence with the police."""
    yes(complaint, "COORDINATOR", coordinator)
    yes(complaint, "CREDITOR", member("CREDITOR_USER", creditor=case.creditor))
    filed = complaints.file(
        Complaint.objects.get(id=complaint.id), filed_on=TODAY, police_no="PC-17/2026", by=officer, as_of=TODAY, now=NOW
    )  # fmt: skip
    assert (filed.state, filed.document.kind) == ("FILED", "COMPLAINT")
    text = PdfReader(io.BytesIO(documents.content_of(filed.document))).pages[0].extract_text()
    assert "Police of Orhei" in text
    assert "cannot be found at any address" in " ".join(text.split())
    complaints.note_police(filed, on=TODAY, text="An officer was named", by=officer, now=NOW)
    ((_one, (news,)),) = complaints.of_case(case)
    assert news.text == "An officer was named"
    with pytest.raises(complaints.FiledAlready):
        complaints.file(filed, filed_on=TODAY, by=officer, as_of=TODAY, now=NOW)


def test_a_no_of_the_creditor_ends_it(complaint, case, member):
    creditor = member("CREDITOR_USER", creditor=case.creditor)
    answer = Approval.objects.get(kind="COMPLAINT", subject_id=complaint.id, side="CREDITOR")
    approvals.decide(answer, grant=False, by=creditor, now=NOW, note="We talk to him first")
    complaint.refresh_from_db()
    assert (complaint.state, complaint.refused_note) == ("REFUSED", "We talk to him first")


def test_the_creditor_reads_place_wording_and_requirements(complaint, case, member):
    creditor = member("CREDITOR_USER", creditor=case.creditor)
    page = factories.client_of(creditor).get(reverse("creditor-approvals")).content.decode()
    for words in ("Police of Orhei", "cannot be found at any address", "In two copies"):
        assert words in page


def test_what_is_not_whole_is_refused(case, officer, complaint):
    with pytest.raises(complaints.ComplaintOpen):
        complaints.request(case, reason="OTHER", place="Here", wording="Words", by=officer, now=NOW)
    other = factories.make_case()
    with pytest.raises(complaints.PlaceMissing):
        complaints.request(other, reason="OTHER", place=" ", wording="Words", by=officer, now=NOW)
    with pytest.raises(complaints.WordingMissing):
        complaints.request(other, reason="OTHER", place="Here", wording="", by=officer, now=NOW)
    with pytest.raises(complaints.FiledOnADayToCome):
        complaints.file(complaint, filed_on=TODAY + timedelta(days=1), by=officer, as_of=TODAY, now=NOW)
    with pytest.raises(complaints.NotFiledYet):
        complaints.note_police(complaint, on=TODAY, text="Nothing", by=officer, now=NOW)


@pytest.fixture
def approved(complaint, coordinator, case, member):
    yes(complaint, "COORDINATOR", coordinator)
    yes(complaint, "CREDITOR", member("CREDITOR_USER", creditor=case.creditor))
    return Complaint.objects.get(id=complaint.id)


def pay(case, by, amount):
    fresh = Case.objects.select_related("account", "mandate").get(id=case.id)
    return money.take_payment(fresh, amount=Decimal(amount), received_on=TODAY, by=by, now=NOW)


def filing(complaint, officer, **more):
    return complaints.file(complaint, filed_on=TODAY, by=officer, as_of=TODAY, now=timezone.now(), **more)


def test_a_part_payment_stops_the_filing_until_somebody_says_why_it_goes_on(approved, officer, case):
    """S002-11, S003-20: money that came in after the question is looked at before the police is."""
    pay(case, officer, 400)
    with pytest.raises(complaints.ComplaintStopped, match=r"400\.00 MDL was received") as refused:
        filing(approved, officer)
    assert refused.value.field == "payment_note"
    filed = filing(approved, officer, payment_note="The car is still hidden")
    assert (filed.state, filed.payment_note) == ("FILED", "The car is still hidden")


def test_no_complaint_is_filed_about_a_paid_case(approved, officer, case):
    pay(case, officer, 2500)
    with pytest.raises(complaints.FiledAlready, match="withdrawn before"):
        filing(approved, officer, payment_note="All the same")
    assert Complaint.objects.get(id=approved.id).withdrawn_note == "The case is closed."


def test_a_dispute_stops_asking_and_filing(approved, officer, case):
    holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    with pytest.raises(complaints.ComplaintStopped, match="Debt disputed"):
        filing(approved, officer, payment_note="All the same")
    complaints.withdraw(approved, note="Disputed", by=officer, now=NOW)
    with pytest.raises(complaints.ComplaintStopped, match="Debt disputed"):
        complaints.request(case, reason="OTHER", place="Orhei", wording="Again", by=officer, now=NOW)


def test_an_approved_complaint_is_withdrawn_on_the_page_and_another_may_be_asked_for(approved, officer, case, shut):
    page = factories.client_of(officer).post(
        reverse("complaint-withdraw", args=[approved.id]), {"note": "The car was found"}, follow=True
    )
    assert "Withdrawn because" in page.content.decode()
    with shut():
        fresh = Complaint.objects.get(id=approved.id)
        assert (fresh.state, fresh.withdrawn_note) == ("WITHDRAWN", "The car was found")
        with pytest.raises(complaints.FiledAlready):
            filing(fresh, officer)
        assert complaints.request(case, reason="OTHER", place="Orhei", wording="Again", by=officer, now=NOW)


def test_a_complaint_that_waits_is_asked_for_no_longer(complaint, officer):
    complaints.withdraw(complaint, note="A mistake", by=officer, now=NOW)
    assert set(Approval.objects.filter(kind="COMPLAINT").values_list("state", flat=True)) == {"WITHDRAWN"}


def test_a_letter_of_the_police_is_kept_with_the_news(approved, officer, shut):
    """S003-21: correspondence with the police, with its paper."""
    filing(approved, officer)
    page = factories.client_of(officer).post(
        reverse("complaint-news", args=[approved.id]),
        {"on": TODAY.isoformat(), "text": "Registered", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 letter")},
        follow=True,
    )  # fmt: skip
    assert "Correspondence with the police</a>" in page.content.decode()
    with shut():
        assert PoliceNews.objects.get(complaint=approved).document.filename == "a.pdf"


def test_the_wording_stays_on_the_page_when_a_complaint_is_refused(case, officer):
    typed = {"reason": "OTHER", "place": "", "wording": "A long wording that took an hour."}
    client, url = factories.client_of(officer), reverse("complaint-request", args=[case.id])
    unfilled = client.post(url, typed)
    assert unfilled.status_code == 422
    assert "A long wording that took an hour." in unfilled.content.decode()
    holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    refused = client.post(url, typed | {"place": "Police of Orhei"})
    assert refused.status_code == 422
    assert "A long wording that took an hour." in refused.content.decode()
    assert "Debt disputed" in refused.content.decode()
