"""Promises to pay: 7 days freely, 30 with approval and the full sum, one instalment at least; the ledger judges."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cases import money, promises
from cases.models import Approval, Case, Promise
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def case(in_agency):
    return factories.make_case(amount=1000, original_instalment=Decimal(200))


@pytest.fixture
def collector(member):
    return member("COLLECTOR")


def promise(case, by, *, days, amount=1000):
    return promises.make_promise(
        case, amount=Decimal(amount), due_on=TODAY + timedelta(days=days), by=by, as_of=TODAY, now=NOW
    )


@pytest.mark.parametrize(
    ("days", "amount", "state"),
    [
        (0, 200, "ACTIVE"),
        (7, 200, "ACTIVE"),
        (7, 1000, "ACTIVE"),
        (8, 1000, "AWAITING_APPROVAL"),
        (30, 1000, "AWAITING_APPROVAL"),
    ],
)
def test_what_a_collector_may_grant(case, collector, days, amount, state):
    """S004-42, S004-43, S004-44."""
    assert promise(case, collector, days=days, amount=amount).state == state


@pytest.mark.parametrize(
    ("days", "amount", "refusal", "field"),
    [
        (8, 999, promises.PromiseTooFar, "due_on"),
        (31, 1000, promises.PromiseTooFar, "due_on"),
        (-1, 1000, promises.PromiseInThePast, "due_on"),
        (3, 199, promises.PromiseTooSmall, "amount"),
        (3, 1001, promises.PromiseExceedsBalance, "amount"),
    ],
)
def test_what_nobody_may_grant(case, member, days, amount, refusal, field):
    """S004-21, S004-39, S004-44."""
    with pytest.raises(refusal) as refused:
        promise(case, member("COORDINATOR"), days=days, amount=amount)
    assert refused.value.field == field
    assert Promise.objects.count() == 0


def test_a_coordinators_own_far_promise_has_a_second_person_too(case, member):
    """S004-44."""
    coordinator, manager = member("COORDINATOR"), member("MANAGER")
    made = promise(case, coordinator, days=20)
    assert made.state == "AWAITING_APPROVAL"
    with pytest.raises(promises.SecondPersonNeeded):
        promises.approve(made, by=coordinator, now=NOW)
    promises.approve(made, by=manager, now=NOW)
    assert (made.state, made.decided_by) == ("ACTIVE", manager.user)
    answer = Approval.objects.get(kind="PROMISE", subject_id=made.id)
    assert (answer.state, answer.asked_by, answer.decided_by) == ("GRANTED", coordinator.user, manager.user)


def test_the_database_lets_no_far_promise_stand_without_its_approval(case, collector, member):
    """S004-44: also past the domain's door."""
    waiting = promise(case, collector, days=20)
    with pytest.raises(IntegrityError, match="is not approved"), transaction.atomic():
        Promise.objects.filter(id=waiting.id).update(state="ACTIVE")
    promises.refuse(waiting, by=member("COORDINATOR"), now=NOW)
    with pytest.raises(IntegrityError, match="is not approved"), transaction.atomic():
        Promise.objects.create(
            case=case, amount=1, currency="MDL", made_on=TODAY, due_on=TODAY + timedelta(days=8), state="ACTIVE",
            made_by=collector.user,
        )  # fmt: skip


def test_less_than_an_instalment_is_enough_when_no_more_is_due(in_agency, collector):
    case = factories.make_case(amount=50, original_instalment=Decimal(200))
    assert promise(case, collector, days=3, amount=50).state == "ACTIVE"


def test_after_acceleration_the_whole_balance_is_the_sum_due(in_agency, collector):
    """S004-09."""
    case = factories.make_case(amount=1000, overdue=Decimal(300), accelerated_on=TODAY)
    with pytest.raises(promises.PromiseTooFar, match="1000"):
        promise(case, collector, days=20, amount=300)


def test_the_limits_for_the_form(case):
    limits = promises.limits(case, TODAY)
    assert (limits.days, limits.days_approved, limits.minimum, limits.due_sum) == (7, 30, Decimal(200), Decimal(1000))
    assert limits.latest_on == TODAY + timedelta(days=7)


def test_one_promise_at_a_time(case, collector):
    promise(case, collector, days=3)
    with pytest.raises(promises.PromiseAlreadyOpen):
        promise(case, collector, days=4)


def test_the_database_refuses_a_second_open_promise(case, collector):
    promise(case, collector, days=3)
    with pytest.raises(IntegrityError, match="cases_promise_one_open"), transaction.atomic():
        Promise.objects.create(
            case=case, amount=1, currency="MDL", made_on=TODAY, due_on=TODAY, state="ACTIVE", made_by=collector.user
        )


