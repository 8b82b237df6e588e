"""Steps in the order in which they can have been done, corrected with a reason; costs charged once, or taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import override

from audit.models import Event
from cases import holds, money
from cases.models import Case
from ledger import posting
from ledger.models import Account, Due
from ledger.proof import prove
from ledger.queries import statement
from legal import costs, handoffs, proceedings, step_corrections, stopping
from legal.models import CostTakenBack, HandoffCost, ProceedingStep, StepCorrection
from legal.step_order import DayOutOfOrder, StepBefore
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_agency")


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def order(accepted, lawyer):
    return proceedings.open_proceeding(accepted, kind="PAYMENT_ORDER", opened_on=ago(20), by=lawyer, now=NOW)


def step_of(proceeding, code):
    return ProceedingStep.objects.get(proceeding=proceeding, code=code)


def report(proceeding, code, on, by):
    return proceedings.report_step(step_of(proceeding, code), done_on=on, by=by, as_of=TODAY, now=NOW)


def correct(step, on, by, reason="Mistyped"):
    return step_corrections.correct(step, done_on=on, reason=reason, by=by, as_of=TODAY, now=NOW)


def test_a_step_waits_for_the_step_it_follows(order, lawyer):
    with pytest.raises(StepBefore, match="first"):
        report(order, "ORDER_ISSUED", TODAY, lawyer)
    report(order, "FILE_CLAIM", ago(15), lawyer)
    report(order, "ORDER_ISSUED", TODAY, lawyer)


def test_no_step_lies_before_the_opening_or_before_the_step_it_follows(order, lawyer):
    with pytest.raises(DayOutOfOrder, match="nothing was done in it before"):
        report(order, "FILE_CLAIM", ago(21), lawyer)
    report(order, "FILE_CLAIM", ago(15), lawyer)
    with pytest.raises(DayOutOfOrder, match="cannot have been done before"):
        report(order, "ORDER_ISSUED", ago(16), lawyer)


def test_a_court_may_judge_without_a_hearing(accepted, lawyer):
    case = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=ago(20), by=lawyer, now=NOW)
    with pytest.raises(StepBefore):
        report(case, "JUDGMENT", ago(5), lawyer)
    report(case, "FILE_CLAIM", ago(20), lawyer)
    report(case, "JUDGMENT", ago(5), lawyer)
    with pytest.raises(DayOutOfOrder, match="cannot have been done after"):
        report(case, "HEARING", ago(4), lawyer)


def test_a_mistyped_day_is_corrected_and_the_deadline_counted_anew(officer, firm, lawyer, agency):
    """The day of service drives the deadline: a wrong one loses an appeal."""
    portfolio = factories.make_portfolio(factories.make_mandate(jurisdiction="LT", currency="EUR"))
    case = factories.make_case(portfolio=portfolio, stage="FIELD", days_past_due=200)
    made = handoffs.prepare(factories.approve_lawsuit(case), firm=firm, by=officer, as_of=TODAY, now=NOW)
    handoff = handoffs.accept(handoffs.send(made, by=officer, now=NOW), by=lawyer, now=NOW)
    order = proceedings.open_proceeding(handoff, kind="PAYMENT_ORDER", opened_on=ago(40), by=lawyer, now=NOW)
    for code, days in (("FILE_CLAIM", 40), ("ORDER_ISSUED", 20), ("ORDER_SERVED", 3)):
        report(order, code, ago(days), lawyer)
    wrong = step_of(order, "OBJECTION_PERIOD_OVER").due_on
    correct(step_of(order, "ORDER_SERVED"), ago(13), lawyer)
    assert step_of(order, "OBJECTION_PERIOD_OVER").due_on < wrong
    kept = StepCorrection.objects.get()
    assert (kept.was_on, kept.done_on, kept.reason) == (ago(3), ago(13), "Mistyped")
    assert Event.objects.get(kind="legal.step_moved").data["was_on"] == ago(3).isoformat()


def test_a_correction_says_why_and_keeps_the_order(order, lawyer):
    report(order, "FILE_CLAIM", ago(15), lawyer)
    report(order, "ORDER_ISSUED", ago(10), lawyer)
    with pytest.raises(step_corrections.WhyCorrected):
        correct(step_of(order, "FILE_CLAIM"), ago(14), lawyer, reason=" ")
    with pytest.raises(DayOutOfOrder):
        correct(step_of(order, "FILE_CLAIM"), ago(9), lawyer)
    with pytest.raises(DayOutOfOrder, match="that follow first"):
        correct(step_of(order, "FILE_CLAIM"), None, lawyer)


def test_a_step_that_was_not_done_is_taken_back(order, officer, lawyer):
    report(order, "FILE_CLAIM", ago(15), lawyer)
    correct(step_of(order, "FILE_CLAIM"), None, officer, reason="Another file")
    assert step_of(order, "FILE_CLAIM").done_on is None
    report(order, "FILE_CLAIM", ago(2), lawyer)
    assert Event.objects.filter(kind="legal.step_undone").count() == 1


def test_what_was_corrected_stays(order, lawyer):
    report(order, "FILE_CLAIM", ago(15), lawyer)
    correct(step_of(order, "FILE_CLAIM"), ago(14), lawyer)
    with (
        pytest.raises(Exception, match=r"only grows|permission denied"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute("UPDATE legal_stepcorrection SET reason = 'x' WHERE agency_id = %s", [order.agency_id])


def test_an_act_done_before_the_payment_came_is_still_reported(order, officer, lawyer, case):
    """S002-11: the payment stops what comes after it, not the memory of what was done before."""
    fresh = Case.objects.select_related("account", "mandate").get(id=case.id)
    money.take_payment(fresh, amount=Decimal(100), received_on=TODAY, by=officer, now=NOW)
    today = stopping.stops(order.handoff)[0].since
    with pytest.raises(stopping.EnforcementStopped):
        proceedings.report_step(step_of(order, "FILE_CLAIM"), done_on=today, by=lawyer, as_of=today, now=NOW)
    assert report(order, "FILE_CLAIM", ago(3), lawyer).done_on == ago(3)


def test_an_act_done_before_the_dispute_is_still_reported(order, officer, lawyer, case):
    holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    assert report(order, "FILE_CLAIM", ago(1), lawyer).done_on == ago(1)


def test_the_page_corrects_a_day_and_shows_what_stood_there(accepted, order, lawyer, officer, shut):
    report(order, "FILE_CLAIM", ago(15), lawyer)
    step = step_of(order, "FILE_CLAIM")
    client = factories.client_of(officer)
    client.post(
        reverse("handoff-correct", args=[accepted.id, step.id]),
        {"done_on": ago(14).isoformat(), "reason": "The stamp says so"},
    )
    with shut():
        assert step_of(order, "FILE_CLAIM").done_on == ago(14)
    assert "The stamp says so" in client.get(reverse("handoff", args=[accepted.id])).content.decode()
    factories.client_of(lawyer).post(
        reverse("firm-handoff-correct", args=[accepted.id, step.id]), {"undo": "1", "reason": "Another file"}
    )
    with shut():
        assert step_of(order, "FILE_CLAIM").done_on is None


def cost_form(amount="75.50", key="a1"):
    return {"kind": "COURT_FEE", "amount": amount, "incurred_on": TODAY.isoformat(), "note": "", "key": key}


def test_costs_sent_twice_by_a_double_click_are_charged_once(accepted, lawyer, case, shut):
    client, url = factories.client_of(lawyer), reverse("firm-handoff-cost", args=[accepted.id])
    page = client.get(reverse("firm-handoff", args=[accepted.id])).content.decode()
    assert 'name="key"' in page
    for _click in (1, 2):
        assert client.post(url, cost_form()).status_code == 302
    with shut():
        assert Account.objects.get(id=case.account_id).costs == Decimal("75.50")
    told = client.post(url, cost_form(amount="80"), follow=True).content.decode()
    assert "Report these here anew" in told
    client.post(url, cost_form(amount="80", key="b2"))
    with shut():
        assert HandoffCost.objects.count() == 2


def test_the_statement_of_account_names_costs_in_the_readers_language(accepted, lawyer, case):
    with override("ro"):
        costs.report(accepted, kind="COURT_FEE", amount=Decimal("35"), incurred_on=TODAY, by=lawyer, now=NOW)
        assert statement(case.account)[-1].reference == "Taxă judiciară"
    assert statement(case.account)[-1].reference == "Court fee"


def test_costs_taken_back_leave_the_debt_and_its_age_as_they_were(accepted, lawyer, officer, case):
    """The older dues stay as open as they were: a mistaken fee is no payment."""
    cost = costs.report(accepted, kind="LAWYER", amount=Decimal(300), incurred_on=ago(2), by=lawyer, now=NOW)
    dues = Due.objects.filter(account_id=case.account_id).count()
    with pytest.raises(costs.WhyTakenBack):
        costs.take_back(cost, reason="", by=officer, now=NOW)
    costs.take_back(cost, reason="Reported twice", by=officer, now=NOW)
    fresh = Case.objects.get(id=case.id)
    assert (fresh.balance, fresh.overdue, fresh.dpd(TODAY)) == (2500, 2500, 120)
    assert Due.objects.filter(account_id=case.account_id).count() == dues - 1
    assert prove() == []
    with pytest.raises(costs.CostIsGone):
        costs.take_back(cost, reason="Again", by=officer, now=NOW)


def test_the_firm_does_not_take_costs_back(accepted, lawyer):
    cost = costs.report(accepted, kind="LAWYER", amount=Decimal(300), incurred_on=TODAY, by=lawyer, now=NOW)
    with pytest.raises(handoffs.NotYourHandoff):
        costs.take_back(cost, reason="Mine", by=lawyer, now=NOW)


def test_costs_that_were_paid_are_not_a_mistake_any_more(accepted, lawyer, officer, case):
    cost = costs.report(accepted, kind="LAWYER", amount=Decimal(300), incurred_on=TODAY, by=lawyer, now=NOW)
    fresh = Case.objects.select_related("account", "mandate").get(id=case.id)
    money.take_payment(fresh, amount=Decimal(2700), received_on=TODAY, by=officer, now=NOW)
    with pytest.raises(posting.CostsWerePaid):
        costs.take_back(cost, reason="Wrong", by=officer, now=NOW)


def test_the_page_takes_costs_back_with_a_reason(accepted, lawyer, officer, case, shut):
    cost = costs.report(accepted, kind="LAWYER", amount=Decimal(300), incurred_on=TODAY, by=lawyer, now=NOW)
    client = factories.client_of(officer)
    client.post(reverse("handoff-cost-back", args=[accepted.id, cost.id]), {"reason": "Reported twice"})
    with shut():
        assert CostTakenBack.objects.get().reason == "Reported twice"
        assert Account.objects.get(id=case.account_id).costs == 0
    page = client.get(reverse("handoff", args=[accepted.id])).content.decode()
    assert "Taken back" in page
    assert "Reported twice" in page
