"""What a case says of itself in the words of its kinds, and what stops work on it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from audit import record
from cases import contract_status, costs, queries, standstill, transitions
from cases.models import Case
from ledger import posting
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_agency")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_the_timeline_speaks_the_words_of_each_kind(member):
    case = factories.make_case()
    contract_status.record_status(case, "TERMINATED", effective_on=TODAY, by=member("LEGAL_OFFICER"), now=NOW)
    (entry,) = queries.timeline(case)
    assert entry.sentence == "The contract is now: Terminated, from Nov 24, 2026."


def test_a_closed_case_takes_no_costs(member):
    case = factories.make_case(stage="SOFT")
    transitions.close(case, reason="RECALLED", by=member("MANAGER"), as_of=TODAY)
    with pytest.raises(costs.CaseTakesNoCosts):
        costs.charge(case, amount=Decimal(5), incurred_on=TODAY, reference="Court fee", by=None, now=NOW)
    assert [stop.code for stop in standstill.stops(case, cleared_at=NOW)] == ["CLOSED"]


@pytest.mark.parametrize("amount", [Decimal(0), Decimal("-1"), Decimal("0.001")])
def test_costs_are_money(amount):
    case = factories.make_case()
    with pytest.raises(posting.AmountIsNotMoney):
        costs.charge(case, amount=amount, incurred_on=TODAY, reference="Court fee", by=None, now=NOW)


def test_costs_are_due_from_their_day_and_leave_older_dues_as_covered_as_they_were():
    case = factories.make_case(days_past_due=40, amount=1000)
    factories.make_payment(case.account, amount=Decimal(1000))
    case.account.refresh_from_db()
    costs.charge(case, amount=Decimal(80), incurred_on=TODAY.replace(day=20), reference="Fee", by=None, now=NOW)
    case = Case.objects.get(id=case.id)
    assert (case.balance, case.overdue, case.dpd(TODAY)) == (Decimal(80), Decimal(80), 4)


def test_kinds_of_this_floor_are_declared():
    assert {contract_status.STATUS, contract_status.ACCELERATED, posting.COST_POSTED} <= set(record.KINDS)
