"""Pages of complaints: recorded on the case, worked by a coordinator, seen by the creditor."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases.models import DebtorComplaint, Document, Hold
from tests import factories
from tests.quality.makers import answer, complain, decide, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(agency):
    with agency_scope(agency.id):
        return factories.make_case()


def told(**more):
    return {
        "kind": "AMOUNT", "source": "DEBTOR", "way": "PHONE", "received_on": today().isoformat(),
        "text": "The sum is not mine.",
    } | more  # fmt: skip


def test_a_collector_records_a_complaint_from_the_desk_by_its_key(case, member):
    """S000-22."""
    browser = factories.client_of(member("COLLECTOR"))
    address = f"/cases/{case.id}/complaints/new/"
    page = browser.get(f"/cases/{case.id}/").content.decode()
    assert f'href="{address}" data-key="b"' in page

    done = browser.post(address, told(with_hold="on"))

    assert (done.status_code, done.url) == (302, f"/cases/{case.id}/")
    page = browser.get(done.url).content.decode()
    assert "Amount disputed" in page
    assert "30 days left" in page
    with agency_scope(case.agency_id):
        assert DebtorComplaint.objects.get().hold == Hold.objects.get()


def test_what_was_typed_is_kept_when_it_is_refused(case, member):
    browser = factories.client_of(member("COLLECTOR"))
    refused = browser.post(f"/cases/{case.id}/complaints/new/", told(kind="TONE", with_hold="on"))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "The sum is not mine." in page
    assert "Only a complaint that contests the claim" in page


def test_a_coordinator_works_a_complaint_to_its_answer(case, member):
    """S000-22, S003-19."""
    coordinator = member("COORDINATOR")
    browser = factories.client_of(coordinator)
    opened = browser.post(f"/cases/{case.id}/complaints/new/", told(with_hold="on"))
    address = opened.url
    assert "Nothing was done yet" in browser.get(address).content.decode()
    browser.post(f"{address}steps/", {"text": "Asked the creditor for the contract"})
    early = browser.post(f"{address}answer/", {})
    assert early.status_code == 422
    decided = {"outcome": "UPHELD", "measures": "The interest was counted twice; corrected."}
    assert browser.post(f"{address}decide/", decided).status_code == 302
    file = SimpleUploadedFile("answer.pdf", b"%PDF-1.7 answer")
    sent = {"file": file, "way": "LETTER", "answered_on": today().isoformat(), "lift_hold": "on"}

    assert browser.post(f"{address}answer/", sent).status_code == 302

    page = browser.get(address).content.decode()
    assert "Asked the creditor for the contract" in page
    assert "Answer to complaint 1/" in page
    with agency_scope(case.agency_id):
        complaint = DebtorComplaint.objects.get()
        assert complaint.state == "CLOSED"
        assert Document.objects.get(case=case) == complaint.answer
        assert Hold.objects.get().lifted_at is not None


def test_a_document_that_is_none_is_refused_and_nothing_closes(case, member):
    browser = factories.client_of(member("COORDINATOR"))
    with agency_scope(case.agency_id):
        by = member("MANAGER")
        complaint = decide(complain(case, by), by)
    file = SimpleUploadedFile("answer.pdf", b"MZ not a document")
    sent = {"file": file, "way": "LETTER", "answered_on": today().isoformat()}
    refused = browser.post(f"/complaints/{complaint.id}/answer/", sent)
    assert refused.status_code == 422
    assert "Only PDF" in refused.content.decode()


def test_whom_it_is_about_may_read_and_not_work_on_it(case, member):
    coordinator = member("COORDINATOR")
    with agency_scope(case.agency_id):
        complaint = complain(case, member("MANAGER"), about=coordinator)
    browser = factories.client_of(coordinator)
    assert "This complaint is about you" in browser.get(f"/complaints/{complaint.id}/").content.decode()
    refused = browser.post(f"/complaints/{complaint.id}/steps/", {"text": "x"})
    assert refused.status_code == 422


def test_the_register_filters_and_counts_down(case, member):
    with agency_scope(case.agency_id):
        by = member("COORDINATOR")
        complain(case, by, kind="VISIT", received_on=today() - timedelta(days=40))
        complain(case, by, kind="DATA")
    browser = factories.client_of(by)
    page = browser.get("/complaints/").content.decode()
    assert page.index(">1/20") < page.index(">2/20")
    assert "30 days left" in page
    late = browser.get("/complaints/?state=LATE").content.decode()
    assert "1 complaint" in late
    assert "10 days late" in late
    assert "Conduct at a visit</" not in browser.get("/complaints/?kind=DATA").content.decode().split("<tbody>")[1]
    assert "Take a filter away" in browser.get("/complaints/?kind=AMOUNT").content.decode()


def test_an_empty_register_says_how_a_complaint_comes_in(case, member):
    page = factories.client_of(member("MANAGER")).get("/complaints/").content.decode()
    assert "recorded on the case it is about" in page


def test_a_collector_does_not_open_the_register(case, member):
    with agency_scope(case.agency_id):
        complaint = complain(case, member("COORDINATOR"))
    browser = factories.client_of(member("COLLECTOR"))
    assert browser.get("/complaints/").status_code == 403
    assert browser.get(f"/complaints/{complaint.id}/").status_code == 403


def test_the_dashboard_rings_when_an_answer_is_late_and_counts_with_links(case, member):
    """S000-22."""
    coordinator = member("COORDINATOR")
    with agency_scope(case.agency_id):
        complain(case, coordinator, received_on=today() - timedelta(days=31))
        complain(case, coordinator, kind="DATA", received_on=today())
    browser = factories.client_of(coordinator)
    page = browser.get("/dashboard/").content.decode()
    assert "1 answer is late" in page
    address = f"/complaints/?start={today() - timedelta(days=29)}&amp;end={today()}&amp;kind=DATA"
    assert address in page
    rows = browser.get(address.replace("&amp;", "&")).content.decode()
    assert "1 complaint" in rows
    with agency_scope(case.agency_id):
        for complaint in DebtorComplaint.objects.all():
            answer(decide(complaint, coordinator), coordinator)
    assert "is late" not in browser.get("/dashboard/").content.decode()


def test_the_creditor_sees_the_complaints_of_its_own_cases_and_no_words(case, member):
    """S003-19."""
    creditor_user = member("CREDITOR_USER", creditor=case.creditor)
    with agency_scope(case.agency_id):
        coordinator = member("COORDINATOR")
        answer(decide(complain(case, coordinator), coordinator), coordinator)
        complain(factories.make_case(), coordinator, kind="VISIT")
    browser = factories.client_of(creditor_user)
    page = browser.get("/creditor/complaints/").content.decode()
    assert "Tone of a conversation" in page
    assert "he was trained" in page
    assert "He shouted" not in page
    assert "Conduct at a visit" not in page
    assert "Tone of a conversation" in browser.get(f"/creditor/cases/{case.id}/").content.decode()


def test_a_machine_of_the_creditor_reads_them_too(case, member):
    """S003-19."""
    creditor_user = member("CREDITOR_USER", creditor=case.creditor)
    with agency_scope(case.agency_id):
        coordinator = member("COORDINATOR")
        complain(case, coordinator)
        complain(factories.make_case(), coordinator)
        _token, secret = issue_token(creditor_user, name="robot", by=creditor_user.user)
    head = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    found = factories.client_of(creditor_user).get("/api/v1/complaints", **head).json()["results"]
    assert [(row["contract_no"], row["about"], row["measures"]) for row in found] == [(case.contract_no, "TONE", "")]
    assert factories.client_of(creditor_user).get("/api/v1/complaints?state=LOST", **head).status_code == 400
