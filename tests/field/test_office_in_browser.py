"""The pages of the field office in a real browser, wide and on a phone: nothing runs over, nothing keeps people out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from cases.models import Case
from debtors.models import ContactPoint
from field import follow_up, orders
from field.models import Territory, VisitOrder
from tests import factories
from tests.browser import DATABASES, LAPTOP, PHONE, picture, serious_faults

pytestmark = pytest.mark.django_db(databases=DATABASES, transaction=True)
TOWNS = [("Orhei", "3505", 47.3849, 28.8245), ("Bălți", "3100", 47.7617, 27.9289), ("Cahul", "3901", 45.9042, 28.1993)]


@pytest.fixture
def house(agency: Agency, member: Callable[..., Any]) -> tuple[Any, list[str]]:
    """A coordinator with three trips, one of them held, two territories, and what visits left; and the pages."""
    coordinator, collector = member("COORDINATOR"), member("FIELD_COLLECTOR", full_name="Vasile Munteanu")
    now = timezone.now()
    with agency_scope(agency.id):
        for town, code, lat, lon in TOWNS:
            debtor = factories.make_debtor(address=False)
            address = factories.make_address(debtor, town=town, postal_code=code)
            ContactPoint.objects.filter(id=address.id).update(latitude=lat, longitude=lon)
            factories.make_case(debtor=debtor, stage="FIELD", days_past_due=120)
        orders.keep_in_step(as_of=factories.TODAY, now=now)
        held = VisitOrder.objects.order_by("id").last().case
        Case.objects.filter(id=held.id).update(on_hold=True)
        VisitOrder.objects.update(collector=collector)
        Territory.objects.create(
            name="North", country="MD", outline=[[47.9, 27.6], [47.9, 29.0], [47.2, 29.0], [47.2, 27.6]],
            collector=collector,
        )  # fmt: skip
        Territory.objects.create(name="South", country="MD", cities=["cahul"], collector=collector)
        follow_up.recommend(held, kind="LEGAL", why="REFUSES_TO_PAY", by=collector, now=now)
        follow_up.report_difference(held, what="Collateral", recorded="House", found="Garage", by=collector, now=now)
        follow_up.report_incident(held, text="Shouted at the door", by=collector, now=now)
    return coordinator, [
        reverse("field-trips"), reverse("field-day") + f"?collector={collector.id}", reverse("field-territories"),
        reverse("field-territory-new"), reverse("field-report"), reverse("field-follow-up"),
        reverse("field-sheet", args=[held.id]),
    ]  # fmt: skip


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_every_page_of_the_office_fits_and_can_be_used(
    house: tuple[Any, list[str]], sign_in: Callable[..., Any], viewport: dict[str, int]
) -> None:
    coordinator, addresses = house
    page = sign_in(coordinator, viewport=viewport)
    faults: dict[str, Any] = {}
    for n, address in enumerate(addresses):
        page.goto(address)
        picture(page, f"office_{n}_{viewport['width']}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = serious_faults(page) + ([f"{wide} px too wide"] if wide > 0 else [])
        if found:
            faults[address] = found
    assert faults == {}


def test_trips_are_given_by_territory_after_a_look(house: tuple[Any, list[str]], sign_in: Callable[..., Any]) -> None:
    """S002-06."""
    coordinator, _addresses = house
    with agency_scope(coordinator.agency_id):
        VisitOrder.objects.update(collector=None)
    page = sign_in(coordinator, viewport=PHONE)

    page.goto(reverse("field-trips"))
    page.get_by_role("button", name="Give each to the collector of its territory").click()
    picture(page, "office_look_390")
    page.get_by_role("button", name="Give", exact=True).click()

    page.get_by_text("3 trips were given.").wait_for()
