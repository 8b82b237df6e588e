"""A case in the hands of a law firm: never without the approved decision, seen by that firm alone, until its recall."""

import io
import zipfile
from decimal import Decimal
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cases import approvals, documents, holds, money, transitions
from cases.models import Case, Document
from ledger.models import Account, Line
from ledger.proof import prove
from legal import costs, dossiers, handoffs, lawsuits, proceedings, stopping
from legal.models import Handoff, HandoffCost, HandoffDocument
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("by_day", "in_agency")


def test_without_approval_nothing_is_handed_over_by_the_domain(case, officer, firm):
    """S003-25, S004-38: an external lawyer gets a case only after the decision."""
    decision = lawsuits.save_draft(case, reasons=["USELESS"], text="", ticks={}, by=officer, as_of=TODAY, now=NOW)
    with pytest.raises(approvals.ApprovalMissing):
        handoffs.prepare(decision, firm=firm, by=officer, as_of=TODAY, now=NOW)
    assert not Handoff.objects.exists()


def test_without_approval_nothing_is_handed_over_by_the_page(case, officer, firm, shut):
    decision = lawsuits.save_draft(case, reasons=["USELESS"], text="", ticks={}, by=officer, as_of=TODAY, now=NOW)
    url = reverse("handoff-prepare", args=[decision.id])
    page = factories.client_of(officer).post(url, {"firm": firm.id}, follow=True).content.decode()
    assert "must be approved first" in page
    with shut():
        assert not Handoff.objects.exists()


def test_without_approval_nothing_is_handed_over_by_sql(case, officer, firm):
    decision = lawsuits.save_draft(case, reasons=["USELESS"], text="", ticks={}, by=officer, as_of=TODAY, now=NOW)
    with pytest.raises(IntegrityError, match="without an approved decision"), transaction.atomic():
        Handoff.objects.create(case=case, decision=decision, firm=firm, prepared_at=NOW, cleared_at=NOW)


def test_a_decision_about_another_case_hands_nothing_over(case, firm):
    decision, other = factories.approve_lawsuit(case), factories.make_case(stage="FIELD")
    with pytest.raises(IntegrityError, match="without an approved decision"), transaction.atomic():
        Handoff.objects.create(case=other, decision=decision, firm=firm, prepared_at=NOW, cleared_at=NOW)


def test_preparing_moves_the_case_to_legal_and_makes_the_dossier(prepared, case):
    case = Case.objects.get(id=case.id)
    assert (case.stage, prepared.state) == ("LEGAL", "PREPARED")
    assert {prepared.summary.kind, prepared.dossier.kind} == {"DOSSIER"}
    assert (prepared.summary.mime, prepared.dossier.mime) == ("application/pdf", "application/zip")


def test_a_case_taken_back_from_legal_is_not_handed_over_by_the_old_decision(case, officer, firm):
    decision = factories.approve_lawsuit(case)
    transitions.apply(case, "hand_to_legal", by=officer, as_of=TODAY, reason="Hides")
    transitions.apply(case, "send_back_from_legal", by=officer, as_of=TODAY, reason="Calls back")
    with pytest.raises(handoffs.DecisionMissing):
        handoffs.prepare(decision, firm=firm, by=officer, as_of=TODAY, now=NOW)


def test_a_creditors_own_lawyer_takes_only_its_cases(case, officer):
    """S002-11: the lawyer is trusted by the creditor."""
    decision = factories.approve_lawsuit(case)
    other = factories.make_law_firm(creditor=factories.make_creditor())
    with pytest.raises(handoffs.FirmOfAnotherCreditor):
        handoffs.prepare(decision, firm=other, by=officer, as_of=TODAY, now=NOW)
    own = factories.make_law_firm(creditor=case.creditor)
    assert handoffs.prepare(decision, firm=own, by=officer, as_of=TODAY, now=NOW).firm == own


def test_one_firm_at_a_time(prepared, officer):
    with pytest.raises(handoffs.HandedOverAlready):
        handoffs.prepare(prepared.decision, firm=factories.make_law_firm(), by=officer, as_of=TODAY, now=NOW)


