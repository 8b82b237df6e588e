"""The list of visits and the sheet, as each kind of visitor meets them."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.scope import agency_scope
from cases import holds
from cases.models import Case
from tests import factories

MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)  # Tuesday, 10:30 in Chișinău
NIGHT = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
QUERIES = 30
"""At most so many for a page, the session and the shell included."""
OTHER_ROLES = [
    "COLLECTOR", "LEGAL_OFFICER", "CREDITOR_USER", "LAW_FIRM_USER", "AGENCY_ADMINISTRATOR",
]  # fmt: skip


@pytest.fixture
def visit(agency, member) -> tuple[Any, Case]:
    """A field collector and the case they are to visit."""
    collector = member("FIELD_COLLECTOR", full_name="Vasile Munteanu")
    with agency_scope(agency.id):
        case = factories.make_case(stage="FIELD", collector=collector, days_past_due=100, amount=12_000)
    return collector, case


def listed(membership: Any, query: str = "", *, at: datetime = MORNING) -> str:
    with time_machine.travel(at, tick=False):
        response = factories.client_of(membership).get(reverse("field-cases") + query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_card_shows_whom_where_how_much_and_the_way_to_call(visit):
    """S004-31."""
    collector, case = visit
    page = listed(collector)
    for text in (case.debtor.name, "Strada Florilor", "12,000.00 MDL", "100 days past due", 'href="tel:+373'):
        assert text in page


def test_a_visit_at_night_is_answered_with_why_not_and_until_when(visit):
    collector, _case = visit
    page = listed(collector, at=NIGHT)
    assert "Outside contact hours" in page
    assert "A visit is allowed now" not in page


def test_an_allowed_visit_says_so(visit):
    collector, _case = visit
    assert "A visit is allowed now." in listed(collector)


def test_a_held_case_cannot_be_visited(visit, agency):
    collector, case = visit
    with agency_scope(agency.id):
        holds.place(case, reason="DISPUTE", by=collector, as_of=MORNING.date())
    assert "disputes the debt" in listed(collector)


def test_by_place_towns_are_headings(visit):
    collector, _case = visit
    assert '<li class="place"><h2>' in listed(collector, "?order=place")


def test_a_coordinator_narrows_the_list_to_one_collector(visit, agency, member):
    collector, case = visit
    manager = member("MANAGER")
    with agency_scope(agency.id):
        other = factories.make_case(stage="FIELD")
    page = listed(manager, f"?collector={collector.id}")
    assert case.contract_no in page
    assert other.contract_no not in page
    assert case.contract_no not in listed(manager, "?collector=none")


def test_without_cases_the_page_says_how_they_come(member):
    assert "No case to visit" in listed(member("FIELD_COLLECTOR"))


def test_the_list_costs_as_many_queries_for_ten_cases_as_for_one(visit, agency):
    collector, _case = visit
    client = factories.client_of(collector)
    client.get(reverse("field-cases"))
    counts = []
    for more in (0, 9):
        with agency_scope(agency.id):
            for _ in range(more):
                factories.make_case(stage="FIELD", collector=collector, days_past_due=100)
        with time_machine.travel(MORNING, tick=False), CaptureQueriesContext(connection) as queries:
            client.get(reverse("field-cases"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= QUERIES


def test_the_sheet_reminds_of_the_power_of_attorney_and_names_the_owner(visit):
    """S004-29, S004-77."""
    collector, case = visit
    page = factories.client_of(collector).get(reverse("field-sheet", args=[case.id])).content.decode()
    for text in (f"Power of attorney of {case.creditor.name}", "Entrusted", "Take along", "To write down"):
        assert text in page


def test_the_sheet_of_a_colleagues_case_does_not_exist(visit, member):
    _collector, case = visit
    response = factories.client_of(member("FIELD_COLLECTOR")).get(reverse("field-sheet", args=[case.id]))
    assert response.status_code == 404


def test_the_sheet_of_a_case_in_another_stage_does_not_exist(agency, member):
    collector = member("FIELD_COLLECTOR")
    with agency_scope(agency.id):
        case = factories.make_case(stage="SOFT", collector=collector)
    assert factories.client_of(collector).get(reverse("field-sheet", args=[case.id])).status_code == 404


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_other_roles_are_refused(visit, member, role):
    _collector, case = visit
    client = factories.client_of(member(role))
    assert client.get(reverse("field-cases")).status_code == 403
    assert client.get(reverse("field-sheet", args=[case.id])).status_code == 403


def test_strangers_are_sent_to_sign_in(visit, client):
    _collector, case = visit
    for url in (reverse("field-cases"), reverse("field-sheet", args=[case.id])):
        assert client.get(url).status_code == 302


@pytest.mark.isolation
def test_another_agency_finds_neither_case_nor_sheet(visit, other_agency):
    _collector, case = visit
    foreign = factories.make_member(other_agency, "MANAGER")
    assert case.contract_no not in listed(foreign)
    assert factories.client_of(foreign).get(reverse("field-sheet", args=[case.id])).status_code == 404
