"""One rule judges plans: a pure function, and the night's statement that must agree with it on any sequence."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import money, plan_judging
from cases.models import Approval, Case, Instalment, Plan
from cases.plan_judging import Standing, standing
from tests import factories
from tests.agreements.people import again, fresh, make_case, moment, pay, take_back
from tests.factories import TODAY

DAYS = st.integers(0, 30).map(lambda n: TODAY + timedelta(days=n))
AMOUNTS = st.integers(1, 400).map(Decimal)
ROWS = st.lists(st.tuples(DAYS, AMOUNTS), min_size=1, max_size=4).map(sorted)
PAYMENTS = st.lists(st.tuples(DAYS, AMOUNTS), max_size=6)


@given(rows=ROWS, payments=PAYMENTS, grace=st.integers(0, 5))
def test_the_plan_breaks_after_the_oldest_instalment_that_was_not_covered_in_time(rows, payments, grace):
    stands = standing(rows, payments, grace_days=grace)

    def in_time(n):
        last = rows[n][0] + timedelta(days=grace)
        return sum(part for on, part in payments if on <= last) >= sum(amount for _on, amount in rows[: n + 1])

    missed = [n for n in range(len(rows)) if not in_time(n)]
    assert stands.paid == sum(amount for _on, amount in payments)
    assert stands.breaks_after == (rows[missed[0]][0] + timedelta(days=grace) if missed else None)


@given(rows=ROWS, payments=PAYMENTS, more=st.tuples(DAYS, AMOUNTS), grace=st.integers(0, 5))
def test_more_money_never_makes_a_plan_worse_and_taking_it_back_gives_what_was(rows, payments, more, grace):
    before = standing(rows, payments, grace_days=grace)
    after = standing(rows, [*payments, more], grace_days=grace)
    assert after.breaks_after is None or (before.breaks_after and after.breaks_after >= before.breaks_after)
    assert standing(rows, list(reversed(payments)), grace_days=grace) == before


def test_nothing_open_means_no_day_on_which_it_breaks():
    assert standing([(TODAY, Decimal(5))], [(TODAY, Decimal(5))], grace_days=0) == Standing(Decimal(5), None)


@pytest.fixture
def kind(in_agency):
    return factories.make_plan_format(factories.make_mandate())


STEPS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["pay", "take back", "night"]), st.integers(20, 500)),
    min_size=1, max_size=8,
).map(sorted)  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=ROWS, steps=STEPS)
def test_bookings_reversals_and_nights_in_any_order_end_where_the_rule_does(kind, rows, steps):
    """S004-52: the set-based night and the judgement of one case agree with the pure rule on the last day."""
    case = make_case(mandate=kind.mandate, amount=100_000)
    plan = Plan.objects.create(
        case=case, format=kind, currency="MDL", advance=rows[0][1], advance_by=rows[0][0], state="BROKEN",
        signed_on=TODAY, amount=sum(amount for _on, amount in rows), asked_by=kind.made_by, asked_at=moment(TODAY),
    )  # fmt: skip
    Approval.objects.create(
        kind="PLAN", subject_id=plan.id, creditor=case.creditor, side="COORDINATOR", asked_at=moment(TODAY),
        due_at=moment(TODAY),
    )  # fmt: skip
    Approval.objects.filter(kind="PLAN", subject_id=plan.id).update(
        state="GRANTED", decided_by=kind.made_by, decided_at=moment(TODAY)
    )
    Instalment.objects.bulk_create(
        [Instalment(plan=plan, number=n, due_on=on, amount=amount) for n, (on, amount) in enumerate(rows)]
    )
    booked = []
    for days, what, amount in steps:
        on = TODAY + timedelta(days=days)
        if what == "pay":
            booked.append(pay(case, amount, on=on))
        elif what == "night":
            plan_judging.judge_due(as_of=on, now=moment(on))
        elif booked:
            take_back(case, booked.pop(0), on=on)

    end = TODAY + timedelta(days=41)
    plan_judging.judge(fresh(case), as_of=end, now=moment(end))
    plan_judging.judge_due(as_of=end, now=moment(end))

    payments = [(one.received_on, one.amount) for one in booked]
    stands = standing(rows, payments, grace_days=kind.grace_days)
    found = again(plan)
    assert (found.paid, found.breaks_after) == (stands.paid, stands.breaks_after)
    assert found.state == plan_judging.verdict("ACTIVE", stands, as_of=end)
    assert fresh(case).on_plan == (found.state == "ACTIVE")
    assert fresh(case).balance == 100_000 - sum(amount for _on, amount in payments)


def test_the_night_ends_many_plans_by_one_statement(kind, django_assert_num_queries):
    cases = [make_case(mandate=kind.mandate) for _ in range(5)]
    Plan.objects.bulk_create(
        [
            Plan(
                agency_id=case.agency_id, case=case, format=kind, currency="MDL", advance=1, advance_by=TODAY,
                breaks_after=TODAY, asked_by=kind.made_by, asked_at=moment(TODAY),
            )
            for case in cases
        ]
    )  # fmt: skip
    later = TODAY + timedelta(days=1)
    with django_assert_num_queries(3):
        assert plan_judging.judge_due(as_of=later, now=moment(later)) == {"LAPSED": 5}
    assert money.refresh_fallen_due(since=TODAY, as_of=later) >= 0
    assert Case.objects.filter(next_action="CALL").count() == 5
