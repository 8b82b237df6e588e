"""A field collector with a trip, at an hour at which visits are allowed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page

from agencies.scope import agency_scope
from cases.disposition_codes import seed_codes
from cases.models import Case
from debtors.models import ContactPoint
from field.models import VisitOrder, VisitStop
from tests import factories

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""Tuesday noon in Chișinău."""
SMALL = {"width": 360, "height": 740}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@dataclass(frozen=True)
class Trip:
    case: Case
    order: VisitOrder
    stops: list[VisitStop]

    @property
    def stop(self) -> VisitStop:
        return self.stops[0]


@pytest.fixture
def collector(agency: factories.Agency, member: Callable[..., factories.Membership]) -> factories.Membership:
    with agency_scope(agency.id):
        seed_codes()
    return member("FIELD_COLLECTOR", full_name="Vasile Munteanu")


@pytest.fixture
def trip_of(agency: factories.Agency) -> Callable[..., Trip]:
    """trip_of(collector, addresses=2, all_addresses=True) orders a visit of a new case."""

    def make(
        collector: factories.Membership, *, addresses: int = 1, all_addresses: bool = False, **fields: Any
    ) -> Trip:
        with agency_scope(agency.id):
            case = factories.make_case(
                **({"stage": "FIELD", "days_past_due": 120, "amount": 12_000, "collector": collector} | fields)
            )
            points = list(ContactPoint.objects.filter(debtor=case.debtor, kind="ADDRESS"))
            points += [factories.make_address(case.debtor) for _n in range(addresses - 1)]
            order = VisitOrder.objects.create(
                case=case, trigger="STAGE", opened_at=NOW - timedelta(days=1), due_at=NOW + timedelta(days=6),
                collector=collector, all_addresses=all_addresses,
            )  # fmt: skip
            stops = [VisitStop.objects.create(order=order, address=point) for point in points]
        return Trip(case, order, stops)

    return make


@pytest.fixture
def trip(collector: factories.Membership, trip_of: Callable[..., Trip]) -> Trip:
    return trip_of(collector)


@pytest.fixture
def phone(sign_in: Callable[..., Page], collector: factories.Membership) -> Page:
    page = sign_in(
        collector, viewport=SMALL, timezone_id="Europe/Chisinau", has_touch=True, permissions=["geolocation"],
        geolocation={"latitude": 47.025, "longitude": 28.85833, "accuracy": 9},
    )  # fmt: skip
    page.clock.set_fixed_time(NOW)
    return page
