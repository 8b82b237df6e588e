"""Promises judged by the ledger: first in, first out, undone with the payment, and money is never counted twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import money, promise_judging, promises
from cases.models import Case, Promise
from cases.promise_judging import Money, Word, covered_by
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DAYS = st.integers(0, 20).map(lambda n: TODAY + timedelta(days=n))
AMOUNTS = st.integers(1, 500).map(lambda cents: Decimal(cents) / 100)


@pytest.fixture
def case(in_agency):
    return factories.make_case(amount=1000)


@pytest.fixture
def collector(member):
    return member("COLLECTOR")


def promise(case, by, *, on=TODAY, days=3, amount=300):
    return promises.make_promise(
        Case.objects.get(id=case.id), amount=Decimal(amount), due_on=on + timedelta(days=days), by=by, as_of=on,
        now=NOW + (on - TODAY),
    )  # fmt: skip


def pay(case, amount, *, on=TODAY, booked=None):
    booked = booked or on
    return money.take_payment(
        Case.objects.get(id=case.id), amount=Decimal(amount), received_on=on, by=None, now=NOW + (booked - TODAY)
    )


def night(day):
    return promise_judging.judge_due(as_of=day, now=NOW + (day - TODAY))


def state_of(made):
    return Promise.objects.get(id=made.id).state


def test_a_bounced_payment_breaks_the_promise_it_had_kept(case, collector):
    """S004-46."""
    made = promise(case, collector)
    paid = pay(case, 300)
    assert state_of(made) == "KEPT"

    later = TODAY + timedelta(days=10)
    money.reverse_payment(Case.objects.get(id=case.id), paid, by=None, now=NOW + timedelta(days=10), reason="Bounced")

    assert (state_of(made), Promise.objects.get(id=made.id).judged_on) == ("BROKEN", later)
    assert Case.objects.get(id=case.id).broken_in_a_row == 1


def test_a_payment_taken_back_in_time_leaves_the_promise_open(case, collector):
    made = promise(case, collector)
    paid = pay(case, 300)

    money.reverse_payment(Case.objects.get(id=case.id), paid, by=None, now=NOW, reason="Wrong case")

    assert state_of(made) == "ACTIVE"
    assert Case.objects.get(id=case.id).next_action == "PROMISE_DUE"


def test_money_received_in_time_but_booked_late_keeps_the_promise_after_all(case, collector):
    made = promise(case, collector)
    night(TODAY + timedelta(days=4))
    assert (state_of(made), Case.objects.get(id=case.id).broken_in_a_row) == ("BROKEN", 1)

    pay(case, 300, on=TODAY + timedelta(days=2), booked=TODAY + timedelta(days=6))

    assert (state_of(made), Case.objects.get(id=case.id).broken_in_a_row) == ("KEPT", 0)


def test_late_money_keeps_the_next_promise_not_the_last(case, collector):
    first = promise(case, collector)
    night(TODAY + timedelta(days=4))
    second = promise(case, collector, on=TODAY + timedelta(days=4))

    pay(case, 300, on=TODAY + timedelta(days=5))

    assert (state_of(first), state_of(second)) == ("BROKEN", "KEPT")


def test_the_same_money_keeps_one_promise_only(case, collector):
    first = promise(case, collector)
    night(TODAY + timedelta(days=4))
    second = promise(case, collector, on=TODAY + timedelta(days=4))

    pay(case, 300, on=TODAY + timedelta(days=1), booked=TODAY + timedelta(days=5))

    assert (state_of(first), state_of(second)) == ("KEPT", "ACTIVE")
    assert Promise.objects.get(id=second.id).covered == 0


def test_two_broken_in_a_row_open_field_and_one_kept_shuts_it(case, collector):
    """S004-04 b, S004-46."""
    for start in (0, 5):
        promise(case, collector, on=TODAY + timedelta(days=start))
        night(TODAY + timedelta(days=start + 4))
    assert Case.objects.get(id=case.id).broken_in_a_row == 2

    promise(case, collector, on=TODAY + timedelta(days=10))
    pay(case, 300, on=TODAY + timedelta(days=11))
    assert Case.objects.get(id=case.id).broken_in_a_row == 0


def test_the_night_twice_judges_once(case, collector):
    promise(case, collector)

    assert night(TODAY + timedelta(days=4)) == {"BROKEN": 1}
    assert night(TODAY + timedelta(days=4)) == {}


@given(
    words=st.lists(st.builds(Word, st.integers(0, 8), DAYS, DAYS, AMOUNTS), max_size=5),
    payments=st.lists(st.builds(Money, st.integers(1, 9), DAYS, AMOUNTS), max_size=8, unique_by=lambda one: one.number),
)
def test_no_money_is_counted_twice_and_none_is_invented(words: list[Word], payments: list[Money]) -> None:
    covered = covered_by(words, payments)

    assert all(0 <= part <= word.amount for part, word in zip(covered, words, strict=True))
    assert sum(covered) <= sum(payment.amount for payment in payments)
    for number, word in enumerate(words):
        fitting = [p.amount for p in payments if p.number > word.after and word.made_on <= p.received_on <= word.due_on]
        assert covered[number] <= sum(fitting)
        if number == 0:
            assert covered[0] == min(word.amount, sum(fitting, Decimal(0)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=st.lists(
        st.tuples(st.sampled_from(["promise", "pay", "late", "reverse"]), st.integers(1, 200)), min_size=2, max_size=9
    )
)
def test_the_night_and_the_ledger_agree_whatever_happens(
    in_agency: object, collector: object, deeds: list[tuple[str, int]]
) -> None:
    """The set-based statement says of every promise what judging the whole account anew says."""
    case = factories.make_case(amount=100_000)
    paid = []
    today = TODAY
    for deed, amount in deeds:
        today += timedelta(days=2)
        if deed == "promise" and promises.open_promise(case) is None:
            promise(case, collector, on=today, days=3, amount=amount)
        elif deed == "pay":
            paid.append(pay(case, amount, on=today))
        elif deed == "late":
            paid.append(pay(case, amount, on=today - timedelta(days=3), booked=today))
        elif deed == "reverse" and paid:
            money.reverse_payment(
                Case.objects.get(id=case.id), paid.pop(), by=None, now=NOW + (today - TODAY), reason="Bounced"
            )
        night(today)
    end = today + timedelta(days=5)
    night(end)

    made = list(Promise.objects.filter(case=case).exclude(state="CANCELLED").order_by("id"))
    standing = money.Payment.objects.filter(account=case.account, reversed_at=None)
    payments = [Money(one.id, one.received_on, one.amount) for one in standing]
    covered = covered_by(
        [Word(one.after_payment_id or 0, one.made_on, one.due_on, one.amount) for one in made], payments
    )
    assert [one.covered for one in made] == covered
    assert [one.state for one in made] == [
        "KEPT" if part >= one.amount else "BROKEN" for one, part in zip(made, covered, strict=True)
    ]
    assert promise_judging.judge(Case.objects.get(id=case.id), as_of=end) == []


def test_a_day_that_has_passed_waits_for_the_night(case, collector):
    made = promise(case, collector)

    pay(case, 10, on=TODAY + timedelta(days=8))

    assert state_of(made) == "ACTIVE"
    assert date(2026, 12, 1) > made.due_on


def test_the_creditor_answers_too_where_the_mandate_says_so(case, collector, member):
    """Beyond the short limit alone."""
    case.mandate.approvals = ["PROMISE"]
    case.mandate.save()
    short = promise(case, collector, days=7, amount=1000)
    assert short.state == "ACTIVE"
    promises.cancel(short, by=collector, now=NOW)

    waiting = promise(case, collector, days=20, amount=1000)
    promises.approve(waiting, by=member("COORDINATOR"), now=NOW)

    assert state_of(waiting) == "AWAITING_APPROVAL"
    with pytest.raises(promises.PromiseIsDecided):
        promises.approve(waiting, by=member("MANAGER"), now=NOW)
