"""Which cases are in the legal stage, and the decision read from history."""

from datetime import timedelta

import pytest

from cases import transitions
from legal import queries
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_agency")


def hand_over(case, by, reason="Avoids every meeting"):
    factories.approve_lawsuit(case)
    return transitions.apply(case, "hand_to_legal", by=by, as_of=TODAY, reason=reason)


def test_the_decision_tells_who_when_from_where_and_why(member):
    lena = member("LEGAL_OFFICER", full_name="Elena Ceban")
    case = hand_over(factories.make_case(stage="FIELD"), lena)
    decision = queries.decisions_of([case.id])[case.id]
    assert (decision.by, decision.from_stage, decision.reason) == ("Elena Ceban", "Field", "Avoids every meeting")


def test_the_latest_hand_over_counts(member):
    lena = member("LEGAL_OFFICER")
    case = hand_over(factories.make_case(stage="FIELD"), lena, "First try")
    transitions.apply(case, "send_back_from_legal", by=lena, as_of=TODAY, reason="Wants to talk")
    hand_over(case, lena, "Broke the plan")
    assert queries.decisions_of([case.id])[case.id].reason == "Broke the plan"


def test_a_case_without_history_has_no_decision():
    case = factories.make_case(stage="LEGAL")
    (line,) = queries.lines([case], as_of=TODAY)
    assert line.decision is None


def test_only_cases_in_the_legal_stage_are_listed_newest_first(member):
    older = factories.make_case(stage="LEGAL", stage_since=TODAY - timedelta(days=9))
    newer = factories.make_case(stage="LEGAL", stage_since=TODAY)
    factories.make_case(stage="FIELD")
    assert list(queries.in_legal(member("LEGAL_OFFICER"))) == [newer, older]


def test_the_list_can_be_narrowed_to_a_creditor_and_a_portfolio(member):
    case, other = factories.make_case(stage="LEGAL"), factories.make_case(stage="LEGAL")
    lena = member("LEGAL_OFFICER")
    assert list(queries.in_legal(lena, creditor=case.creditor)) == [case]
    assert list(queries.in_legal(lena, portfolio=other.portfolio)) == [other]


def test_a_law_firm_sees_no_case_until_one_is_shared(member):
    factories.make_case(stage="LEGAL")
    assert not queries.in_legal(member("LAW_FIRM_USER")).exists()


def test_decisions_of_a_page_cost_two_queries_whatever_its_length(member, django_assert_num_queries):
    lena = member("LEGAL_OFFICER")
    cases = [hand_over(factories.make_case(stage="FIELD"), lena) for _ in range(3)]
    for page in (cases[:1], cases):
        with django_assert_num_queries(2):
            queries.lines(page, as_of=TODAY)


def test_an_export_reads_in_chunks_and_stops_at_its_limit(member, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 2)
    for _ in range(5):
        factories.make_case(stage="LEGAL")
    cases = queries.in_legal(member("LEGAL_OFFICER"))
    assert len(list(queries.all_lines(cases, as_of=TODAY, limit=50))) == 5
    assert len(list(queries.all_lines(cases, as_of=TODAY, limit=3))) == 3
