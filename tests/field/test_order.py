"""Visits are offered by amount, days past due, rest and place, as the procedure says (S004-28)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.models import Case
from field.order import Order, arranged
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("in_agency")


def visit(*, town: str = "Chișinău", postal_code: str = "MD-2001", **fields: Any) -> Case:
    debtor = factories.make_debtor(address=False)
    if town:
        factories.make_address(debtor, town=town, postal_code=postal_code)
    return factories.make_case(debtor=debtor, stage="FIELD", **({"days_past_due": 100} | fields))


def ordered(order: Order = Order.PRIORITY) -> list[Case]:
    return list(arranged(Case.objects.all(), order=order, as_of=TODAY, now=NOW, currency="MDL"))


def test_the_higher_amount_comes_first():
    """S004-28."""
    small, large = visit(amount=900), visit(amount=40_000)
    assert ordered() == [large, small]


def test_within_a_step_of_amounts_more_days_past_due_come_first():
    """S004-28."""
    newer, older = visit(amount=4_900, days_past_due=95), visit(amount=2_100, days_past_due=200)
    assert ordered() == [older, newer]


def test_within_a_step_of_days_a_case_not_worked_in_five_days_comes_first():
    """S004-28."""
    fresh = visit(amount=4_000, days_past_due=118, last_worked_at=NOW - timedelta(days=2))
    rested = visit(amount=3_000, days_past_due=91, last_worked_at=NOW - timedelta(days=6))
    never = visit(amount=2_500, days_past_due=91)
    assert ordered() == [rested, never, fresh]


def test_equal_cases_of_one_place_stand_together():
    """S004-28."""
    far, near, also_far = visit(town="Orhei"), visit(town="Bălți"), visit(town="Orhei")
    assert ordered() == [near, far, also_far]


def test_amounts_in_another_currency_stand_behind_the_agencys_own():
    abroad = factories.make_portfolio(factories.make_mandate(currency="RON"))
    foreign, own = visit(amount=90_000, portfolio=abroad), visit(amount=500)
    assert ordered() == [own, foreign]


def test_by_place_towns_lead_and_the_unknown_comes_last():
    nowhere, orhei = visit(town="", amount=90_000), visit(town="Orhei", amount=50_000)
    small, large = visit(town="Bălți", amount=500), visit(town="Bălți", amount=5_000)
    assert ordered(Order.PLACE) == [large, small, orhei, nowhere]


def test_an_address_known_to_be_wrong_is_no_place():
    case = visit(town="Orhei")
    factories.make_address(case.debtor, town="Ungheni", validity="INVALID")
    assert ordered(Order.PLACE)[0].town == "Orhei"


def test_a_cured_case_is_ranked_as_not_past_due():
    cured = visit(amount=3_000, oldest_due_on=None)
    owing = visit(amount=2_500, days_past_due=95)
    assert ordered() == [owing, cured]
