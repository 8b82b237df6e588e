"""A weekday morning in Chișinău, when everything is open, and a case that may be worked then."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from cases.models import Case
from tests import factories
from tests.contacts import makers

MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""Tuesday 10:00 in Chișinău and Bucharest."""
NIGHT = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return MORNING


@pytest.fixture
def case(in_agency: "factories.Agency") -> Case:
    return factories.make_case()


@pytest.fixture
def phone(case: Case) -> Any:
    return makers.phone_of(case)


@pytest.fixture
def collector(member: Callable[..., Any]) -> Any:
    return member("COLLECTOR")
