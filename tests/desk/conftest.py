"""A collector with a queue, at an hour at which calls are allowed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from agencies.scope import agency_scope
from cases.disposition_codes import seed_codes
from cases.models import Case, DispositionCode
from tests import factories

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""Tuesday noon in Chișinău."""


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def collector(agency: factories.Agency, member: Callable[..., factories.Membership]) -> factories.Membership:
    with agency_scope(agency.id):
        seed_codes()
    return member("COLLECTOR", full_name="Ana Popa")


@pytest.fixture
def queue_of(agency: factories.Agency) -> Callable[..., list[Case]]:
    """queue_of(collector, 3) gives three cases that wait for the collector, first to last."""

    def make(collector: factories.Membership, number: int = 3) -> list[Case]:
        with agency_scope(agency.id):
            portfolio = factories.make_portfolio()
            return [
                factories.make_case(
                    portfolio=portfolio,
                    debtor=factories.make_debtor(name=f"Vasile Ceban {n}", language="en"),
                    collector=collector,
                    original_instalment=100,
                )
                for n in range(1, number + 1)
            ]

    return make


@pytest.fixture
def code_of(agency: factories.Agency) -> Callable[[str], DispositionCode]:
    def find(code: str) -> DispositionCode:
        with agency_scope(agency.id):
            return DispositionCode.objects.get(code=code)

    return find
