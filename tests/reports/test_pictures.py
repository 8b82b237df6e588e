"""The report pages as people see them: no serious fault for the keyboard or the screen reader, on laptop and phone."""

from collections.abc import Callable
from typing import Any

import pytest

from agencies.models import Agency
from agencies.scope import agency_scope
from tests import factories
from tests.browser import DATABASES, LAPTOP, PHONE, picture, serious_faults
from tests.reports.test_flow import slid
from tests.reports.test_productivity import busy_weeks

pytestmark = pytest.mark.django_db(databases=DATABASES, transaction=True)

PAGES = {
    "flow": "/reports/flow/?month=2026-11",
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
        busy_weeks(factories.make_member(agency, "COLLECTOR"), factories.make_member(agency, "FIELD_COLLECTOR"))
    page = sign_in(manager, viewport=size, color_scheme=colours)
    page.goto(PAGES[name])
    picture(page, f"{name}_{size['width']}_{colours}")
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
