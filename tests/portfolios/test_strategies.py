"""The nearest strategy wins: portfolio, creditor, agency, then 31/61/91."""

from datetime import date

import pytest

from portfolios import strategies
from portfolios.models import Strategy
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def strategy(pre_soft: int, *, effective_on: date = date(2026, 1, 1), **level):
    return Strategy.objects.create(
        pre_soft_from=pre_soft, soft_from=pre_soft + 30, field_from=pre_soft + 60, effective_on=effective_on, **level
    )


def test_without_a_strategy_the_default_of_31_61_91_holds(in_agency):
    """S000-02."""
    portfolio = factories.make_portfolio()
    assert strategies.in_force(portfolio, TODAY) == strategies.Thresholds(31, 61, 91, False, 2)


def test_the_portfolio_wins_over_the_creditor_and_the_creditor_over_the_agency(in_agency):
    """S001-03, S002-03."""
    own, creditors, other = (factories.make_portfolio() for _ in range(3))
    strategy(10)
    strategy(20, creditor=own.creditor)
    strategy(20, creditor=creditors.creditor)
    strategy(30, portfolio=own)
    found = strategies.in_force_by_portfolio(TODAY)
    assert [found[p.id].pre_soft_from for p in (own, creditors, other)] == [30, 20, 10]


def test_a_strategy_counts_from_its_day_and_the_newest_one_wins(in_agency):
    portfolio = factories.make_portfolio()
    strategy(10, effective_on=date(2026, 1, 1))
    strategy(15, effective_on=date(2026, 11, 24))
    strategy(20, effective_on=date(2026, 11, 25))
    assert strategies.in_force(portfolio, TODAY).pre_soft_from == 15
    assert strategies.in_force(portfolio, date(2026, 11, 23)).pre_soft_from == 10


def test_portfolios_with_equal_thresholds_are_one_group(in_agency):
    first, second, third = (factories.make_portfolio() for _ in range(3))
    strategy(40, portfolio=third)
    groups = strategies.groups(TODAY)
    assert sorted(groups.values()) == [[first.id, second.id], [third.id]]
