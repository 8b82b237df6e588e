"""The demo's talks leave steps reached and ways agreed, told by the product's own functions."""

from datetime import timedelta

import pytest

from agencies.scope import agency_scope
from cases import arguments, paying_ways
from cases.models import Case, DeskWord
from cases.promises import make_promise
from collections_crm.demo import talks
from debtors import contact_points
from tests import factories
from tests.desk.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def test_the_agency_has_its_own_words(collector: factories.Membership) -> None:
    with agency_scope(collector.agency_id):
        talks.write_lists("ro", by=collector, now=NOW)

        assert DeskWord.objects.filter(kind="SUSPICION").count() == 2
        penalty = next(step for step in arguments.ladder(arguments.all_words()) if step.code == "PENALTY")
        assert penalty.spoken("ro").startswith("Cu fiecare zi")


def test_promises_are_paid_in_every_way(collector: factories.Membership) -> None:
    with agency_scope(collector.agency_id):
        portfolio = factories.make_portfolio()
        for number in range(90):
            case = factories.make_case(portfolio=portfolio, contract_no=f"D-{number}")
            due_on = TODAY + timedelta(days=3)
            made = make_promise(case, amount=case.balance, due_on=due_on, by=collector, as_of=TODAY, now=NOW)
            talks.agree_way(made, by=collector, now=NOW)
        ways = [paying_ways.current(case) for case in Case.objects.select_related("debtor")]

    assert {way.way for way in ways if way} == set(talks.WAYS)
    assert None in ways
    assert {way.lacks_papers for way in ways if way and way.way == "DIRECT_DEBIT"} == {True, False}


def test_numbers_given_at_the_door_are_numbers(collector: factories.Membership) -> None:
    with agency_scope(collector.agency_id):
        cases = [factories.make_case() for _n in range(4)]
        given = [number for case in cases if (number := talks.fresh_number(case))]
        assert len(given) == 2
        for number in given:
            assert contact_points.normalise("PHONE", number, country="MD") == number


def test_a_talk_climbs_one_step(collector: factories.Membership) -> None:
    with agency_scope(collector.agency_id):
        assert talks.argument_of(factories.make_case()) == "HISTORY"
