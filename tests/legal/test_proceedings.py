"""Proceedings as data: every country's file is whole, days are counted by its law, steps follow one another."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from jurisdictions.intent import HolidayOverride
from legal import handoffs, proceeding_rules, proceedings, step_corrections
from legal.deadlines import deadline, deadline_in_months
from legal.models import Handoff, ProceedingStep
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_agency")


@pytest.mark.parametrize(
    ("country", "kind", "name"),
    [
        ("MD", "PAYMENT_ORDER", "ordonanță judecătorească"), ("RO", "PAYMENT_ORDER", "ordonanță de plată"),
        ("IT", "PAYMENT_ORDER", "decreto ingiuntivo"), ("IT", "DEMAND", "precetto"),
        ("IT", "ENFORCEMENT", "pignoramento"), ("CZ", "PAYMENT_ORDER", "platební rozkaz"),
        ("CZ", "ENFORCEMENT", "exekuce"), ("LT", "PAYMENT_ORDER", "teismo įsakymas"),
    ],
)  # fmt: skip
def test_each_country_knows_its_proceedings_by_their_own_name(country, kind, name):
    """S002-11: decreto ingiuntivo, precetto, pignoramento; S003-26: exekuce."""
    assert name in proceeding_rules.kind_of(country, kind).label


def test_who_reads_in_the_language_of_that_law_reads_its_term_once():
    with override("ro"):
        assert proceeding_rules.kind_of("RO", "PAYMENT_ORDER").label == "Ordonanță de plată"


def test_no_day_is_counted_without_the_article_that_says_so():
    for country in proceeding_rules.countries():
        for kind in proceeding_rules.kinds_of(country):
            assert all(step.source for step in kind.steps if step.days is not None), kind


def test_elsewhere_the_court_sets_every_day():
    assert all(step.days is None for kind in proceeding_rules.kinds_of("DE") for step in kind.steps)


@pytest.mark.parametrize(
    ("start", "days", "rule", "end"),
    [
        (date(2026, 11, 2), 15, {"unit": "calendar", "country": "CZ", "roll": True}, date(2026, 11, 18)),
        (date(2026, 11, 2), 10, {"unit": "free", "country": "RO", "roll": True}, date(2026, 11, 13)),
        (date(2026, 11, 2), 5, {"unit": "working", "country": "CZ"}, date(2026, 11, 9)),
        (date(2026, 7, 20), 40, {"unit": "calendar", "country": "IT", "roll": True, "pause": True}, date(2026, 9, 29)),
        (date(2026, 8, 10), 40, {"unit": "calendar", "country": "IT", "roll": True, "pause": True}, date(2026, 10, 12)),
        (date(2026, 11, 4), 10, {"unit": "calendar", "country": "LT"}, date(2026, 11, 14)),
        (date(2026, 11, 4), 10, {"unit": "calendar", "country": "IT", "roll": True}, date(2026, 11, 16)),
    ],
)
def test_days_are_counted_as_the_law_of_the_country_says(start, days, rule, end):
    """17 November is a Czech holiday; August does not count in Italy; Romania counts neither the first nor the last."""
    assert deadline(start, days, **rule) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 1, 15), date(2026, 7, 15)), (date(2026, 8, 31), date(2027, 3, 1)),
        (date(2026, 2, 16), date(2026, 9, 16)), (date(2026, 8, 10), date(2027, 3, 1)),
        (date(2026, 7, 1), date(2027, 2, 1)),
    ],
)  # fmt: skip
def test_six_months_in_italy_are_longer_by_the_august_they_meet(start, end):
    """28 February 2027 is a Sunday; what begins in August begins when August is over."""
    assert deadline_in_months(start, 6, country="IT", roll=True, pause=True) == end


@pytest.mark.parametrize(
    ("country", "name", "begins", "start", "end"),
    [
        # 28 November 2026 is a Saturday; 30 November and 1 December are holidays in Romania
        ("RO", "cerere de chemare în judecată", "JUDGMENT_SERVED", date(2026, 10, 28), date(2026, 12, 2)),
        ("IT", "processo ordinario di cognizione", "JUDGMENT_SERVED", date(2026, 10, 9), date(2026, 11, 9)),
        ("IT", "processo ordinario di cognizione", "JUDGMENT", date(2026, 3, 10), date(2026, 10, 12)),
        ("CZ", "žaloba o zaplacení", "JUDGMENT_SERVED", date(2026, 11, 2), date(2026, 11, 18)),
        ("LT", "ieškinys", "JUDGMENT", date(2026, 10, 15), date(2026, 11, 16)),
        ("MD", "acțiune civilă", "JUDGMENT", date(2026, 10, 15), date(2026, 11, 16)),
    ],
)  # fmt: skip
def test_an_ordinary_lawsuit_ends_with_the_appeal_period_of_its_country(country, name, begins, start, end):
    """S002-11: after an objection to an order for payment the claim goes on in every country."""
    kind = proceeding_rules.kind_of(country, "LAWSUIT")
    assert name in kind.label
    assert kind.due(kind.step("APPEAL_PERIOD_OVER"), {begins: start}) == end


def test_of_two_periods_for_an_appeal_the_earlier_end_holds():
    kind = proceeding_rules.kind_of("IT", "LAWSUIT")
    appeal = kind.step("APPEAL_PERIOD_OVER")
    judged = date(2026, 9, 1)
    assert kind.due(appeal, {"JUDGMENT": judged}) == date(2027, 3, 1)
    assert kind.due(appeal, {"JUDGMENT": judged, "JUDGMENT_SERVED": date(2026, 9, 8)}) == date(2026, 10, 8)
    assert kind.due(appeal, {"JUDGMENT": judged, "JUDGMENT_SERVED": date(2027, 2, 22)}) == date(2027, 3, 1)


def test_what_ends_on_a_day_off_ends_on_the_next_working_day_everywhere():
    friday = date(2026, 11, 6)
    for country in proceeding_rules.countries():
        rolls = {kind.roll for kind in proceeding_rules.kinds_of(country)}
        assert rolls == {True}, country
        assert deadline(friday, 1, unit="calendar", country=country, roll=True) == date(2026, 11, 9)


def test_days_an_agency_adds_put_off_the_debtors_time_and_never_its_own():
    added = (HolidayOverride(date(2026, 11, 18), "Agency", "CZ"),)
    kind = proceeding_rules.kind_of("CZ", "PAYMENT_ORDER")
    served = {"ORDER_SERVED": date(2026, 11, 2)}
    assert kind.due(kind.step("OBJECTION_PERIOD_OVER"), served, days_off=added) == date(2026, 11, 19)
    lawsuit = proceeding_rules.kind_of("CZ", "LAWSUIT")
    judged = {"JUDGMENT_SERVED": date(2026, 11, 2)}
    assert lawsuit.due(lawsuit.step("APPEAL_PERIOD_OVER"), judged, days_off=added) == date(2026, 11, 18)


def italian(officer, firm, agency):
    portfolio = factories.make_portfolio(factories.make_mandate(jurisdiction="IT", currency="EUR"))
    case = factories.make_case(portfolio=portfolio, stage="FIELD", days_past_due=200)
    decision = factories.approve_lawsuit(case)
    return handoffs.send(
        handoffs.prepare(decision, firm=firm, by=officer, as_of=TODAY, now=NOW), by=officer, now=NOW
    )  # fmt: skip


def step_of(proceeding, code):
    return ProceedingStep.objects.get(proceeding=proceeding, code=code)


def test_the_day_after_a_step_is_counted_from_it_and_the_handoff_is_in_court(officer, firm, lawyer, agency):
    handoff = handoffs.accept(italian(officer, firm, agency), by=lawyer, now=NOW)
    order = proceedings.open_proceeding(
        handoff, kind="PAYMENT_ORDER", opened_on=TODAY - timedelta(days=30), by=lawyer, now=NOW, court="Milano"
    )
    for code, ago in (("FILE_CLAIM", 30), ("ORDER_ISSUED", 10), ("ORDER_SERVED", 5)):
        proceedings.report_step(
            step_of(order, code), done_on=TODAY - timedelta(days=ago), by=lawyer, as_of=TODAY, now=NOW
        )  # fmt: skip
    assert step_of(order, "ORDER_SERVED").due_on == date(2027, 1, 13)  # 60 days after the order was issued
    assert step_of(order, "OBJECTION_PERIOD_OVER").due_on == date(2026, 12, 29)  # 40 days after the service
    assert step_of(order, "ENFORCEABLE_TITLE").due_on is None
    assert Handoff.objects.get(id=handoff.id).state == "IN_COURT"


def test_the_agencys_own_days_reach_the_days_of_a_proceeding(officer, firm, lawyer, agency):
    agency.contact_profile = {"holidays": {"IT": ["2026-12-29"]}}
    agency.save(update_fields=["contact_profile"])
    handoff = handoffs.accept(italian(officer, firm, agency), by=lawyer, now=NOW)
    order = proceedings.open_proceeding(
        handoff, kind="PAYMENT_ORDER", opened_on=TODAY - timedelta(days=30), by=lawyer, now=NOW
    )
    for code, ago in (("FILE_CLAIM", 30), ("ORDER_ISSUED", 10), ("ORDER_SERVED", 5)):
        proceedings.report_step(
            step_of(order, code), done_on=TODAY - timedelta(days=ago), by=lawyer, as_of=TODAY, now=NOW
        )  # fmt: skip
    assert step_of(order, "OBJECTION_PERIOD_OVER").due_on == date(2026, 12, 30)


def test_an_italian_appeal_is_counted_from_the_judgment_and_anew_from_its_service(officer, firm, lawyer, agency):
    handoff = handoffs.accept(italian(officer, firm, agency), by=lawyer, now=NOW)
    suit = proceedings.open_proceeding(
        handoff, kind="LAWSUIT", opened_on=TODAY - timedelta(days=60), by=lawyer, now=NOW
    )
    days = {"CLAIM_SERVED": 50, "FILE_CLAIM": 45, "JUDGMENT": 10}
    for code, ago in days.items():
        proceedings.report_step(
            step_of(suit, code), done_on=TODAY - timedelta(days=ago), by=lawyer, as_of=TODAY, now=NOW
        )  # fmt: skip
    assert step_of(suit, "APPEAL_PERIOD_OVER").due_on == date(2027, 5, 14)  # six months from 14 November
    served = proceedings.report_step(step_of(suit, "JUDGMENT_SERVED"), done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)
    assert step_of(suit, "APPEAL_PERIOD_OVER").due_on == date(2026, 12, 24)
    step_corrections.correct(served, done_on=None, reason="Not served yet", by=lawyer, as_of=TODAY, now=NOW)
    assert step_of(suit, "APPEAL_PERIOD_OVER").due_on == date(2027, 5, 14)


def test_a_day_set_by_the_court_is_not_counted_anew(accepted, lawyer):
    order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
    hearing = TODAY + timedelta(days=50)
    proceedings.set_due(step_of(order, "HEARING"), due_on=hearing, by=lawyer, now=NOW)
    proceedings.report_step(step_of(order, "FILE_CLAIM"), done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)
    assert step_of(order, "HEARING").due_on == hearing


def test_a_step_is_reported_once_and_not_ahead(accepted, lawyer):
    order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
    step = step_of(order, "FILE_CLAIM")
    with pytest.raises(proceedings.DayToCome):
        proceedings.report_step(step, done_on=TODAY + timedelta(days=1), by=lawyer, as_of=TODAY, now=NOW)
    proceedings.report_step(step, done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)
    with pytest.raises(proceedings.StepDone):
        proceedings.report_step(step, done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)


def test_the_calendar_shows_overdue_and_near_days_first(accepted, lawyer):
    order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
    for code, ahead in (("HEARING", -1), ("JUDGMENT", 7), ("APPEAL_PERIOD_OVER", 20), ("ENFORCEABLE_TITLE", 60)):
        proceedings.set_due(step_of(order, code), due_on=TODAY + timedelta(days=ahead), by=lawyer, now=NOW)
    rows = proceedings.calendar(proceedings.due_steps(until=TODAY + timedelta(days=30)), as_of=TODAY)
    assert [(one.step.code, one.alarm) for one in rows] == [
        ("HEARING", "OVERDUE"), ("JUDGMENT", "SOON"), ("APPEAL_PERIOD_OVER", ""),
    ]  # fmt: skip


def test_a_recalled_handoff_leaves_the_firm_and_the_agency_goes_on_with_its_days(accepted, lawyer, officer):
    """A lawsuit goes on when the firm is changed: nobody misses the hearing."""
    order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
    proceedings.set_due(step_of(order, "HEARING"), due_on=TODAY, by=lawyer, now=NOW)
    handoffs.recall(accepted, note="Another firm", by=officer, now=NOW)
    assert not proceedings.due_steps(until=TODAY, handoffs=handoffs.of_firm(lawyer)).exists()
    assert [step.code for step in proceedings.due_steps(until=TODAY)] == ["HEARING"]
    with pytest.raises(handoffs.NotYourHandoff):
        proceedings.set_due(step_of(order, "HEARING"), due_on=TODAY, by=lawyer, now=NOW)
    later = TODAY + timedelta(days=9)
    assert proceedings.set_due(step_of(order, "HEARING"), due_on=later, by=officer, now=NOW).due_on == later


def test_a_proceeding_of_another_country_is_refused(accepted, lawyer):
    with pytest.raises(Exception, match="no such proceeding"):
        proceedings.open_proceeding(accepted, kind="DEMAND", opened_on=TODAY, by=lawyer, now=NOW)


def test_an_ended_proceeding_takes_no_more_steps(accepted, lawyer):
    order = proceedings.open_proceeding(accepted, kind="LAWSUIT", opened_on=TODAY, by=lawyer, now=NOW)
    proceedings.end(order, state="WON", ended_on=TODAY, by=lawyer, now=NOW)
    with pytest.raises(proceedings.StepDone):
        proceedings.report_step(step_of(order, "FILE_CLAIM"), done_on=TODAY, by=lawyer, as_of=TODAY, now=NOW)
    with pytest.raises(proceedings.StepDone):
        proceedings.end(order, state="LOST", ended_on=TODAY, by=lawyer, now=NOW)
