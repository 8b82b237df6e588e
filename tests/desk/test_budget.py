"""How many statements a step of the desk costs: pinned, whatever the length of queue and history."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.scope import agency_scope
from cases.models import Case, DispositionCode
from cases.notes import add_note
from tests import factories
from tests.desk.conftest import NOW

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}
CASE_PAGE = 54
RESULT_AND_NEXT = 71


@pytest.fixture
def browser(collector: factories.Membership) -> Client:
    browser = factories.client_of(collector)
    browser.get("/desk/")
    return browser


def statements(deed: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        deed()
    return len(seen)


def test_a_case_costs_the_same_with_a_long_history_and_queue(
    browser: Client, collector: factories.Membership, queue_of: Callable[..., list[Case]]
) -> None:
    case = queue_of(collector, 2)[0]
    browser.get(f"/cases/{case.id}/")
    few = statements(lambda: browser.get(f"/cases/{case.id}/", headers=HTMX))
    queue_of(collector, 20)
    with agency_scope(case.agency_id):
        for number in range(20):
            add_note(case, text=f"Note {number}", by=collector, now=NOW)

    many = statements(lambda: browser.get(f"/cases/{case.id}/", headers=HTMX))

    assert many <= few + 1  # the notes themselves are read when there are any
    assert many <= CASE_PAGE


def test_a_result_and_the_next_case_are_one_short_step(
    browser: Client,
    collector: factories.Membership,
    queue_of: Callable[..., list[Case]],
    code_of: Callable[[str], DispositionCode],
) -> None:
    cases = queue_of(collector, 3)
    browser.post("/desk/next/")
    code = code_of("NO_CONTACT")

    cost = statements(lambda: browser.post(f"/cases/{cases[0].id}/result/", {"code": code.id}, headers=HTMX))

    assert cost <= RESULT_AND_NEXT
