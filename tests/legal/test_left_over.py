"""What is left when a case is closed or a firm loses it: approvals, proceedings, costs, and who goes on with them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from cases import approvals, money, transitions
from cases.models import Approval, Case
from field.models import ObjectStep
from field.objects import ask_for_boot, register, take_step
from ledger.models import Account
from legal import closing, complaints, costs, handoffs, lawsuits, proceedings
from legal.lawsuits import Tick
from legal.models import Complaint, Handoff, HandoffDocument, LawsuitDecision, Proceeding, ProceedingStep
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_agency")


def lawsuit(accepted, by, opened_on=TODAY):
    return proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=opened_on, by=by, now=NOW)


def step_of(proceeding, code):
    return ProceedingStep.objects.get(proceeding=proceeding, code=code)


def close(case, by, reason="RECALLED"):
    return transitions.close(Case.objects.get(id=case.id), reason=reason, by=by, as_of=TODAY)


def wait_for_everything(case, officer, member):
    ticks = {item.code: Tick(explanation="Known") for item in lawsuits.checklists.items_of("MD")}
    decision = lawsuits.save_draft(case, reasons=["USELESS"], text="", ticks=ticks, by=officer, as_of=TODAY, now=NOW)
    lawsuits.ask(decision, by=officer, as_of=TODAY, now=NOW)
    complaints.request(case, reason="OTHER", place="Chișinău", wording="The car is gone", by=officer, now=NOW)
    visitor = member("FIELD_COLLECTOR")
    car = register(case, description="Dacia Logan", by=visitor, now=NOW)
    take_step(car, "FOUND", by=visitor, now=NOW)
    car.refresh_from_db()
    ask_for_boot(car, by=visitor, now=NOW)


def states():
    return (
        LawsuitDecision.objects.get().state, Complaint.objects.get().state,
        ObjectStep.objects.get(step="BOOTED").state,
        set(Approval.objects.values_list("state", flat=True)),
    )  # fmt: skip


def test_nobody_is_asked_about_a_case_that_was_closed(case, officer, member):
    """A lawsuit, a complaint and a boot on a paid debt would be irreversible."""
    wait_for_everything(case, officer, member)
    close(case, member("MANAGER"))
    assert states() == ("WITHDRAWN", "WITHDRAWN", "LAPSED", {"WITHDRAWN"})
    assert Event.objects.filter(kind="approval.withdrawn", case_id=case.id).count() == 4


def test_the_night_that_closes_paid_cases_asks_no_longer_either(case, officer, member):
    wait_for_everything(case, officer, member)
    Case.objects.filter(id=case.id).update(balance=0)
    assert transitions.apply_all(as_of=TODAY)["close_paid"] == 1
    assert states() == ("WITHDRAWN", "WITHDRAWN", "LAPSED", {"WITHDRAWN"})


def test_a_promise_that_waits_is_not_touched_by_another_case(case, officer, member):
    other = factories.make_case(stage="FIELD", days_past_due=120)
    wait_for_everything(case, officer, member)
    close(other, member("MANAGER"))
    assert set(Approval.objects.values_list("state", flat=True)) == {"WAITING"}


@pytest.mark.parametrize("reason", ["PAID", "RECALLED"])
def test_an_approved_complaint_is_not_filed_after_the_case_was_closed(case, officer, member, reason):
    complaint = complaints.request(
        case, reason="OTHER", place="Chișinău", wording="The car is gone", by=officer, now=NOW
    )
    creditor = member("CREDITOR_USER", creditor=case.creditor)
    for answer in Approval.objects.filter(subject_id=complaint.id):
        approvals.decide(
            answer, grant=True, by=creditor if answer.side == "CREDITOR" else member("COORDINATOR"), now=NOW
        )
    complaint.refresh_from_db()
    assert complaint.state == "APPROVED"
    if reason == "PAID":
        Case.objects.filter(id=case.id).update(balance=0)
        assert transitions.apply_all(as_of=TODAY)["close_paid"] == 1
    else:
        close(case, member("MANAGER"))
    complaint.refresh_from_db()
    assert (complaint.state, complaint.withdrawn_note) == ("WITHDRAWN", "The case is closed.")
    assert Event.objects.filter(kind="legal.complaint_withdrawn", case_id=case.id).count() == 1


def test_a_case_its_creditor_recalled_leaves_the_firm_at_once(accepted, lawyer, member):
    close(accepted.case, member("MANAGER"))
    accepted.refresh_from_db()
    assert (accepted.state, accepted.ended_at is not None) == ("RECALLED", True)
    assert not handoffs.of_firm(lawyer).exists()


def test_a_paid_case_is_listed_until_somebody_ended_it_in_court(accepted, lawyer, officer, case):
    """The firm must tell the court; nobody forgets that it still has the case."""
    order = lawsuit(accepted, lawyer)
    proceedings.set_due(step_of(order, "HEARING"), due_on=TODAY, by=lawyer, now=NOW)
    fresh = Case.objects.select_related("account", "mandate").get(id=case.id)
    money.take_payment(fresh, amount=Decimal(2500), received_on=TODAY, by=officer, now=NOW)
    assert not proceedings.due_steps(until=TODAY).exists()
    assert list(closing.left_over(officer)) == [accepted]
    proceedings.end(order, state="ENDED", ended_on=TODAY, by=lawyer, now=NOW)
    handoffs.finish(accepted, note="Withdrawn in court", by=officer, now=NOW)
    assert list(closing.left_over(officer)) == []


def test_the_calendar_leads_to_closed_cases_that_a_firm_still_has(accepted, lawyer, officer, case, member, shut):
    lawsuit(accepted, lawyer)
    close(case, member("MANAGER"), reason="SETTLED")
    client = factories.client_of(officer)
    assert "?state=closed" in client.get(reverse("legal-calendar")).content.decode()
    page = client.get(reverse("handoffs") + "?state=closed").content.decode()
    assert reverse("handoff", args=[accepted.id]) in page


def test_costs_of_a_closed_case_are_kept_and_not_charged(accepted, lawyer, case, member):
    close(case, member("MANAGER"), reason="SETTLED")
    cost = costs.report(accepted, kind="BAILIFF", amount=Decimal(40), incurred_on=TODAY, by=lawyer, now=NOW)
    assert cost.entry_id is None
    assert Account.objects.get(id=case.account_id).costs == 0


def test_after_the_recall_the_agency_goes_on_and_the_firm_does_not(accepted, lawyer, officer):
    order = lawsuit(accepted, lawyer)
    handoffs.recall(accepted, note="Too slow", by=officer, now=NOW)
    accepted.refresh_from_db()
    with pytest.raises(handoffs.NotYourHandoff):
        proceedings.report_step(step_of(order, "FILE_CLAIM"), done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)
    proceedings.report_step(step_of(order, "FILE_CLAIM"), done_on=TODAY, by=officer, as_of=TODAY, now=NOW)
    costs.report(accepted, kind="LAWYER", amount=Decimal(90), incurred_on=TODAY, by=officer, now=NOW)
    with pytest.raises(handoffs.NotNow):
        lawsuit(accepted, officer)
    proceedings.end(order, state="WON", ended_on=TODAY, by=officer, now=NOW)


def test_the_page_of_a_recalled_handoff_takes_steps_with_their_documents(accepted, lawyer, officer, shut):
    order = lawsuit(accepted, lawyer)
    handoffs.recall(accepted, note="Too slow", by=officer, now=NOW)
    client, url = factories.client_of(officer), reverse("handoff", args=[accepted.id])
    page = client.get(url).content.decode()
    assert "The agency goes on with what is open here" in page
    step = step_of(order, "FILE_CLAIM")
    paper = SimpleUploadedFile("claim.pdf", b"%PDF-1.4 claim", content_type="application/pdf")
    client.post(reverse("handoff-step", args=[accepted.id, step.id]), {"done_on": TODAY.isoformat(), "file": paper})
    with shut():
        assert ProceedingStep.objects.get(id=step.id).document_id is not None


def test_the_next_firm_takes_the_open_lawsuit_over_with_its_documents(accepted, lawyer, officer, agency, case):
    order = lawsuit(accepted, lawyer)
    paper = handoffs.share(
        accepted, kind="COURT", title="Claim", filename="c.pdf", content=b"%PDF", mime="application/pdf", by=lawyer,
        now=NOW,
    )  # fmt: skip
    proceedings.report_step(
        step_of(order, "FILE_CLAIM"), done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW, document=paper
    )
    handoffs.recall(accepted, note="Too slow", by=officer, now=NOW)
    firm = factories.make_law_firm()
    successor = factories.make_lawyer(agency, firm)
    case = Case.objects.get(id=case.id)
    again = handoffs.prepare(
        handoffs.approved_decision(case), firm=firm, by=officer, as_of=TODAY, now=timezone.now()
    )  # fmt: skip
    again = handoffs.accept(handoffs.send(again, by=officer, now=NOW), by=successor, now=NOW)
    assert (again.state, Proceeding.objects.get().handoff_id) == ("IN_COURT", again.id)
    assert HandoffDocument.objects.filter(handoff=again, document=paper).exists()
    proceedings.set_due(step_of(order, "HEARING"), due_on=TODAY + timedelta(days=30), by=successor, now=NOW)


def test_a_firm_is_not_done_while_a_proceeding_has_no_outcome(accepted, lawyer, officer):
    order = lawsuit(accepted, lawyer)
    with pytest.raises(handoffs.ProceedingsOpen, match="or recall the case"):
        handoffs.finish(accepted, note="Done", by=officer, now=NOW)
    proceedings.end(order, state="WON", ended_on=TODAY, by=lawyer, now=NOW)
    handoffs.finish(accepted, note="Done", by=officer, now=NOW)
    assert Handoff.objects.get().state == "DONE"


def test_the_answer_after_the_closing_comes_too_late(case, officer, member, coordinator):
    wait_for_everything(case, officer, member)
    asked = Approval.objects.get(kind="LAWSUIT")
    close(case, member("MANAGER"))
    with pytest.raises(approvals.AlreadyDecided):
        approvals.decide(asked, grant=True, by=coordinator, now=NOW)