def test_approval_by_a_second_person(case, collector, member):
    """S004-44."""
    waiting = promise(case, collector, days=20)
    coordinator = member("COORDINATOR")
    promises.approve(waiting, by=coordinator, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == ("ACTIVE", coordinator.user)


def test_nobody_approves_twice(case, collector, member):
    waiting = promise(case, collector, days=20)
    promises.refuse(waiting, by=member("COORDINATOR"), now=NOW, reason="Not certain")
    with pytest.raises(promises.PromiseIsDecided):
        promises.approve(waiting, by=member("MANAGER"), now=NOW)


def test_a_collector_approves_nothing(case, collector, member):
    waiting = promise(case, collector, days=20)
    with pytest.raises(promises.SecondPersonNeeded):
        promises.approve(waiting, by=member("COLLECTOR"), now=NOW)


def test_a_refused_promise_brings_the_case_back_to_the_phone(case, collector, member):
    waiting = promise(case, collector, days=20)
    promises.refuse(waiting, by=member("COORDINATOR"), now=NOW)
    assert Case.objects.get(id=case.id).next_action == "CALL"


def test_a_promise_is_cancelled_the_same_day_by_its_maker(case, collector):
    made = promise(case, collector, days=3)
    promises.cancel(made, by=collector, now=NOW)
    assert Promise.objects.get(id=made.id).state == "CANCELLED"


def test_a_promise_is_not_cancelled_by_a_colleague(case, collector, member):
    made = promise(case, collector, days=3)
    with pytest.raises(promises.SecondPersonNeeded):
        promises.cancel(made, by=member("COLLECTOR"), now=NOW)


def test_a_promise_is_kept_as_soon_as_the_money_is_there(case, collector):
    """S000-11."""
    made = promise(case, collector, days=3, amount=400)
    money.take_payment(case, amount=Decimal(300), received_on=TODAY, by=None, now=NOW)
    assert Promise.objects.get(id=made.id).state == "ACTIVE"
    money.take_payment(case, amount=Decimal(100), received_on=TODAY, by=None, now=NOW)
    assert Promise.objects.get(id=made.id).state == "KEPT"


def test_money_paid_before_the_promise_does_not_count(case, collector):
    money.take_payment(case, amount=Decimal(500), received_on=TODAY, by=None, now=NOW)
    made = promise(case, collector, days=3, amount=400)
    money.take_payment(case, amount=Decimal(100), received_on=TODAY, by=None, now=NOW)
    assert Promise.objects.get(id=made.id).state == "ACTIVE"


def judge(days):
    return promises.judge_due(as_of=TODAY + timedelta(days=days), now=NOW + timedelta(days=days))


def test_on_its_day_a_promise_is_not_yet_broken(case, collector):
    promise(case, collector, days=3)
    assert judge(3) == {}


def test_the_day_after_it_is_broken(case, collector):
    """S000-11."""
    made = promise(case, collector, days=3)
    assert judge(4) == {"BROKEN": 1}
    case = Case.objects.get(id=case.id)
    assert Promise.objects.get(id=made.id).judged_on == TODAY + timedelta(days=4)
    assert (case.broken_in_a_row, case.next_action, case.priority) == (1, "PROMISE_BROKEN", 20)


def test_judging_twice_breaks_once(case, collector):
    promise(case, collector, days=3)
    judge(4)
    assert judge(4) == {}
    assert Case.objects.get(id=case.id).broken_in_a_row == 1


def test_money_that_came_after_the_day_does_not_keep_it(case, collector):
    made = promise(case, collector, days=3, amount=400)
    later = NOW + timedelta(days=5)
    money.take_payment(case, amount=Decimal(400), received_on=TODAY + timedelta(days=5), by=None, now=later)
    assert Promise.objects.get(id=made.id).state == "ACTIVE"
    assert judge(6) == {"BROKEN": 1}


def test_a_kept_promise_ends_the_row_of_broken_ones(case, collector):
    promise(case, collector, days=0)
    judge(1)
    case = Case.objects.get(id=case.id)
    promises.make_promise(
        case,
        amount=Decimal(200),
        due_on=TODAY + timedelta(days=2),
        by=collector,
        as_of=TODAY + timedelta(days=1),
        now=NOW,
    )
    money.take_payment(case, amount=Decimal(200), received_on=TODAY, by=None, now=NOW)
    assert Case.objects.get(id=case.id).broken_in_a_row == 0


def test_a_promise_that_waited_too_long_is_cancelled(case, collector):
    promise(case, collector, days=20)
    assert judge(21) == {"CANCELLED": 1}
