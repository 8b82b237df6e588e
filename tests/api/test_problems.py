"""Whatever goes wrong under /api/ is told as a problem of RFC 9457, also where no view answers."""

from collections.abc import Callable
from unittest import mock

import pytest
from django.test import Client

from agencies.models import Membership
from api import cases
from tests.api.machine import machine_of

pytestmark = pytest.mark.django_db
Member = Callable[..., Membership]
PROBLEM = "application/problem+json"


@pytest.mark.parametrize("address", ["/api/v1/nowhere", "/api/v1/cases/abc", "/api/v2/cases"])
def test_an_address_that_is_not_there_is_a_problem(address: str) -> None:
    answer = Client().get(address)

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)
    assert answer.json() | {"type": ""} == {
        "type": "", "title": "There is nothing here.", "status": 404, "code": "not_found",
    }  # fmt: skip


def test_people_still_get_a_page() -> None:
    assert b"<h1>There is no such page</h1>" in Client().get("/nowhere/").content


def test_content_nested_without_end_is_a_problem(member: Member) -> None:
    machine = machine_of(member("COLLECTOR"), "cases:write")

    answer = machine.post("/api/v1/promises", "[" * 100_000, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_what_broke_on_our_side_is_a_problem_that_tells_nothing_of_the_debtor(member: Member) -> None:
    machine = machine_of(member("COLLECTOR"), "cases:read")
    machine.raise_request_exception = False
    with mock.patch.object(cases.Cases, "get", side_effect=ValueError("Ion Hâncu owes 100")):
        answer = machine.get("/api/v1/cases")

    assert (answer.status_code, answer.headers["Content-Type"]) == (500, PROBLEM)
    assert answer.json()["code"] == "server_error"
    assert b"Ion" not in answer.content
