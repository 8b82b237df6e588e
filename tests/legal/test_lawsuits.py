"""Whether a debt goes to court: reasons, checklist, limitation, and nobody but those asked lets it happen."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cases import approvals, court, documents, transitions
from cases.models import Approval, Case
from legal import lawsuits, limitation
from legal.lawsuits import Tick
from legal.models import LawsuitDecision
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_agency")
EXPLAINED = {
    code: Tick(explanation="The creditor brings it to the hearing")
    for code in ("CLAIM_DOCUMENTS", "CREDITOR_AUTHORITY", "PAYMENT_SUMMONS", "ADDRESS_KNOWN", "LIMITATION", "NO_HOLD")
}


def draft(case, by, **fields):
    values = {"reasons": ["REFUSES_TO_PAY"], "text": "Moved away twice", "ticks": EXPLAINED, "as_of": TODAY, "now": NOW}
    return lawsuits.save_draft(case, by=by, **(values | fields))


def asked(case, by, **fields):
    return lawsuits.ask(draft(case, by, **fields), by=by, as_of=TODAY, now=NOW)


def answer_of(decision, side):
    return Approval.objects.get(kind="LAWSUIT", subject_id=decision.id, side=side)


def test_the_decision_keeps_the_claim_by_its_parts_and_its_reasons(case, officer):
    """S000-12, S004-38: the conclusion of field is an explicit decision with reasons."""
    decision = draft(case, officer)
    assert (decision.claim, decision.principal, decision.currency) == (2500, 2500, "MDL")
    assert decision.reason_labels == ["Does not agree to repay"]
    assert Event.objects.get(kind="legal.lawsuit_drafted").data["claim"] == "2500.00"


def test_a_missing_item_without_explanation_stops_the_question(case, officer):
    decision = draft(case, officer, ticks={})
    with pytest.raises(lawsuits.ChecklistIncomplete, match="Contract and proof of the claim") as refused:
        lawsuits.ask(decision, by=officer, as_of=TODAY, now=NOW)
    assert refused.value.details["missing"] == ["CLAIM_DOCUMENTS", "CREDITOR_AUTHORITY"]
    assert not Approval.objects.exists()


def test_what_the_case_holds_ticks_the_list_by_itself(case, officer):
    for kind in ("CONTRACT", "POWER_OF_ATTORNEY"):
        documents.add(
            case, kind=kind, title=kind, filename="a.pdf", content=b"%PDF", mime="application/pdf", by=officer, now=NOW
        )
    decision = asked(case, officer, ticks={})
    states = {one.code: one.state for one in lawsuits.checks_of(decision)}
    assert states["CLAIM_DOCUMENTS"] == states["CREDITOR_AUTHORITY"] == states["ADDRESS_KNOWN"] == "MET"
    assert states["ASSIGNMENT_NOTICE"] == "NOT_NEEDED"
    assert decision.state == "WAITING"


def test_a_ceded_debt_needs_its_notice_of_assignment(officer):
    ceded = factories.make_case(stage="FIELD", ownership="CEDED")
    with pytest.raises(lawsuits.ChecklistIncomplete, match="notice of assignment"):
        asked(ceded, officer)
    ceded.assignment_notice_on = TODAY
    ceded.save(update_fields=["assignment_notice_on"])
    assert asked(ceded, officer).state == "WAITING"


def test_in_the_czech_republic_the_call_to_pay_is_ticked_by_a_person(officer):
    portfolio = factories.make_portfolio(factories.make_mandate(jurisdiction="CZ"))
    czech = factories.make_case(portfolio=portfolio, stage="FIELD")
    unticked = {code: tick for code, tick in EXPLAINED.items() if code != "PAYMENT_SUMMONS"}
    with pytest.raises(lawsuits.ChecklistIncomplete, match="called on to pay"):
        asked(czech, officer, ticks=unticked)
    assert asked(czech, officer, ticks=unticked | {"PAYMENT_SUMMONS": Tick(met=True)}).state == "WAITING"


def test_a_decision_without_a_reason_is_not_asked(case, officer):
    with pytest.raises(lawsuits.ReasonsMissing):
        asked(case, officer, reasons=[])


@pytest.mark.parametrize(
    ("jurisdiction", "kind", "years"),
    [
        ("MD", "MORTGAGE", 3),
        ("RO", "CAR_LEASE", 3),
        ("IT", "CONSUMER_CREDIT", 10),
        ("CZ", "TELECOM", 3),
        ("LT", "TRADE", 10),
    ],
)
def test_the_limitation_is_counted_by_the_country(jurisdiction, kind, years):
    term = limitation.term_of(jurisdiction, kind)
    assert term.years == years
    assert term.source
    assert limitation.last_day(date(2024, 2, 29), term) == date(2024 + years, 2, 28)


def test_where_no_term_is_known_the_agency_sets_the_day(case, officer):
    assert limitation.term_of("IT", "UTILITY") is None
    assert limitation.term_of("GB", "TRADE") is None
    case.jurisdiction = "GB"
    with pytest.raises(lawsuits.LimitationNeedsReason):
        draft(case, officer, limitation_on=TODAY + timedelta(days=900))
    decision = draft(
        case, officer, limitation_on=TODAY + timedelta(days=900), limitation_note="Limitation Act, counsel"
    )
    assert decision.limitation_source == "Limitation Act, counsel"


@pytest.mark.parametrize(("days", "alarm"), [(-1, "PASSED"), (0, "NEAR"), (90, "NEAR"), (91, "FAR")])
def test_the_alarm_rises_before_the_last_day(days, alarm):
    assert limitation.alarm(TODAY + timedelta(days=days), TODAY) == alarm
    assert limitation.alarm(None, TODAY) == "UNKNOWN"


def test_a_time_barred_claim_is_a_gap_to_be_explained(officer):
    old = factories.make_case(stage="FIELD", days_past_due=4 * 366)
    ticks = {code: tick for code, tick in EXPLAINED.items() if code != "LIMITATION"}
    with pytest.raises(lawsuits.ChecklistIncomplete, match="not time-barred"):
        asked(old, officer, ticks=ticks)


def test_the_coordinators_yes_opens_the_legal_stage(case, officer, coordinator):
    decision = asked(case, officer)
    approvals.decide(answer_of(decision, "COORDINATOR"), grant=True, by=coordinator, now=NOW)
    decision.refresh_from_db()
    case.refresh_from_db()
    assert (decision.state, case.court_decision_id, case.stage) == ("APPROVED", decision.id, "FIELD")
    transitions.apply(case, "hand_to_legal", by=officer, as_of=TODAY, reason="Approved")
    assert Case.objects.get(id=case.id).stage == "LEGAL"


def test_where_the_mandate_says_so_the_creditor_must_agree_too(case, officer, coordinator, member):
    case.mandate.approvals = ["LAWSUIT"]
    case.mandate.save(update_fields=["approvals"])
    decision = asked(case, officer)
    approvals.decide(answer_of(decision, "COORDINATOR"), grant=True, by=coordinator, now=NOW)
    with pytest.raises(approvals.ApprovalMissing):
        court.open_for_court(case, decision_id=decision.id)
    creditor = member("CREDITOR_USER", creditor=case.creditor)
    approvals.decide(answer_of(decision, "CREDITOR"), grant=True, by=creditor, now=NOW)
    assert LawsuitDecision.objects.get(id=decision.id).state == "APPROVED"


def test_a_no_is_kept_with_its_reason_and_the_case_stays(case, officer, coordinator):
    decision = asked(case, officer)
    approvals.decide(answer_of(decision, "COORDINATOR"), grant=False, by=coordinator, now=NOW, note="Costs exceed it")
    decision.refresh_from_db()
    assert (decision.state, decision.ended_note) == ("REFUSED", "Costs exceed it")
    with pytest.raises(transitions.TransitionRefused, match="decided on the legal page"):
        transitions.apply(case, "hand_to_legal", by=officer, as_of=TODAY, reason="All the same")


def test_not_to_go_to_court_is_a_decision_too(case, officer):
    """S000-12: "whether to go to court or not"."""
    decision = asked(case, officer)
    with pytest.raises(lawsuits.WithdrawalNeedsReason):
        lawsuits.withdraw(decision, note=" ", by=officer, now=NOW)
    lawsuits.withdraw(decision, note="Nothing to seize", by=officer, now=NOW)
    assert LawsuitDecision.objects.get(id=decision.id).ended_note == "Nothing to seize"
    assert answer_of(decision, "COORDINATOR").state == "WITHDRAWN"
    assert draft(case, officer).id != decision.id


def test_what_waits_is_not_changed_under_the_deciders_eyes(case, officer):
    asked(case, officer)
    with pytest.raises(lawsuits.NotADraft):
        draft(case, officer, text="Something else")


def test_the_database_refuses_an_approved_decision_that_nobody_approved(case, officer):
    decision = asked(case, officer)
    with pytest.raises(IntegrityError, match="is not approved"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE legal_lawsuitdecision SET state = 'APPROVED' WHERE agency_id = %s AND id = %s",
            [decision.agency_id, decision.id],
        )


def test_the_page_asks_only_when_the_list_is_complete_and_keeps_what_was_typed(case, officer, shut):
    client, url = factories.client_of(officer), reverse("lawsuit-save", args=[case.id])
    sent = {"reasons": ["NO_CONTACT"], "text": "Left the country", "ask": "1"}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "Left the country" in refused.content.decode()
    assert "Bring what is missing" in refused.content.decode()
    kept = {"why_CLAIM_DOCUMENTS": "With the notary", "why_CREDITOR_AUTHORITY": "General power on file"}
    assert client.post(url, sent | kept).status_code == 302
    with shut():
        assert LawsuitDecision.objects.get(case=case).state == "WAITING"
    page = client.get(reverse("legal-case", args=[case.id])).content.decode()
    assert "Waits for approval" in page
    assert "With the notary" in page


def test_the_decider_sees_claim_reasons_and_gaps(case, officer, coordinator):
    asked(case, officer)
    page = factories.client_of(coordinator).get(reverse("approvals")).content.decode()
    assert "2,500.00 MDL" in page
    assert "Moved away twice" in page
    assert "The creditor brings it to the hearing" in page


@pytest.mark.parametrize(
    "role", ["COLLECTOR", "FIELD_COLLECTOR", "CREDITOR_USER", "LAW_FIRM_USER", "AGENCY_ADMINISTRATOR"]
)
def test_others_have_no_legal_page(case, member, role):
    client = factories.client_of(member(role))
    assert client.get(reverse("legal-case", args=[case.id])).status_code == 403
    assert client.post(reverse("lawsuit-save", args=[case.id]), {}).status_code == 403


def test_deciding_over_the_page_is_the_only_way_to_legal(case, officer, coordinator, shut):
    decision = asked(case, officer)
    stage = {"transition": "hand_to_legal", "reason": "Now"}
    client = factories.client_of(officer)
    assert client.post(reverse("stage-move", args=[case.id]), stage).status_code == 422
    factories.client_of(coordinator).post(
        reverse("approval-decide", args=[answer_of(decision, "COORDINATOR").id]), {"decide": "approve"}
    )
    assert client.post(reverse("stage-move", args=[case.id]), stage).status_code == 302
    with shut():
        assert Case.objects.get(id=case.id).stage == "LEGAL"
        assert timezone.now() >= LawsuitDecision.objects.get(id=decision.id).decided_at
