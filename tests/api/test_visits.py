"""A creditor reads which visits of its cases are ordered and what was found, and nothing of other people."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases.disposition_codes import seed_codes
from cases.models import Case, DispositionCode
from debtors.models import ContactPoint
from field import visiting
from field.models import VisitOrder, VisitStop
from field.visiting import Report
from tests import factories

pytestmark = pytest.mark.django_db
VISITS, ORDERS = "/api/v1/visits", "/api/v1/visit-orders"
NOON = datetime(2026, 11, 24, 10, tzinfo=UTC)
"""Tuesday noon in Chișinău."""
Member = Callable[..., Membership]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def collector(agency: Agency, member: Member) -> Membership:
    with agency_scope(agency.id):
        seed_codes()
    return member("FIELD_COLLECTOR")


def visited(collector: Membership, report: Report) -> Case:
    """A case with one trip, and what was found there."""
    with agency_scope(collector.agency_id):
        case: Case = factories.make_case(stage="FIELD", collector=collector, days_past_due=120, amount=12_000)
        order = VisitOrder.objects.create(
            case=case, trigger="STAGE", opened_at=NOON - timedelta(1), due_at=NOON + timedelta(6), collector=collector
        )
        address = ContactPoint.objects.filter(debtor=case.debtor, kind="ADDRESS").first()
        stop = VisitStop.objects.create(order=order, address=address)
        visiting.record_visit(stop, draft_key=uuid4(), started_at=NOON, report=report, by=collector, now=NOON)
    return case


@pytest.fixture
def reader_of(agency: Agency, member: Member) -> Callable[[Case], Client]:
    def make(case: Case) -> Client:
        person = member("CREDITOR_USER", creditor=case.creditor)
        with agency_scope(agency.id):
            _token, secret = issue_token(person, name="core banking", by=person.user)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return make


def rows(client: Client, address: str, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_a_creditor_reads_the_visits_of_its_own_cases(
    collector: Membership, reader_of: Callable[[Case], Client]
) -> None:
    """S002-14."""
    case = visited(collector, Report(outcome="NOBODY", letter="MAILBOX"))
    other = visited(collector, Report(outcome="NOBODY"))
    reader = reader_of(case)

    found = rows(reader, VISITS)

    assert [(one["case"], one["outcome"], one["positive"], one["letter"]) for one in found] == [
        (case.id, "NOBODY", False, "MAILBOX")
    ]
    assert rows(reader, VISITS, case=other.id) == []
    assert rows(reader, VISITS, since=(NOON + timedelta(hours=1)).isoformat()) == []
    assert len(rows(reader, VISITS, since=NOON.isoformat())) == 1


def test_words_of_third_people_stay_with_the_agency(collector: Membership, reader_of: Callable[[Case], Client]) -> None:
    """S003-18."""
    told = "The neighbour says he works abroad"
    case = visited(collector, Report(outcome="MET_OTHER", relation="NEIGHBOUR", note=told))

    answer = reader_of(case).get(VISITS)

    assert answer.json()["results"][0]["note"] == ""
    assert not {"relation", "person_role", "occupants", "upkeep_arrears"} & answer.json()["results"][0].keys()
    assert "neighbour" not in answer.content.decode().lower()


def test_what_the_debtor_said_is_told(collector: Membership, reader_of: Callable[[Case], Client]) -> None:
    with agency_scope(collector.agency_id):
        result = DispositionCode.objects.get(code="REFUSES")
    case = visited(
        collector, Report(outcome="MET_DEBTOR", result=result, reason="INCOME_LOST", note="Says the sum is too high")
    )

    found = rows(reader_of(case), VISITS)[0]

    assert (found["positive"], found["note"]) == (True, "Says the sum is too high")


def test_an_ordered_visit_tells_its_time_and_how_many_addresses_were_visited(
    collector: Membership, reader_of: Callable[[Case], Client]
) -> None:
    """S003-10."""
    case = visited(collector, Report(outcome="NOBODY"))
    reader = reader_of(case)

    found = rows(reader, ORDERS, state="DONE")[0]

    assert (found["case"], found["trigger"], found["addresses"], found["visited"]) == (case.id, "STAGE", 1, 1)
    assert found["first_visit_at"] is not None
    assert rows(reader, ORDERS, state="OPEN") == []


@pytest.mark.parametrize("query", ["?case=x", "?since=yesterday", "?since=2026-13-40T00:00:00Z"])
def test_a_parameter_that_is_not_right_is_told(
    query: str, collector: Membership, reader_of: Callable[[Case], Client]
) -> None:
    reader = reader_of(visited(collector, Report(outcome="NOBODY")))
    assert reader.get(VISITS + query).status_code == 400
    assert reader.get(f"{ORDERS}?state=LOST").status_code == 400


def test_people_of_the_agency_read_the_visits_of_their_cases_with_the_words(
    collector: Membership, member: Member
) -> None:
    told = "The neighbour says he works abroad"
    visited(collector, Report(outcome="MET_OTHER", relation="NEIGHBOUR", note=told))

    assert [one["note"] for one in rows(factories.client_of(collector), VISITS)] == [told]
    assert [one["addresses"] for one in rows(factories.client_of(collector), ORDERS)] == [1]
    stranger = factories.client_of(member("FIELD_COLLECTOR"))
    assert rows(stranger, VISITS) == rows(stranger, ORDERS) == []
    assert factories.client_of(member("COLLECTOR")).get(ORDERS).status_code == 403
