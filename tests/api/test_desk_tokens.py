"""People of the desk give their machines tokens on the page; a token does what its person may, and what it is for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.models import Agency, Membership
from agencies.permissions import Permission
from agencies.roles import ROLES, Collector
from agencies.scope import agency_scope
from cases.models import Case, Promise
from tests import factories
from tests.api.machine import JSON, machine_of

pytestmark = pytest.mark.django_db
Member = Callable[..., Membership]
DESK = [code for code, role in ROLES.items() if Permission.CASES_WORK in role.permissions]


@pytest.fixture
def collector(member: Member) -> Membership:
    return member("COLLECTOR")


@pytest.fixture
def case(agency: Agency, collector: Membership) -> Case:
    with agency_scope(agency.id):
        made: Case = factories.make_case(collector=collector)
    return made


def promise(case: Case) -> dict[str, Any]:
    due_on = factories.agency_day() + timedelta(days=2)
    return {"case": case.id, "amount": str(case.balance), "due_on": due_on.isoformat()}


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def refused(answer: Any) -> tuple[int, str, str]:
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, told["code"], told.get("permission") or told["scope"]


@pytest.mark.parametrize("role", DESK)
def test_every_desk_makes_a_token_that_reads_its_cases(role: str, member: Member) -> None:
    machine = machine_of(member(role), "cases:read")
    for path in ("cases", "promises", "plans", "settlements", "visits"):
        assert machine.get(f"/api/v1/{path}").status_code == 200, path


def test_a_collectors_machine_records_a_promise_once(case: Case, collector: Membership) -> None:
    """S004-43."""
    machine = machine_of(collector, "cases:read", "cases:write")
    key = {"Idempotency-Key": "call-17"}
    made = machine.post("/api/v1/promises", promise(case), content_type=JSON, headers=key)
    assert (made.status_code, made.json()["state"]) == (201, "ACTIVE")
    again = machine.post("/api/v1/promises", promise(case), content_type=JSON, headers=key)
    assert (again.status_code, again.json(), again.headers["Idempotency-Replayed"]) == (201, made.json(), "true")
    other = machine.post("/api/v1/promises", promise(case) | {"amount": "2.00"}, content_type=JSON, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_used_for_another_request")
    with agency_scope(case.agency_id):
        assert Promise.objects.get(case=case).made_by_id == collector.user_id


def test_a_collectors_machine_sees_what_the_collectors_lists_show(
    case: Case, collector: Membership, member: Member
) -> None:
    """S003-18."""
    with agency_scope(case.agency_id):
        team = factories.make_team("North")
        theirs = factories.make_case(collector=member("COLLECTOR", team=team), team=team)
    machine = machine_of(collector)
    assert ids(machine.get("/api/v1/cases")) == [case.id]
    assert machine.get(f"/api/v1/cases/{case.id}").json()["contract_no"] == case.contract_no
    assert machine.get(f"/api/v1/cases/{theirs.id}").status_code == 404
    assert machine.post("/api/v1/promises", promise(theirs), content_type=JSON).status_code == 404
    assert set(ids(machine_of(member("COORDINATOR")).get("/api/v1/cases"))) == {case.id, theirs.id}


def test_another_agencys_case_does_not_exist(case: Case, other_agency: Agency) -> None:
    machine = machine_of(factories.make_member(other_agency, "MANAGER"))
    assert ids(machine.get("/api/v1/cases")) == []
    assert machine.get(f"/api/v1/cases/{case.id}").status_code == 404
    assert machine.post("/api/v1/promises", promise(case), content_type=JSON).status_code == 404


def test_a_refusal_says_which_permission_is_missing(collector: Membership, member: Member) -> None:
    machine = machine_of(collector)
    assert refused(machine.get("/api/v1/bank-statements")) == (403, "permission_denied", "statements.match")
    assert refused(machine.get("/api/v1/approvals")) == (403, "permission_denied", "approvals.decide")
    assert refused(machine.get("/api/v1/handoffs")) == (403, "permission_denied", "legal.handoff")
    assert refused(machine.get("/api/v1/case-files")) == (403, "permission_denied", "files.view")
    administrator = machine_of(member("AGENCY_ADMINISTRATOR"))
    assert refused(administrator.get("/api/v1/cases")) == (403, "permission_denied", "cases.view")


def test_a_token_does_no_more_than_it_was_issued_for(case: Case, collector: Membership) -> None:
    reads = machine_of(collector, "cases:read")
    answer = reads.post("/api/v1/promises", promise(case), content_type=JSON)
    assert refused(answer) == (403, "scope_missing", "cases:write")
    assert refused(reads.get("/api/v1/payments")) == (403, "scope_missing", "payments:read")
    writes = machine_of(collector, "cases:write")
    assert refused(writes.get("/api/v1/promises")) == (403, "scope_missing", "cases:read")
    assert refused(writes.options("/api/v1/promises")) == (403, "scope_missing", "cases:read")
    with agency_scope(case.agency_id):
        assert not Promise.objects.exists()


def test_the_administrator_makes_a_token_for_a_person_of_the_desk(
    case: Case, collector: Membership, member: Member
) -> None:
    machine = machine_of(collector, "cases:read", by=member("AGENCY_ADMINISTRATOR"))
    assert ids(machine.get("/api/v1/cases")) == [case.id]
    assert refused(machine.get("/api/v1/bank-statements"))[2] == "statements.match"


def test_people_of_the_desk_make_none_for_each_other(collector: Membership, member: Member) -> None:
    page = factories.client_of(collector)
    answer = page.post(
        reverse("api-tokens"),
        {"name": "machine", "membership": member("MANAGER").id, "scopes": ["cases:read"], "days": "90"},
    )
    assert answer.status_code == 422
    assert not answer.context["secret"]


def test_a_token_follows_its_persons_role(case: Case, collector: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the role loses the token loses with the next call, the right to tokens itself included."""
    machine = machine_of(collector)
    monkeypatch.setattr(Collector, "permissions", Collector.permissions - {Permission.API})
    assert refused(machine.get("/api/v1/cases")) == (403, "permission_denied", "api.use")


def test_a_coordinators_machine_hands_in_the_banks_file(member: Member) -> None:
    machine = machine_of(member("COORDINATOR"), "payments:read", "payments:write")
    broken = SimpleUploadedFile("day.sta", b"not a statement")
    answer = machine.post("/api/v1/bank-statements", {"file": broken})
    assert (answer.status_code, answer.json()["code"]) != (403, "permission_denied")
    assert answer.status_code in {415, 422}
    assert machine.get("/api/v1/bank-statements").status_code == 200
    assert machine.get("/api/v1/reported-payments").status_code == 200
