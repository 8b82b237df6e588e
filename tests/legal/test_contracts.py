"""The status of a contract apart from the stage; acceleration by law and in the creditor's system side by side."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import contract_status
from cases.models import Case, Document
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_agency")


def test_an_acceleration_needs_its_notice_and_leaves_the_stage_alone(case, officer):
    """S002-12, S004-09: the contract's status is not the stage."""
    with pytest.raises(contract_status.NoticeMissing):
        contract_status.record_status(case, "ACCELERATED", effective_on=TODAY, by=officer, now=NOW)
    with pytest.raises(contract_status.EffectBeforeNotice):
        contract_status.record_status(
            case, "ACCELERATED", notice_on=TODAY, effective_on=TODAY - timedelta(days=1), by=officer, now=NOW
        )
    contract_status.record_status(
        case, "ACCELERATED", notice_on=TODAY - timedelta(days=20), effective_on=TODAY - timedelta(days=5), by=officer,
        now=NOW,
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.contract_status, case.stage) == ("ACCELERATED", "FIELD")
    assert contract_status.days_since_acceleration(case, TODAY) == 5
    assert case.dpd(TODAY) == 120


@pytest.mark.parametrize("status", ["TERMINATED", "IN_LITIGATION", "BEING_ASSIGNED"])
def test_later_statuses_keep_the_acceleration_and_stand_in_the_history(case, officer, status):
    contract_status.record_status(case, "ACCELERATED", notice_on=TODAY, effective_on=TODAY, by=officer, now=NOW)
    contract_status.record_status(case, status, effective_on=TODAY, by=officer, now=NOW)
    case.refresh_from_db()
    assert (case.contract_status, case.accelerated_on) == (status, TODAY)
    newest, first = contract_status.history(case)
    assert case.get_contract_status_display() in newest.sentence
    assert "accelerated" in first.sentence


def test_back_in_force_clears_the_acceleration(case, officer):
    contract_status.record_status(case, "ACCELERATED", notice_on=TODAY, effective_on=TODAY, by=officer, now=NOW)
    contract_status.record_status(case, "IN_FORCE", effective_on=TODAY, by=officer, now=NOW)
    case.refresh_from_db()
    assert case.accelerated_on is None


def test_the_same_status_twice_is_refused(case, officer):
    with pytest.raises(contract_status.NothingChanges):
        contract_status.record_status(case, "IN_FORCE", effective_on=TODAY, by=officer, now=NOW)
    with pytest.raises(contract_status.NothingChanges):
        contract_status.record_source(case, accelerated=False, by=officer, now=NOW)


def test_batches_show_where_law_and_system_differ(officer):
    """S004-10: later batches were accelerated by law and never in the bank's system."""
    march, later = factories.make_portfolio(name="March"), factories.make_portfolio(name="Later")
    for portfolio, source in ((march, True), (later, False), (later, False)):
        case = factories.make_case(portfolio=portfolio, accelerated_on=TODAY, source_accelerated=source)
    factories.make_case(portfolio=later)
    factories.make_case(portfolio=later, stage="CLOSED", closed_on=TODAY, close_reason="PAID", accelerated_on=TODAY)
    first, second = contract_status.batches()
    assert (first.portfolio, first.cases, first.by_law, first.in_source, first.differing) == (later, 3, 2, 0, 2)
    assert (second.portfolio, second.differing) == (march, 0)
    assert case in contract_status.differing(later)


def test_the_pages_record_with_a_document_and_highlight_the_difference(case, officer, shut):
    client = factories.client_of(officer)
    notice = SimpleUploadedFile("notice.pdf", b"%PDF-1.7", content_type="application/pdf")
    sent = {"status": "ACCELERATED", "notice_on": "2026-11-01", "effective_on": "2026-11-10", "file": notice}
    assert client.post(reverse("contract-record", args=[case.id]), sent).status_code == 302
    page = client.get(reverse("legal-case", args=[case.id])).content.decode()
    assert "system differ" in page
    assert "effective from" in page
    with shut():
        assert Document.objects.get(case=case).filename == "notice.pdf"
    assert "1 differs" in client.get(reverse("contracts")).content.decode()
    listed = client.get(reverse("contract-portfolio", args=[case.portfolio_id])).content.decode()
    assert case.contract_no in listed
    client.post(reverse("contract-source", args=[case.id]), {"accelerated": "yes"})
    assert "system differ" not in client.get(reverse("legal-case", args=[case.id])).content.decode()
    assert "Contract and court" in client.get(reverse("case", args=[case.id])).content.decode()


def test_a_program_is_no_document(case, officer, shut):
    sent = {
        "status": "TERMINATED", "effective_on": "2026-11-10",
        "file": SimpleUploadedFile("x.exe", b"MZ", content_type="application/pdf"),
    }  # fmt: skip
    client = factories.client_of(officer)
    assert (
        "are not kept here"
        in client.post(reverse("contract-record", args=[case.id]), sent, follow=True).content.decode()
    )
    with shut():
        assert Case.objects.get(id=case.id).contract_status == "IN_FORCE"


def test_what_was_typed_of_the_contract_stays_when_it_is_refused(case, officer):
    refused = factories.client_of(officer).post(
        reverse("contract-record", args=[case.id]),
        {"status": "ACCELERATED", "notice_on": "2026-10-01", "effective_on": "soon"},
    )
    assert refused.status_code == 422
    assert 'value="2026-10-01"' in refused.content.decode()
