"""What came in after the decision is looked at before the case is handed over; an unused decision can be taken back."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.models import Event
from cases import documents, holds, money, transitions
from cases.models import Case
from legal import handoffs, lawsuits, stopping
from legal.models import Handoff, LawsuitDecision
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_agency")


def pay(case, by, amount=400):
    fresh = Case.objects.select_related("account", "mandate").get(id=case.id)
    return money.take_payment(fresh, amount=Decimal(amount), received_on=TODAY, by=by, now=NOW)


def prepare(decision, firm, officer, **more):
    return handoffs.prepare(decision, firm=firm, by=officer, as_of=TODAY, now=timezone.now(), **more)


def test_a_payment_since_the_question_is_looked_at_before_the_case_is_handed_over(case, officer, firm):
    """S002-11: a part payment between the decision and the law firm is not swallowed."""
    decision = factories.approve_lawsuit(case)
    pay(case, officer)
    with pytest.raises(stopping.EnforcementStopped, match=r"400\.00 MDL was received") as refused:
        prepare(decision, firm, officer)
    assert refused.value.field == "payment_note"
    handoff = prepare(decision, firm, officer, payment_note="The rest stays unpaid")
    assert (handoff.cleared_note, stopping.stops(handoff)) == ("The rest stays unpaid", [])
    assert Event.objects.get(kind="legal.handoff_prepared").data["payment_looked_at"] is True


def test_the_dossier_tells_claim_and_balance_each_with_its_moment(case, officer, firm):
    decision = factories.approve_lawsuit(case)
    pay(case, officer)
    handoff = prepare(decision, firm, officer, payment_note="The rest stays unpaid")
    pages = PdfReader(io.BytesIO(documents.content_of(handoff.summary))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Owed now" in text
    assert "2,100.00 MDL. What was booked between the two days" in text
    assert "2,500.00 MDL" in text


def test_a_payment_known_before_the_question_stops_nothing(case, officer, firm):
    pay(case, officer)
    handoff = prepare(factories.approve_lawsuit(case), firm, officer)
    assert (handoff.state, handoff.decision.claim) == ("PREPARED", 2100)


def test_a_dispute_keeps_the_case_from_being_handed_over(case, officer, firm):
    decision = factories.approve_lawsuit(case)
    hold = holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    with pytest.raises(stopping.EnforcementStopped, match="Debt disputed"):
        prepare(decision, firm, officer, payment_note="All the same")
    with pytest.raises(transitions.TransitionRefused, match="hold is open"):
        transitions.apply(case, "hand_to_legal", by=officer, as_of=TODAY, reason="Now")
    assert not Handoff.objects.exists()
    holds.lift(hold, by=officer, now=NOW)
    assert prepare(decision, firm, officer).state == "PREPARED"


def test_a_prepared_case_waits_for_the_look_at_its_payment_and_gets_a_new_dossier(prepared, officer, case):
    """S002-11: the firm gets the dossier that tells the payment."""
    first = prepared.dossier_id
    pay(case, officer)
    with pytest.raises(stopping.EnforcementStopped, match="payment of 400"):
        handoffs.send(prepared, by=officer, now=NOW)
    cleared = handoffs.resolve_stop(prepared, note="The rest stays unpaid", by=officer, now=timezone.now())
    assert cleared.dossier_id != first
    assert handoffs.send(prepared, by=officer, now=NOW).state == "SENT"


def test_a_prepared_case_is_not_sent_while_it_is_disputed(prepared, officer, case):
    holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    with pytest.raises(stopping.EnforcementStopped, match="Debt disputed"):
        handoffs.send(prepared, by=officer, now=NOW)


def test_the_claim_is_read_once_more_when_approval_is_asked(case, officer):
    ticks = {item.code: lawsuits.Tick(explanation="Known") for item in lawsuits.checklists.items_of("MD")}
    decision = lawsuits.save_draft(case, reasons=["USELESS"], text="", ticks=ticks, by=officer, as_of=TODAY, now=NOW)
    pay(case, officer)
    asked = lawsuits.ask(decision, by=officer, as_of=TODAY, now=NOW)
    assert (decision.claim, asked.claim) == (2500, 2100)
    assert Event.objects.get(kind="legal.lawsuit_asked").data["claim"] == "2100.00"


def test_the_decider_sees_what_is_owed_today(case, officer, coordinator):
    ticks = {item.code: lawsuits.Tick(explanation="Known") for item in lawsuits.checklists.items_of("MD")}
    decision = lawsuits.save_draft(case, reasons=["USELESS"], text="", ticks=ticks, by=officer, as_of=TODAY, now=NOW)
    lawsuits.ask(decision, by=officer, as_of=TODAY, now=NOW)
    pay(case, officer)
    page = factories.client_of(coordinator).get(reverse("approvals")).content.decode()
    assert "Owed today" in page
    assert "2,100.00 MDL" in page


def test_the_page_asks_why_a_paid_down_claim_is_handed_over(case, officer, firm, shut):
    decision = factories.approve_lawsuit(case)
    pay(case, officer)
    client = factories.client_of(officer)
    page = client.get(reverse("legal-case", args=[case.id])).content.decode()
    assert "a payment of 400.00 MDL was received" in page
    assert "Why the case is handed over all the same" in page
    url = reverse("handoff-prepare", args=[decision.id])
    client.post(url, {"firm": firm.id})
    with shut():
        assert not Handoff.objects.exists()
    client.post(url, {"firm": firm.id, "payment_note": "The rest stays unpaid"})
    with shut():
        assert Handoff.objects.get().cleared_note == "The rest stays unpaid"


def test_a_held_case_offers_the_way_to_its_hold_and_no_form(case, officer, firm):
    decision = factories.approve_lawsuit(case)
    holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    page = factories.client_of(officer).get(reverse("legal-case", args=[case.id])).content.decode()
    assert "Lift the hold on the case" in page
    assert reverse("handoff-prepare", args=[decision.id]) not in page


def test_a_held_handoff_leads_to_the_hold_instead_of_offering_to_go_on(accepted, officer, case):
    hold = holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    client, url = factories.client_of(officer), reverse("handoff", args=[accepted.id])
    page = client.get(url).content.decode()
    assert "Lift the hold on the case" in page
    assert "Let enforcement go on" not in page
    with factories.agency_scope(case.agency_id):
        holds.lift(hold, by=officer, now=NOW)
        pay(case, officer)
    assert "Let enforcement go on" in client.get(url).content.decode()


def test_an_approved_decision_nobody_used_can_be_withdrawn(case, officer):
    """S000-12: not to go to court is decided even after the yes."""
    decision = factories.approve_lawsuit(case)
    with pytest.raises(lawsuits.WithdrawalNeedsReason):
        lawsuits.withdraw(decision, note="", by=officer, now=NOW)
    lawsuits.withdraw(decision, note="Found a job, will pay", by=officer, now=NOW)
    case.refresh_from_db()
    assert (LawsuitDecision.objects.get(id=decision.id).state, case.court_decision_id) == ("WITHDRAWN", None)
    with pytest.raises(transitions.TransitionRefused, match="decided on the legal page"):
        transitions.apply(case, "hand_to_legal", by=officer, as_of=TODAY, reason="Now")
    assert factories.approve_lawsuit(case).id != decision.id


def test_a_decision_that_was_used_stands(prepared, officer, case):
    with pytest.raises(lawsuits.NotADraft, match="Recall the case"):
        lawsuits.withdraw(prepared.decision, note="Enough", by=officer, now=NOW)
    handoffs.recall(prepared, note="Another firm", by=officer, now=NOW)
    with pytest.raises(lawsuits.NotADraft, match="back from the legal stage"):
        lawsuits.withdraw(prepared.decision, note="Enough", by=officer, now=NOW)


def test_the_page_withdraws_an_approved_decision(case, officer, shut):
    decision = factories.approve_lawsuit(case)
    client, page = factories.client_of(officer), reverse("legal-case", args=[case.id])
    url = reverse("lawsuit-withdraw", args=[decision.id])
    assert url in client.get(page).content.decode()
    client.post(url, {"note": "Pays again"})
    with shut():
        assert Case.objects.get(id=case.id).court_decision_id is None
    assert "Pays again" in client.get(page).content.decode()


@pytest.mark.parametrize("by_night", [True, False])
def test_a_cured_case_loses_the_way_to_court(in_agency, officer, by_night):
    """What was approved for a debt long past due does not hold once it is paid up to date."""
    case = factories.make_case(stage="FIELD", days_past_due=120, amount=2500)
    factories.approve_lawsuit(case)
    fresh = Case.objects.get(id=case.id)
    Case.objects.filter(id=case.id).update(oldest_due_on=None, overdue=0)
    if by_night:
        transitions.apply_all(as_of=TODAY)
    else:
        transitions.follow(fresh, as_of=TODAY)
    fresh = Case.objects.get(id=case.id)
    assert (fresh.stage, fresh.court_decision_id) == ("WATCH", None)
    assert not handoffs.approved_decision(fresh)
    lawsuits.save_draft(
        fresh, reasons=["USELESS"], text="", ticks={}, by=officer, as_of=TODAY + timedelta(days=1), now=NOW
    )  # fmt: skip
