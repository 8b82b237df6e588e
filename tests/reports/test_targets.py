"""Targets by month and quarter: who sets them for whom, what counts, who reached them, and the collector's own page."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership, Team
from audit.models import Event
from cases import assignment
from cases.models import Case, Promise
from reports import targets
from reports.models.targets import Period, Target
from reports.targets import Attainment, attainments
from tests import factories

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Chisinau")
TODAY = factories.TODAY
NOVEMBER = date(2026, 11, 1)
Member = Callable[..., Membership]


@pytest.fixture
def manager(in_agency: factories.Agency, member: Member) -> Membership:
    return member("MANAGER")


@pytest.fixture
def team(manager: Membership) -> Team:
    return factories.make_team("Centre")


@pytest.fixture
def ana(team: Team, member: Member) -> Membership:
    return member("COLLECTOR", team=team)


def set_target(who: Membership | Team, *, by: Membership, **more: Any) -> Target:
    values: dict[str, Any] = {
        "period": Period.MONTH, "starts_on": TODAY, "currency": "MDL", "amount": Decimal(1000), "promises_kept": None,
        "as_of": TODAY, "now": timezone.now(),
    }  # fmt: skip
    return targets.set_target(who, by=by, **(values | more))


def case_of(collector: Membership, by: Membership, *, since: date = NOVEMBER) -> Case:
    case = factories.make_case()
    now = datetime(since.year, since.month, since.day, 8, tzinfo=ZONE)
    assignment.reassign(case, collector, by=by, as_of=since, now=now)
    return case


def pay(case: Case, amount: int, on: date = TODAY, **more: Any) -> None:
    factories.make_payment(case.account, amount=Decimal(amount), received_on=on, **more)


def reached(*found: Target) -> list[Attainment]:
    return attainments(found, zone="Europe/Chisinau", as_of=TODAY)


def test_a_collector_has_cases_and_a_target_to_reach(manager: Membership, ana: Membership) -> None:
    """S001-04: money on the cases a collector was given counts for the target."""
    target = set_target(ana, by=manager)
    case = case_of(ana, manager)
    pay(case, 250)
    pay(case, 40, reversed_at=timezone.now())

    (row,) = reached(target)

    assert (row.reached, row.percent, row.is_reached, row.over) == (250, Decimal("25.0"), False, False)
    assert Event.objects.filter(kind=targets.SET, subject_id=target.id).count() == 1


def test_targets_go_by_month_and_by_quarter(manager: Membership, ana: Membership, member: Member) -> None:
    """S001-18: month and quarter, and who reached them."""
    month = set_target(ana, by=manager, starts_on=date(2026, 11, 17))
    quarter = set_target(ana, by=manager, starts_on=date(2026, 11, 17), period=Period.QUARTER)
    other = set_target(member("COLLECTOR"), by=manager)
    assert (month.starts_on, quarter.starts_on, quarter.ends_on) == (NOVEMBER, date(2026, 10, 1), date(2026, 12, 31))
    case = case_of(ana, manager, since=date(2026, 10, 1))
    pay(case, 700, date(2026, 10, 31))
    pay(case, 300, NOVEMBER)

    assert [row.reached for row in reached(month, quarter, other)] == [300, 1000, 0]
    assert [row.is_reached for row in reached(month, quarter, other)] == [False, True, False]


def test_who_gets_the_case_later_gets_nothing_of_the_money_before(
    manager: Membership, ana: Membership, member: Member
) -> None:
    heir = member("COLLECTOR")
    case = case_of(ana, manager)
    pay(case, 250, date(2026, 11, 10))
    assignment.reassign(case, heir, by=manager, as_of=TODAY, now=datetime(2026, 11, 12, 8, tzinfo=ZONE))

    rows = reached(set_target(ana, by=manager), set_target(heir, by=manager))

    assert [row.reached for row in rows] == [250, 0]


def test_a_team_reaches_what_its_cases_bring(manager: Membership, ana: Membership, team: Team) -> None:
    target = set_target(team, by=manager, promises_kept=1)
    case = case_of(ana, manager)
    pay(case, 1000)
    (row,) = reached(target)
    assert (row.reached, row.kept, row.is_reached) == (1000, 0, False)
    Promise.objects.create(
        case=case, amount=5, currency="MDL", made_on=TODAY, due_on=TODAY, state="KEPT", made_by=ana.user
    )
    (row,) = reached(target)
    assert (row.kept, row.is_reached) == (1, True)


def test_money_in_another_currency_is_another_target(manager: Membership, ana: Membership) -> None:
    target = set_target(ana, by=manager, currency="EUR")
    pay(case_of(ana, manager), 250)
    assert reached(target)[0].reached == 0


def test_a_target_set_again_is_replaced(manager: Membership, ana: Membership) -> None:
    set_target(ana, by=manager)
    set_target(ana, by=manager, amount=Decimal(2000))
    assert [target.amount for target in Target.objects.all()] == [2000]


def test_a_coordinator_sets_targets_of_the_own_team_alone(
    manager: Membership, ana: Membership, team: Team, member: Member
) -> None:
    coordinator = member("COORDINATOR", team=team)
    set_target(ana, by=coordinator)
    set_target(team, by=coordinator)
    for stranger in (member("COLLECTOR"), factories.make_team("South")):
        with pytest.raises(targets.NotYourPeople):
            set_target(stranger, by=coordinator)


def test_targets_of_the_past_stay_as_they_were(manager: Membership, ana: Membership) -> None:
    with pytest.raises(targets.PeriodIsOver):
        set_target(ana, by=manager, starts_on=date(2026, 10, 31))
    target = set_target(ana, by=manager)
    with pytest.raises(targets.PeriodIsOver):
        targets.withdraw(target, by=manager, as_of=date(2026, 12, 1), now=timezone.now())
    targets.withdraw(target, by=manager, as_of=TODAY, now=timezone.now())
    assert not Target.objects.exists()


@pytest.mark.parametrize("wrong", [
    {"amount": 0}, {"starts_on": date(2026, 11, 2)}, {"period": "QUARTER"}, {"team": None, "member": None},
])  # fmt: skip
def test_the_database_keeps_targets_whole(manager: Membership, ana: Membership, wrong: dict[str, Any]) -> None:
    values: dict[str, Any] = {
        "member": ana, "period": "MONTH", "starts_on": NOVEMBER, "currency": "MDL", "amount": 5,
        "set_by": manager.user, "set_at": timezone.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(**(values | wrong))


def test_the_page_says_who_reached_what_and_each_number_opens_its_rows(
    manager: Membership, ana: Membership, team: Team
) -> None:
    """S001-18: attainment per person, with the rows behind it."""
    set_target(ana, by=manager, promises_kept=2)
    set_target(team, by=manager)
    case = case_of(ana, manager)
    pay(case, 250)
    pay(case, 50)
    Promise.objects.create(
        case=case, amount=5, currency="MDL", made_on=TODAY, due_on=TODAY, state="KEPT", made_by=ana.user
    )
    browser = factories.client_of(manager)

    page = browser.get(reverse("targets"), {"month": "2026-11"})

    assert [each["row"].reached for each in page.context["rows"]] == [300, 300]
    for each in page.context["rows"]:
        assert browser.get(each["links"]["money"]).context["page"].paginator.count == 2
        assert browser.get(each["links"]["kept"]).context["page"].paginator.count == 1
    assert len(page.context["history"]) == 2
    for ending, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        answer = browser.get(reverse("targets"), {"month": "2026-11", "format": ending})
        assert answer.content.startswith(begins)


def test_a_target_is_set_on_the_page_and_a_slip_keeps_what_was_typed(manager: Membership, ana: Membership) -> None:
    browser = factories.client_of(manager)
    typed = {
        "who": f"member:{ana.id}", "period": "MONTH", "starts_on": f"{timezone.localdate():%Y-%m}", "amount": "-4",
        "currency": "mdl", "promises_kept": "7",
    }  # fmt: skip
    slip = browser.post(reverse("target-set"), typed)
    assert (slip.status_code, 'value="7"' in slip.content.decode()) == (422, True)

    assert browser.post(reverse("target-set"), typed | {"amount": "900"}).status_code == 302
    target = Target.objects.get()
    assert (target.amount, target.currency, target.promises_kept) == (900, "MDL", 7)
    assert browser.post(reverse("target-withdraw", args=[target.id])).status_code == 302
    assert not Target.objects.exists()


def test_a_collector_sees_the_own_target_on_the_desk_and_what_counts(manager: Membership, ana: Membership) -> None:
    """S001-04: the running target stands on the desk."""
    cache.clear()
    today = timezone.localdate()
    target = set_target(ana, by=manager, starts_on=today, as_of=today)
    case = case_of(ana, manager, since=today.replace(day=1))
    pay(case, 250, today)
    browser: Client = factories.client_of(ana)

    assert f"?target={target.id}" in browser.get(reverse("desk"), follow=True).content.decode()
    page = browser.get(reverse("my-targets"))
    assert [(payment.amount, found) for payment, found in page.context["payments"]] == [(250, case)]


def test_nobody_reads_the_targets_of_others(manager: Membership, ana: Membership, member: Member) -> None:
    set_target(ana, by=manager)
    other = factories.client_of(member("COLLECTOR"))
    assert other.get(reverse("my-targets")).context["rows"] == []
    assert other.get(reverse("targets")).status_code == 403
    assert other.post(reverse("target-set")).status_code == 403