def test_the_archive_holds_everything_with_hashes_that_can_be_checked(case, officer, firm):
    documents.add(
        case, kind="CONTRACT", title="Contract", filename="contract.pdf", content=b"%PDF-contract",
        mime="application/pdf", by=officer, now=NOW,
    )  # fmt: skip
    made = handoffs.prepare(factories.approve_lawsuit(case), firm=firm, by=officer, as_of=TODAY, now=NOW)
    archive = zipfile.ZipFile(io.BytesIO(documents.content_of(made.dossier)))
    assert archive.namelist() == ["documents/001-contract.pdf", "dossier.pdf", "SHA256SUMS"]
    listed = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
    assert listed == {
        name: sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != "SHA256SUMS"
    }
    assert archive.read("dossier.pdf") == documents.content_of(made.summary)


def test_the_same_files_give_the_same_archive():
    files = [dossiers.File("b.txt", b"2"), dossiers.File("a.txt", b"1")]
    assert dossiers.packed(files) == dossiers.packed(reversed(files))


def test_the_dossier_tells_statement_chronology_decision_and_documents(prepared, case):
    pages = PdfReader(io.BytesIO(documents.content_of(prepared.summary))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in (
        case.contract_no, case.debtor.name, case.creditor.name, "Statement of account", "Chronology",
        "Further contact looks useless", "Approval asked of the Coordinator", "2,500.00 MDL", "Lex & Asociații",
    ):  # fmt: skip
        assert words in text, words


def test_the_firm_sees_a_case_from_the_sending_to_the_recall(prepared, officer, lawyer):
    assert not handoffs.of_firm(lawyer).exists()
    handoffs.send(prepared, by=officer, now=NOW)
    assert list(handoffs.of_firm(lawyer)) == [prepared]
    handoffs.recall(prepared, note="Paid half", by=officer, now=NOW)
    assert not handoffs.of_firm(lawyer).exists()
    with pytest.raises(handoffs.NotYourHandoff):
        handoffs.accept(prepared, by=lawyer, now=NOW)


def test_another_firm_sees_nothing_and_does_nothing(accepted, agency):
    stranger = factories.make_lawyer(agency, factories.make_law_firm())
    assert not handoffs.of_firm(stranger).exists()
    with pytest.raises(handoffs.NotYourHandoff):
        handoffs.ask(accepted, text="What is this?", by=stranger, now=NOW)
    with pytest.raises(handoffs.NotYourHandoff):
        costs.report(accepted, kind="COURT_FEE", amount=Decimal(5), incurred_on=TODAY, by=stranger, now=NOW)


def test_a_question_waits_for_its_answer_and_the_work_goes_on(accepted, lawyer, officer):
    handoffs.ask(accepted, text="Where is the annex?", by=lawyer, now=NOW)
    accepted.refresh_from_db()
    assert accepted.state == "QUESTION"
    handoffs.answer(accepted, text="Added now", by=officer, now=NOW)
    accepted.refresh_from_db()
    assert accepted.state == "ACCEPTED"
    assert [word.text for word in handoffs.words_of(accepted)] == ["Where is the annex?", "Added now"]
    with pytest.raises(handoffs.NotNow):
        handoffs.answer(accepted, text="Again", by=officer, now=NOW)


def test_costs_raise_the_debt_by_a_balanced_entry(accepted, lawyer, case):
    """S002-11: legal acts cost; the debtor owes them at once."""
    cost = costs.report(
        accepted, kind="COURT_FEE", amount=Decimal("75.50"), incurred_on=TODAY, by=lawyer, now=NOW, note="State fee"
    )
    account, case = Account.objects.get(id=case.account_id), Case.objects.get(id=case.id)
    assert (account.costs, account.balance, case.balance) == (Decimal("75.50"), Decimal("2575.50"), Decimal("2575.50"))
    assert {(line.bucket, line.amount) for line in Line.objects.filter(entry=cost.entry)} == {
        ("COSTS", Decimal("75.50")), ("INCURRED", Decimal("-75.50")),
    }  # fmt: skip
    assert case.dpd(TODAY) == 120
    assert prove() == []


def test_costs_wait_until_the_firm_has_accepted(sent, lawyer):
    with pytest.raises(handoffs.NotNow):
        costs.report(sent, kind="COURT_FEE", amount=Decimal(5), incurred_on=TODAY, by=lawyer, now=NOW)


def test_what_was_charged_and_said_stays(accepted, lawyer):
    costs.report(accepted, kind="LAWYER", amount=Decimal(5), incurred_on=TODAY, by=lawyer, now=NOW)
    with (
        pytest.raises(Exception, match=r"only grows|permission denied"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute("UPDATE legal_handoffcost SET amount = 1 WHERE agency_id = %s", [accepted.agency_id])


def test_a_payment_stops_enforcement_until_a_legal_officer_looked(accepted, lawyer, officer, case):
    """S002-11: field and legal work in parallel; a payment stops both."""
    case = Case.objects.select_related("account", "mandate").get(id=case.id)
    money.take_payment(case, amount=Decimal(100), received_on=TODAY, by=officer, now=NOW)
    (stop,) = stopping.stops(accepted)
    assert stop.code == "PAYMENT"
    assert "100.00 MDL" in stop.sentence
    with pytest.raises(stopping.EnforcementStopped, match="payment of 100"):
        proceedings.open_proceeding(accepted, kind="PAYMENT_ORDER", opened_on=TODAY, by=lawyer, now=NOW)
    handoffs.resolve_stop(accepted, note="Only a part", by=officer, now=timezone.now())
    accepted.refresh_from_db()
    assert stopping.stops(accepted) == []
    proceedings.open_proceeding(accepted, kind="PAYMENT_ORDER", opened_on=TODAY, by=lawyer, now=NOW)


def test_a_dispute_stops_enforcement_until_the_hold_is_lifted(accepted, lawyer, officer, case):
    proceeding = proceedings.open_proceeding(accepted, kind="PAYMENT_ORDER", opened_on=TODAY, by=lawyer, now=NOW)
    step = proceeding_step(proceeding, "FILE_CLAIM")
    hold = holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    with pytest.raises(stopping.EnforcementStopped, match="Debt disputed"):
        proceedings.report_step(step, done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)
    with pytest.raises(handoffs.NotNow, match="Lift the hold"):
        handoffs.resolve_stop(accepted, note="Go on", by=officer, now=NOW)
    holds.lift(hold, by=officer, now=NOW)
    proceedings.report_step(step, done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)


def proceeding_step(proceeding, code):
    return proceedings.ProceedingStep.objects.get(proceeding=proceeding, code=code)


def test_a_case_taken_back_or_closed_stops_the_firm(accepted, officer, case, member):
    transitions.apply(Case.objects.get(id=case.id), "send_back_from_legal", by=officer, as_of=TODAY, reason="Talks")
    accepted.case.refresh_from_db()
    assert [stop.code for stop in stopping.stops(accepted)] == ["TAKEN_BACK"]
    transitions.close(Case.objects.get(id=case.id), reason="RECALLED", by=member("MANAGER"), as_of=TODAY)
    accepted.case.refresh_from_db()
    assert [stop.code for stop in stopping.stops(accepted)] == ["CLOSED"]


def test_the_firms_document_is_seen_by_both_and_by_nobody_else(accepted, lawyer, officer, agency):
    document = handoffs.share(
        accepted, kind="COURT", title="Order", filename="order.pdf", content=b"%PDF", mime="application/pdf", by=lawyer,
        now=NOW,
    )  # fmt: skip
    assert HandoffDocument.objects.get(document=document).from_firm
    for person, name in ((lawyer, "firm-handoff-document"), (officer, "handoff-document")):
        response = factories.client_of(person).get(reverse(name, args=[accepted.id, document.id]))
        assert response.content == b"%PDF"
        assert response["Content-Disposition"].startswith("attachment")
    stranger = factories.make_lawyer(agency, factories.make_law_firm())
    url = reverse("firm-handoff-document", args=[accepted.id, document.id])
    assert factories.client_of(stranger).get(url).status_code == 404


def test_a_document_of_the_case_that_was_not_shared_stays_with_the_agency(accepted, lawyer, case):
    kept = documents.add(
        case, kind="OTHER", title="Notes", filename="n.pdf", content=b"%PDF", mime="application/pdf", by=None, now=NOW
    )
    url = reverse("firm-handoff-document", args=[accepted.id, kept.id])
    assert factories.client_of(lawyer).get(url).status_code == 404
    assert Document.objects.filter(id=kept.id).exists()
    assert not HandoffCost.objects.exists()


def test_the_dossier_names_the_debtor_as_a_claim_must(officer, firm):
    debtor = factories.make_debtor(name="Vasile Cojocaru", national_id="2001234567891")
    made = handoffs.prepare(
        factories.approve_lawsuit(factories.make_case(stage="FIELD", debtor=debtor)), firm=firm, by=officer,
        as_of=TODAY, now=NOW,
    )  # fmt: skip
    first = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(documents.content_of(made.summary))).pages)
    assert "2001234567891" in first
    assert "Strada Florilor" in first
