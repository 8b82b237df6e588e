"""Claims that will soon be time-barred: found in every stage, before any decision, left out once they are brought."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case
from legal import limitation, list_pages, proceedings, time_limits
from legal.lawsuits import Tick, checklists, save_draft, withdraw
from legal.models import ProceedingStep
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_agency")


def old_case(days_left=21, **fields):
    """A Moldovan debt whose three years end in so many days."""
    due = limitation.last_day(TODAY + timedelta(days=days_left), limitation.Term(-3, ""))
    return factories.make_case(oldest_due_on=due, **fields)


def near(member):
    return list(time_limits.near(member, as_of=TODAY))


def draft(case, officer, **fields):
    ticks = {item.code: Tick(explanation="Known") for item in checklists.items_of("MD")}
    return save_draft(
        case, reasons=["USELESS"], text="", ticks=ticks, by=officer, as_of=TODAY, now=NOW, **fields
    )  # fmt: skip


@pytest.mark.parametrize("stage", ["WATCH", "SOFT", "FIELD", "LEGAL"])
def test_a_case_of_any_stage_alarms_in_good_time_without_any_decision(officer, stage):
    """S003-25: nobody drafted anything, and yet somebody is warned."""
    case = old_case(21, stage=stage)
    old_case(limitation.NEAR_DAYS + 1, stage=stage)
    (found,) = near(officer)
    assert (found, found.last_day) == (case, TODAY + timedelta(days=21))


def test_the_first_and_the_last_day_of_the_alarm_are_counted_as_on_the_legal_page(officer):
    last, first = old_case(limitation.NEAR_DAYS), old_case(0)
    over = old_case(-1)
    assert near(officer) == [first, last]
    assert list(time_limits.passed(officer, as_of=TODAY)) == [over]


def test_a_debt_of_29_february_ends_on_the_28th(officer):
    case = factories.make_case(oldest_due_on=TODAY.replace(year=2024, month=2, day=29))
    term = limitation.term_of("MD", case.debt_kind)
    day = limitation.last_day(case.oldest_due_on, term)
    (found,) = time_limits.near(officer, as_of=day)
    assert found.last_day == day


def test_closed_cases_and_cases_without_a_due_day_do_not_alarm(officer, member):
    old_case(stage="CLOSED", closed_on=TODAY, close_reason="WRITTEN_OFF")
    Case.objects.filter(id=old_case().id).update(oldest_due_on=None)
    assert near(officer) == []


def test_each_country_and_kind_of_debt_has_its_own_term(officer):
    """Italy has ten years, and none of its own for telephone bills: there the agency enters the day."""
    old_case(jurisdiction="IT", debt_kind="CONSUMER_CREDIT")
    ten = limitation.last_day(TODAY, limitation.Term(-10, ""))
    case = factories.make_case(jurisdiction="IT", debt_kind="CONSUMER_CREDIT", oldest_due_on=ten)
    factories.make_case(jurisdiction="IT", debt_kind="TELECOM", oldest_due_on=ten)
    assert near(officer) == [case]


def test_a_day_entered_with_a_reason_goes_before_the_counted_one(officer):
    """It stays known when the decision itself is withdrawn."""
    interrupted, shortened = old_case(), factories.make_case(days_past_due=120, stage="FIELD")
    later = draft(
        interrupted, officer, limitation_on=TODAY + timedelta(days=900), limitation_note="Acknowledged in writing"
    )
    draft(shortened, officer, limitation_on=TODAY + timedelta(days=10), limitation_note="Counsel's view")
    withdraw(later, note="Pays again", by=officer, now=NOW)
    assert near(officer) == [shortened]


def test_a_case_leaves_the_alarm_when_its_claim_is_filed(accepted, officer, lawyer):
    Case.objects.filter(id=accepted.case_id).update(oldest_due_on=old_case(5).oldest_due_on)
    order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
    assert accepted.case in near(officer)
    step = ProceedingStep.objects.get(proceeding=order, code="FILE_CLAIM")
    proceedings.report_step(step, done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)
    assert accepted.case not in near(officer)
    proceedings.end(order, state="ENDED", ended_on=TODAY, by=lawyer, now=NOW)
    assert accepted.case in near(officer)


@pytest.mark.parametrize("role", ["LEGAL_OFFICER", "COORDINATOR", "MANAGER"])
def test_the_number_stands_in_the_navigation_and_opens_its_rows(member, role):
    case, over = old_case(), old_case(-30)
    client, url = factories.client_of(member(role)), reverse("legal-time-limits")
    home = client.get(reverse("handoffs")).content.decode()
    assert '<span class="nav-count">1</span>' in home
    page = client.get(url).content.decode()
    assert reverse("legal-case", args=[case.id]) in page
    assert over.contract_no not in page
    assert over.contract_no in client.get(url + "?state=PASSED").content.decode()


def test_the_list_is_paged_and_says_how_many_there_are(officer, monkeypatch):
    monkeypatch.setattr(list_pages, "ROWS", 2)
    cases = [old_case(days) for days in (3, 2, 1)]
    client, url = factories.client_of(officer), reverse("legal-time-limits")
    first, second = (client.get(f"{url}?page={n}").content.decode() for n in (1, 2))
    assert "3 cases" in first
    assert "Page 1 of 2" in first
    assert cases[0].contract_no not in first
    assert cases[0].contract_no in second


def test_court_days_are_paged_and_counted_instead_of_cut(accepted, officer, lawyer, monkeypatch):
    monkeypatch.setattr(list_pages, "DAYS", 1)
    for _ in range(2):
        order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
        step = ProceedingStep.objects.get(proceeding=order, code="HEARING")
        proceedings.set_due(step, due_on=TODAY, by=lawyer, now=NOW)
    page = factories.client_of(officer).get(reverse("legal-calendar")).content.decode()
    assert "Days of courts and bailiffs (2)" in page
    assert "Page 1 of 2" in page


def test_the_list_costs_as_many_queries_for_many_cases_as_for_one(officer):
    client, counts = factories.client_of(officer), []
    client.get(reverse("legal-time-limits"))
    for more in (1, 5):
        for _ in range(more):
            old_case()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("legal-time-limits"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
