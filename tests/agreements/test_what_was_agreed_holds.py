"""What was signed or approved holds: no interest for days under a kept plan, no waiver beyond what was approved, no
promise kept by older money, and a debt that comes back is worked again."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cases import accruals, costs, money, plans, promises, settlements
from cases.models import Case, Plan, Settlement
from cases.plan_schedule import ScheduleRefused, Terms, schedule
from ledger import posting
from ledger.models import Account
from portfolios.models import Mandate
from tests import factories
from tests.agreements.people import (
    NOW,
    again,
    asked,
    decide,
    drafted,
    fresh,
    make_case,
    moment,
    pay,
    signed,
    take_back,
)
from tests.factories import TODAY


def after(days):
    return TODAY + timedelta(days=days)


@pytest.fixture
def case(in_agency):
    return make_case()


@pytest.fixture
def bearing(case):
    """The case's mandate lets interest run."""
    Mandate.objects.filter(id=case.mandate_id).update(interest_percent=Decimal("36.5"))
    Account.objects.filter(id=case.account_id).update(accrued_through=TODAY)
    return case


class TestInterestUnderAPlan:
    def partial(self, case, member, **plan_terms):
        """A plan over 400 of the 1000, the advance of 100 paid."""
        return signed(
            case, member, factories.make_plan_format(case.mandate), months=2, amount=Decimal(400), **plan_terms
        )

    def test_a_plan_kept_to_its_end_costs_no_interest_afterwards(self, bearing, member):
        plan = self.partial(bearing, member)
        pay(bearing, 200, on=after(30))
        pay(bearing, 200, on=after(60))
        assert (again(plan).state, fresh(bearing).on_plan) == ("COMPLETED", False)
        counted = accruals.count_interest(as_of=after(60), now=moment(after(61)))
        assert counted.accounts == 0
        accruals.count_interest(as_of=after(70), now=moment(after(71)))
        assert fresh(bearing).account.interest == Decimal("5.00")  # 500 left, 0.1 % a day, ten days

    def test_a_plan_the_agency_takes_back_costs_none_either(self, bearing, member):
        plan = self.partial(bearing, member)
        plans.cancel(again(plan), by=member("COORDINATOR"), now=moment(after(20)))
        assert accruals.count_interest(as_of=after(20), now=moment(after(21))).accounts == 0


class TestSettlements:
    def offered(self, case, member, percent=20) -> Settlement:
        by = member("COLLECTOR")
        one = settlements.offer(
            fresh(case), discount_percent=Decimal(percent), pay_by=after(10), by=by, as_of=TODAY, now=NOW
        )
        decide("DISCOUNT", one, member("COORDINATOR"))
        return Settlement.objects.get(id=one.id)

    def test_no_costs_are_charged_while_an_offer_would_waive_them(self, case, member):
        self.offered(case, member)
        with pytest.raises(costs.CaseTakesNoCosts, match="would waive"):
            costs.charge(
                fresh(case), amount=Decimal(50), incurred_on=TODAY, reference="Court", by=None, now=moment(after(1))
            )

    def test_more_than_was_approved_is_never_waived(self, case, member):
        one = self.offered(case, member)
        posting.post_cost(
            case.account, amount=Decimal(500), incurred_on=TODAY, reference="Court", by=None, now=moment(after(1))
        )
        money.refresh(fresh(case), TODAY)
        pay(case, 800, on=after(2))
        left = fresh(case)
        assert (left.stage != "CLOSED", left.balance, left.next_action) == (True, Decimal(700), "CALL")
        assert Settlement.objects.get(id=one.id).state == "OFFERED"

    def test_interest_of_the_days_of_the_offer_is_waived_with_the_rest(self, bearing, member):
        self.offered(bearing, member)
        accruals.count_interest(as_of=after(2), now=moment(after(3)))
        pay(bearing, 800, on=after(3))
        assert (fresh(bearing).stage, fresh(bearing).balance) == ("CLOSED", Decimal(0))


class TestMoneyThatCameBefore:
    def test_it_keeps_no_promise(self, case, member):
        promise = promises.make_promise(
            fresh(case), amount=Decimal(100), due_on=after(5), by=member("COLLECTOR"), as_of=TODAY, now=NOW
        )
        pay(case, 100, on=after(-1), booked=after(1))
        promise.refresh_from_db()
        assert (promise.state, promise.covered) == ("ACTIVE", Decimal(0))

    def test_it_is_no_advance(self, case, member):
        plan = asked(case, member("COLLECTOR"), factories.make_plan_format(case.mandate))
        pay(case, 100, on=after(-2), booked=after(1))
        assert Plan.objects.get(id=plan.id).state == "ADVANCE_DUE"


class TestMoneyThatGoesBack:
    def test_an_older_payment_that_bounces_reopens_a_settled_case(self, case, member):
        early = pay(case, 100)
        one = TestSettlements().offered(case, member)
        pay(case, one.amount, on=after(2))
        assert fresh(case).stage == "CLOSED"
        take_back(case, early, on=after(3))
        left = fresh(case)
        assert (left.stage != "CLOSED", left.balance > 0, left.next_action) == (True, True, "CALL")

    def test_somebody_is_told_to_call_even_without_a_promise(self, case):
        payment = pay(case, 100)
        Case.objects.filter(id=case.id).update(next_action="FOLLOW_UP", next_action_at=moment(after(9)))
        take_back(case, payment, on=after(1))
        assert fresh(case).next_action == "CALL"
        assert fresh(case).next_action_at == moment(after(1))


class TestSchedules:
    def test_a_larger_last_instalment_needs_the_format_even_when_it_is_a_small_rest(self):
        terms = Terms(
            amount=Decimal(1399), months=12, first_on=after(30), max_months=12, minimum=Decimal(100),
            instalment=Decimal(109),
        )  # fmt: skip
        with pytest.raises(ScheduleRefused, match=r"200\.00"):
            schedule(terms)

    def test_twelve_months_end_within_twelve_months(self, in_agency, member):
        """S004-49."""
        case = make_case(amount=1400)
        plan = asked(case, member("COLLECTOR"), factories.make_plan_format(case.mandate, max_months=12))
        pay(case, 100)
        with pytest.raises(ScheduleRefused, match="may run until"):
            drafted(plan, member("RESTRUCTURING_OFFICER"), months=12, first_in=60)
