"""What is worked next, and that two people never work the same case."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from agencies.scope import agency_scope
from cases import queue
from cases.dispositions import record_disposition
from cases.models import Case
from tests import factories

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


@pytest.fixture
def collector(in_agency, member):
    return member("COLLECTOR", team=factories.make_team())


def make(portfolio, collector=None, **fields):
    values = {"next_action_at": NOW - HOUR, "collector": collector} | fields
    return factories.make_case(portfolio=portfolio, **values)


def test_the_most_urgent_case_comes_first(portfolio, collector):
    """S000-06."""
    make(portfolio, collector, priority=50)
    recall = make(portfolio, collector, priority=10, next_action="RECALL")
    assert queue.take_next(collector, now=NOW) == recall


def test_of_equally_urgent_cases_the_one_that_waited_longest(portfolio, collector):
    make(portfolio, collector)
    older = make(portfolio, collector, next_action_at=NOW - 2 * HOUR)
    assert queue.take_next(collector, now=NOW) == older


def test_what_is_not_due_yet_is_not_given(portfolio, collector):
    make(portfolio, collector, next_action_at=NOW + HOUR)
    assert queue.take_next(collector, now=NOW) is None


def test_a_closed_case_is_not_given(portfolio, collector, in_agency):
    make(portfolio, collector, stage="CLOSED", closed_on=factories.TODAY, close_reason="PAID")
    assert queue.take_next(collector, now=NOW) is None


def test_a_colleagues_case_is_not_given(portfolio, collector, member):
    make(portfolio, member("COLLECTOR"))
    assert queue.take_next(collector, now=NOW) is None


def test_own_cases_come_before_the_teams(portfolio, collector):
    make(portfolio, None, team=collector.team, priority=10)
    own = make(portfolio, collector, priority=50)
    assert queue.take_next(collector, now=NOW) == own


def test_the_teams_cases_in_a_language_one_speaks_come_first(portfolio, collector):
    collector.languages = ["ru"]
    collector.save(update_fields=["languages"])
    make(portfolio, None, team=collector.team, priority=10)
    spoken = make(portfolio, None, team=collector.team, debtor=factories.make_debtor(language="ru"))
    assert queue.take_next(collector, now=NOW) == spoken


def test_an_unfinished_case_comes_back_until_it_has_a_result(portfolio, collector):
    first = make(portfolio, collector)
    make(portfolio, collector)
    assert queue.take_next(collector, now=NOW) == first
    assert queue.take_next(collector, now=NOW + HOUR) == first
    result = factories.make_disposition_code(outcome="NO_CONTACT")
    record_disposition(first, code=result, by=collector, now=NOW)
    assert queue.take_next(collector, now=NOW) != first


def test_a_case_is_not_left_without_a_result(portfolio, collector):
    case = queue.take_next(collector, now=NOW) or make(portfolio, collector)
    queue.claim(case, collector, NOW)
    with pytest.raises(queue.ResultMissing):
        queue.release(case, collector)


def test_a_claim_keeps_others_off_for_five_minutes(portfolio, collector, member):
    case = make(portfolio, None, team=collector.team)
    colleague = member("COLLECTOR", team=collector.team)
    queue.claim(case, collector, NOW)
    with pytest.raises(queue.ClaimedByAnother):
        queue.claim(case, colleague, NOW + timedelta(minutes=4))
    assert queue.take_next(colleague, now=NOW + timedelta(minutes=4)) is None
    assert queue.take_next(colleague, now=NOW + timedelta(minutes=6)) == case
    assert queue.unfinished(collector) is None


def test_skip_tracers_get_what_waits_for_tracing(portfolio, collector, member):
    """S000-07, S001-09."""
    case = make(portfolio, collector, next_action="SKIP_TRACE", priority=70)
    assert queue.take_next(collector, now=NOW) is None
    assert queue.take_next(member("SKIP_TRACING_OFFICER"), now=NOW) == case


def test_suspected_fraud_leaves_the_ordinary_queue(portfolio, collector, member):
    """S004-65."""
    case = make(portfolio, collector, next_action="FRAUD_REVIEW", priority=70)
    assert queue.page(collector, now=NOW) == []
    assert [row.id for row in queue.page(member("ANTI_FRAUD_OFFICER"), now=NOW)] == [case.id]


def test_the_page_explains_each_place(portfolio, collector):
    make(portfolio, collector, next_action="PROMISE_BROKEN", priority=20, broken_in_a_row=2)
    make(portfolio, collector, days_past_due=40)
    rows = queue.page(collector, now=NOW)
    assert [row.explanation for row in rows] == [
        "2 promises in a row were broken. Consider a visit.",
        "Not yet worked; 40 days past due.",
    ]


def test_the_page_costs_few_queries(portfolio, collector, django_assert_max_num_queries):
    for _n in range(10):
        make(portfolio, collector)
    with django_assert_max_num_queries(2):
        assert len(queue.page(collector, now=NOW, limit=10)) == 10


def test_counts_tell_due_and_later(portfolio, collector):
    make(portfolio, collector)
    make(portfolio, None, team=collector.team, next_action="RECALL")
    make(portfolio, collector, next_action_at=NOW + HOUR)
    counts = queue.counts(collector, NOW)
    assert (counts.due, counts.later, counts.by_action) == (2, 1, {"NEW": 1, "RECALL": 1})


@pytest.mark.django_db(transaction=True)
def test_many_collectors_at_once_never_get_the_same_case():
    """S003-06."""
    agency = factories.make_agency()
    with agency_scope(agency.id):
        team, portfolio = factories.make_team(), factories.make_portfolio()
        for _n in range(24):
            make(portfolio, None, team=team)
    people = [factories.make_member(agency, "COLLECTOR", team=team) for _n in range(8)]

    def work(person):
        taken = []
        try:
            for _turn in range(3):
                with agency_scope(agency.id):
                    case = queue.take_next(person, now=NOW)
                    taken.append(case.id)
                with agency_scope(agency.id):
                    Case.objects.filter(id=case.id).update(next_action_at=NOW + HOUR)
                    queue.free(case)
        finally:
            connection.close()
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [case_id for ids in pool.map(work, people) for case_id in ids]
    assert len(taken) == 24
    assert len(set(taken)) == 24
