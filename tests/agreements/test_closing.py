"""Closing a case ends what was agreed and what is being asked for on it, whichever way it closes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from audit.models import Event
from cases import approvals, holds, promises, settlements, transitions
from cases.models import Approval, Case, Plan, Promise, Settlement
from tests import factories
from tests.agreements.people import NOW, again, asked, decide, drafted, fresh, make_case, pay, signed
from tests.factories import TODAY


@pytest.fixture
def case(in_agency):
    return make_case()


@pytest.fixture
def kind(case):
    return factories.make_plan_format(case.mandate)


def promised(case, by, *, days=3):
    amount = fresh(case).balance
    return promises.make_promise(
        fresh(case), amount=amount, due_on=TODAY + timedelta(days=days), by=by, as_of=TODAY, now=NOW
    )


def offered(case, by):
    return settlements.offer(
        fresh(case), discount_percent=Decimal(20), pay_by=TODAY + timedelta(days=9), by=by, as_of=TODAY, now=NOW
    )


def recall(case, member):
    transitions.close(fresh(case), reason="RECALLED", by=member("MANAGER"), as_of=TODAY, now=NOW)


def waiting():
    return Approval.objects.filter(state="WAITING", case__isnull=False).count()


def stand_in(state, plan, member):
    """Bring a plan that was asked for to `state`."""
    if state == "ADVANCE_DUE":
        return
    pay(plan.case, 100)
    if state == "DRAFTING":
        return
    drafted(plan, member("RESTRUCTURING_OFFICER"))
    if state == "APPROVED":
        decide("PLAN", plan, member("COORDINATOR"))


@pytest.mark.parametrize("state", ["ADVANCE_DUE", "DRAFTING", "AWAITING_APPROVAL", "APPROVED"])
def test_a_plan_before_its_signature_ends_with_the_case_and_says_why(case, kind, member, state):
    plan = asked(case, member("COLLECTOR"), kind)
    stand_in(state, plan, member)
    assert again(plan).state == state

    recall(case, member)

    ended = again(plan)
    assert (ended.state, ended.ended_on, ended.note) == ("CANCELLED", TODAY, "The case was closed.")
    assert waiting() == 0
    told = Event.objects.get(kind="case.plan_cancelled", subject_id=plan.id)
    assert told.data["because"] == "case_closed"


def test_a_plan_that_is_kept_ends_too_and_its_days_are_counted_no_more(case, kind, member):
    plan = signed(case, member, kind)
    recall(case, member)
    after = fresh(case)
    assert (again(plan).state, after.on_plan, after.account.accrued_through) == ("CANCELLED", False, TODAY)


@pytest.mark.parametrize("days", [3, 20])
def test_a_promise_ends_whether_it_stands_or_waits(case, member, days):
    made = promised(case, member("COLLECTOR"), days=days)
    assert waiting() == (days > 7)

    recall(case, member)

    made.refresh_from_db()
    assert (made.state, made.decision_note, waiting()) == ("CANCELLED", "The case was closed.", 0)
    assert Event.objects.filter(kind="case.promise_cancelled", subject_id=made.id).count() == 1


@pytest.mark.parametrize("granted", [False, True])
def test_an_offer_to_settle_ends_whether_it_stands_or_waits(case, member, granted):
    made = offered(case, member("COLLECTOR"))
    if granted:
        decide("DISCOUNT", made, member("COORDINATOR"))
    recall(case, member)
    made.refresh_from_db()
    assert (made.state, made.ended_on, waiting()) == ("CANCELLED", TODAY, 0)


def test_the_night_that_closes_paid_cases_ends_what_is_left_of_them(case, kind, member):
    plan = asked(case, member("COLLECTOR"), kind)
    other = make_case()
    made, kept = promised(other, member("COLLECTOR")), promised(make_case(), member("COLLECTOR"))
    Case.objects.filter(id__in=[case.id, other.id]).update(balance=0, overdue=0)

    assert transitions.apply_all(as_of=TODAY, now=NOW)["close_paid"] == 2

    states = (again(plan).state, *Promise.objects.order_by("id").values_list("state", flat=True))
    assert states == ("CANCELLED", "CANCELLED", "ACTIVE")
    assert [made.id, kept.id] == list(Promise.objects.order_by("id").values_list("id", flat=True))


def test_a_sale_ends_them_by_the_same_statements_for_one_and_for_many(in_agency, member, django_assert_max_num_queries):
    collector, manager = member("COLLECTOR"), member("MANAGER")
    sold = [make_case() for _n in range(6)]
    for one in sold:
        promised(one, collector)
        offered(one, collector)
    ids = [one.id for one in sold]
    with django_assert_max_num_queries(30):
        transitions.close_sold(ids, as_of=TODAY, by=manager.user, now=NOW)
    assert set(Promise.objects.values_list("state", flat=True)) == {"CANCELLED"}
    assert set(Settlement.objects.values_list("state", flat=True)) == {"CANCELLED"}
    assert waiting() == 0


def test_a_promise_that_the_money_kept_stays_kept(case, member):
    made = promised(case, member("COLLECTOR"))
    pay(case, 1000)
    made.refresh_from_db()
    assert (made.state, fresh(case).close_reason) == ("KEPT", "PAID")


def test_what_ended_stays_ended_when_the_case_is_reopened_and_another_may_be_agreed(case, kind, member):
    plan = asked(case, member("COLLECTOR"), kind)
    recall(case, member)
    transitions.apply(fresh(case), "reopen", by=member("MANAGER"), as_of=TODAY, now=NOW, reason="By mistake")
    another = asked(case, member("COLLECTOR"), kind)
    assert (again(plan).state, again(another).state) == ("CANCELLED", "ADVANCE_DUE")


class TestAnAnswerThatComesTogetherWithTheClosing:
    """The case was closed by somebody else and the approval still stands open: nothing is granted."""

    def test_of_a_promise(self, case, member):
        made = promised(case, member("COLLECTOR"), days=20)
        self.refused("PROMISE", made, case, member)
        assert Promise.objects.get(id=made.id).state == "AWAITING_APPROVAL"

    def test_of_a_plan(self, case, kind, member):
        plan = asked(case, member("COLLECTOR"), kind)
        stand_in("AWAITING_APPROVAL", plan, member)
        self.refused("PLAN", plan, case, member)
        assert Plan.objects.get(id=plan.id).state == "AWAITING_APPROVAL"

    def test_of_a_settlement(self, case, member):
        made = offered(case, member("COLLECTOR"))
        self.refused("DISCOUNT", made, case, member)
        assert Settlement.objects.get(id=made.id).state == "AWAITING_APPROVAL"

    def refused(self, kind, subject, case, member):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.stage_door', 'open', true)")
            cursor.execute(
                "UPDATE cases_case SET stage = 'CLOSED', closed_on = %s, close_reason = 'RECALLED' WHERE id = %s",
                [TODAY, case.id],
            )
        coordinator = member("COORDINATOR")
        asked_ = Approval.objects.get(kind=kind, subject_id=subject.id)
        with pytest.raises(holds.CaseIsClosed, match="closed"):
            approvals.decide(asked_, grant=True, by=coordinator, now=NOW)
