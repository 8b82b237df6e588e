"""Roll rates and days to a cure, from the history alone; every number opens the cases it counts."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Membership
from agencies.scope import agency_scope
from cases import money, transitions
from cases.models import Case
from ledger.models import Due
from reports import flow
from reports.figures import View
from tests import factories

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def manager(in_agency: factories.Agency, member: Callable[..., Membership]) -> Membership:
    return member("MANAGER")


@pytest.fixture
def view(manager: Membership) -> View:
    return View(manager, "Europe/Chisinau", NOVEMBER, date(2026, 11, 30))


@pytest.fixture
def browser(manager: Membership) -> Client:
    return factories.client_of(manager)


def at(day: date) -> datetime:
    return datetime.combine(day, time(2), ZoneInfo("Europe/Chisinau"))


def watched(*, unpaid_since: date, **more: object) -> Case:
    """A case opened in September: 400 past due since that day, 600 due in a year."""
    case = factories.make_case(stage="WATCH", opened_on=date(2026, 9, 20), oldest_due_on=unpaid_since, **more)
    Due.objects.filter(account_id=case.account_id).update(amount=400, due_on=unpaid_since)
    Due.objects.create(account=case.account, due_on=date(2027, 9, 1), amount=600)
    return case


def nights(case: Case, *days: date) -> None:
    for day in days:
        transitions.follow(case, as_of=day, now=at(day))


def pay(case: Case, amount: int, on: date) -> None:
    case.refresh_from_db()
    money.take_payment(case, amount=Decimal(amount), received_on=on, by=None, now=at(on))


def slid(to: str) -> Case:
    """Unpaid since the first of September: pre-soft from 5 October, soft from 2 November when `to` says so."""
    case = watched(unpaid_since=date(2026, 9, 1))
    nights(case, date(2026, 10, 5), *([date(2026, 11, 2)] if to == "SOFT" else []))
    return case


def test_a_month_says_from_which_stage_cases_went_to_which(view: View) -> None:
    """S000-21: counts and shares, month to month."""
    slid("SOFT")
    slid("PRE_SOFT")
    watched(unpaid_since=date(2026, 11, 20))

    october, november = flow.rolls(view, OCTOBER), flow.rolls(view, NOVEMBER)

    assert (october.at("WATCH", "PRE_SOFT"), october.at("WATCH", "WATCH")) == (2, 1)
    assert october.share("WATCH", "PRE_SOFT") == Decimal("66.7")
    assert (november.at("PRE_SOFT", "SOFT"), november.at("PRE_SOFT", "PRE_SOFT")) == (1, 1)
    assert november.share("PRE_SOFT", "SOFT") == Decimal("50.0")
    assert november.total("WATCH") == 1


def test_entering_delay_is_told_in_cases_and_in_clients(view: View) -> None:
    """S000-21: the number and the percentage of clients that enter delay."""
    client = factories.make_debtor()
    for unpaid_since in (date(2026, 9, 1), date(2026, 9, 2)):
        nights(watched(unpaid_since=unpaid_since, debtor=client), date(2026, 10, 5))
    watched(unpaid_since=date(2026, 11, 20))

    found = flow.entered(view, OCTOBER)

    assert (found.cases, found.of, found.share) == (2, 3, Decimal("66.7"))
    assert (found.people, found.people_of, found.people_share) == (1, 2, Decimal("50.0"))


def test_a_case_opened_in_the_month_comes_from_nowhere(view: View) -> None:
    case = factories.make_case(stage="WATCH", opened_on=date(2026, 10, 10), days_past_due=70)
    nights(case, date(2026, 11, 2))

    assert flow.rolls(view, date(2026, 9, 1)).rolls == {}
    assert flow.rolls(view, OCTOBER).at("NEW", "WATCH") == 1
    assert flow.rolls(view, NOVEMBER).at("WATCH", "PRE_SOFT") == 1


def test_a_closed_case_leaves_the_matrix_after_its_month(view: View) -> None:
    case = slid("PRE_SOFT")
    pay(case, 1000, date(2026, 10, 20))

    assert flow.rolls(view, OCTOBER).at("WATCH", "CLOSED") == 1
    assert flow.rolls(view, NOVEMBER).rolls == {}


def test_the_days_to_a_cure_are_counted_from_entering_delay_and_from_entering_the_stage(view: View) -> None:
    """S000-20: time to cure by stage and month, median and distribution."""
    quick, slow = slid("PRE_SOFT"), slid("SOFT")
    pay(quick, 400, date(2026, 10, 9))
    pay(slow, 400, date(2026, 11, 12))
    paid = slid("SOFT")
    pay(paid, 1000, date(2026, 11, 4))

    found = {(f.month, f.how, f.stage): f for f in flow.cure_figures(view, first=OCTOBER, last=NOVEMBER)}

    october, november = found[OCTOBER, "cure", "PRE_SOFT"], found[NOVEMBER, "cure", "SOFT"]
    assert (october.cases, october.median, october.buckets) == (1, Decimal("4.0"), (1, 0, 0, 0, 0))
    assert (november.median, november.median_in_stage, november.buckets) == (38, 10, (0, 0, 0, 1, 0))
    assert found[NOVEMBER, "paid", ""].median == Decimal("30.0")
    assert len(found) == 6


def test_the_median_lies_between_two_cases(view: View) -> None:
    for day in (8, 9):
        pay(slid("PRE_SOFT"), 400, date(2026, 10, day))
    assert flow.cure_figures(view, first=OCTOBER, last=OCTOBER)[0].median == Decimal("3.5")


def test_a_case_that_falls_back_is_timed_from_its_last_delay(view: View) -> None:
    case = slid("PRE_SOFT")
    pay(case, 400, date(2026, 10, 9))
    Due.objects.filter(account_id=case.account_id, amount=600).update(due_on=date(2026, 10, 10))
    money.refresh(Case.objects.get(id=case.id), date(2026, 11, 15))
    nights(case, date(2026, 11, 15))
    pay(case, 600, date(2026, 11, 18))

    assert [(c.days, c.how) for c in flow.cures(view, NOVEMBER)] == [(3, "paid")]


def test_every_number_opens_the_cases_it_counts(view: View, browser: Client) -> None:
    slid("SOFT")
    pay(slid("SOFT"), 400, date(2026, 11, 9))
    page = browser.get(reverse("flow"), {"month": "2026-11"})

    cells = [(cell["count"], cell["link"]) for row in page.context["rows"] for cell in row["cells"] if cell["count"]]
    cells += [(row["total"], row["link"]) for row in page.context["rows"]]
    cells += [(row["figure"].cases, row["link"]) for row in page.context["cures"]]
    cells += [(page.context["entered"].cases, page.context["entered_link"])]
    assert len(cells) == 6
    for count, link in cells:
        assert browser.get(link).context["page"].paginator.count == count
    chart = [cell for _label, row in page.context["days"].table for cell in row if cell.value == "1"]
    assert browser.get(chart[0].url).context["page"].paginator.count == 1


def test_the_page_narrows_to_a_portfolio(view: View, browser: Client) -> None:
    one, other = slid("PRE_SOFT"), slid("PRE_SOFT")
    page = browser.get(reverse("flow"), {"month": "2026-10", "portfolio": one.portfolio_id})
    assert page.context["entered"].cases == 1
    assert other.portfolio_id != one.portfolio_id


def test_a_month_that_is_none_is_said_beside_the_field(browser: Client) -> None:
    page = browser.get(reverse("flow"), {"month": "October"})
    assert "Give a month, for example 2026-10." in page.content.decode()


def test_cases_of_another_agency_are_in_no_number(agency: factories.Agency, other_agency: factories.Agency) -> None:
    with agency_scope(other_agency.id):
        slid("SOFT")
    manager = factories.make_member(agency, "MANAGER")
    with agency_scope(agency.id):
        view = View(manager, "Europe/Chisinau", NOVEMBER, date(2026, 11, 30))
        assert flow.rolls(view, NOVEMBER).rolls == {}
        assert flow.cures(view, OCTOBER) == []


def test_the_lists_can_be_taken_as_files(view: View, browser: Client) -> None:
    slid("SOFT")
    for ending, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        answer = browser.get(reverse("report-rolls"), {"month": "2026-11", "format": ending})
        assert answer.content.startswith(begins)


def test_flow_is_for_those_who_see_figures(view: View, member: Callable[..., Membership]) -> None:
    collector = factories.client_of(member("COLLECTOR"))
    assert {collector.get(reverse(name)).status_code for name in ("flow", "report-rolls", "report-cures")} == {403}
