"""The report pages as people see them: no serious fault for the keyboard or the screen reader, on laptop and phone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from tests import factories
from tests.browser import DATABASES, LAPTOP, PHONE, picture, serious_faults
from tests.reports.test_flow import slid
from tests.reports.test_pay import issue, paid, rule
from tests.reports.test_productivity import busy_weeks
from tests.reports.test_tailored import case_in, make, portfolio_of, shape
from tests.reports.test_targets import case_of, pay, set_target

pytestmark = pytest.mark.django_db(databases=DATABASES, transaction=True)

PAGES = {
    "flow": "/reports/flow/?month=2026-11",
    "targets": "/reports/targets/?month=2026-11",
    "pay": "/pay/?month=2026-10",
    "pay_preview": "/pay/{ana}/?month=2026-10",
    "tailored": "/reports/creditors/{shape}/",
    "tailored_list": "/reports/creditors/",
    "productivity": "/reports/productivity/?start=2026-11-16&end=2026-11-29&by=week",
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("size", "colours"), [(LAPTOP, "light"), (PHONE, "dark")])
def test_report_pages_can_be_read_by_everybody(
    agency: Agency, sign_in: Callable[..., Any], name: str, size: dict[str, int], colours: str
) -> None:
    manager = factories.make_member(agency, "MANAGER")
    with agency_scope(agency.id):
        for to in ("SOFT", "SOFT", "PRE_SOFT"):
            slid(to)
        team = factories.make_team("Centre")
        ana = factories.make_member(agency, "COLLECTOR", team=team)
        for who, amount in ((ana, 300), (team, 200), (factories.make_member(agency, "COLLECTOR"), 90)):
            set_target(who, by=manager, amount=Decimal(amount), promises_kept=2)
        pay(case_of(ana, manager), 250)
        bank = factories.make_creditor(name="First Bank")
        case_in(portfolio_of(bank))
        shaped = shape(bank, manager)
        make(shaped)
        rule(ana, manager)
        paid(case_of(ana, manager, since=date(2026, 9, 1)), "640.50", date(2026, 10, 20))
        busy_weeks(factories.make_member(agency, "COLLECTOR"), factories.make_member(agency, "FIELD_COLLECTOR"))
    page = sign_in(manager, viewport=size, color_scheme=colours)
    page.goto(PAGES[name].format(ana=ana.id, shape=shaped.id))
    picture(page, f"{name}_{size['width']}_{colours}")
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("size", "colours"), [(LAPTOP, "light"), (PHONE, "dark")])
def test_collectors_read_their_own_results(
    agency: Agency, sign_in: Callable[..., Any], size: dict[str, int], colours: str
) -> None:
    cache.clear()
    today = timezone.localdate()
    manager, ana = factories.make_member(agency, "MANAGER"), factories.make_member(agency, "COLLECTOR")
    with agency_scope(agency.id):
        set_target(ana, by=manager, starts_on=today, as_of=today, amount=Decimal(300), promises_kept=3)
        pay(case_of(ana, manager, since=today.replace(day=1)), 250, today)
        rule(ana, manager)
        issue(ana, manager)
    page = sign_in(ana, viewport=size, color_scheme=colours)
    for name in ("desk", "my-targets", "my-pay"):
        page.goto(f"/{name}/")
        picture(page, f"own_{name}_{size['width']}_{colours}")
        assert serious_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
