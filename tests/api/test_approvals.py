"""Approvals over the API: each side its own, by the rules of the page, and never by whoever asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases import approvals, promises
from cases.models import Approval, ApprovalKind, Case, Promise
from tests import factories
from tests.api.machine import JSON, machine_of

pytestmark = pytest.mark.django_db
Member = Callable[..., Membership]
APPROVALS = "/api/v1/approvals"
NUMBER = 10**9
"""A subject that no kind knows: a refusal comes before anybody looks at it."""


@pytest.fixture
def case(agency: Agency) -> Case:
    with agency_scope(agency.id):
        made: Case = factories.make_case(team=factories.make_team("North"), amount=1000)
    return made


def asked(case: Case, kind: str, by: Membership) -> list[Approval]:
    with agency_scope(case.agency_id):
        both = (Approval.Side.COORDINATOR, Approval.Side.CREDITOR)
        return approvals.ask(
            ApprovalKind(kind), NUMBER, mandate=case.mandate, case=case, by=by, now=timezone.now(), facts={}, sides=both
        )


def decide(client: Client, approval: Approval, **told: Any) -> Any:
    return client.post(f"{APPROVALS}/{approval.id}/decision", {"grant": True} | told, content_type=JSON)


def states(case: Case) -> set[str]:
    with agency_scope(case.agency_id):
        return set(Approval.objects.filter(case=case).values_list("state", flat=True))


@pytest.fixture
def far(case: Case, member: Member) -> Promise:
    """A promise of the full sum for a day that only a coordinator may grant."""
    with agency_scope(case.agency_id):
        today = factories.agency_day()
        return promises.make_promise(
            case, amount=case.balance, due_on=today + timedelta(days=20), by=member("COLLECTOR"), as_of=today
        )


def test_a_coordinator_lists_reads_and_grants(case: Case, far: Promise, member: Member) -> None:
    """S004-44."""
    machine = machine_of(member("COORDINATOR", team=case.team), "approvals:read", "approvals:write")
    (row,) = machine.get(APPROVALS, {"state": "WAITING"}).json()["results"]
    one = machine.get(f"{APPROVALS}/{row['id']}").json()
    assert (one["kind"], one["subject"], one["case"], one["own"]) == ("PROMISE", far.id, case.id, False)
    assert [fact["label"] for fact in one["facts"]] == ["Promised", "By", "Full sum due"]
    address, key = f"{APPROVALS}/{row['id']}/decision", {"Idempotency-Key": "yes-1"}
    granted = machine.post(address, {"grant": True}, content_type=JSON, headers=key)
    assert (granted.status_code, granted.json()["state"]) == (200, "GRANTED")
    assert machine.post(address, {"grant": True}, content_type=JSON, headers=key).json() == granted.json()
    again = machine.post(address, {"grant": True}, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    with agency_scope(case.agency_id):
        assert Promise.objects.get(id=far.id).state == "ACTIVE"
    assert machine.get(APPROVALS, {"state": "WAITING"}).json()["results"] == []


def test_a_coordinator_refuses_with_the_reason(case: Case, far: Promise, member: Member) -> None:
    machine = machine_of(member("COORDINATOR"))
    (row,) = machine.get(APPROVALS, {"kind": "PROMISE"}).json()["results"]
    answer = machine.post(f"{APPROVALS}/{row['id']}/decision", {"grant": False, "note": "Too late"}, content_type=JSON)
    assert (answer.json()["state"], answer.json()["note"]) == ("REFUSED", "Too late")
    with agency_scope(case.agency_id):
        promise = Promise.objects.get(id=far.id)
    assert (promise.state, promise.decision_note) == ("REFUSED", "Too late")


@pytest.mark.parametrize("kind", ApprovalKind.values)
def test_nobody_else_decides_whatever_it_is(kind: str, case: Case, member: Member, other_agency: Agency) -> None:
    """For every kind: the asker, other teams, other sides, other creditors, other roles, other agencies."""
    asker = member("COORDINATOR", team=case.team)
    ours, theirs = asked(case, kind, asker)
    refused = decide(machine_of(asker), ours)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
    with agency_scope(case.agency_id):
        south, another = factories.make_team("South"), factories.make_creditor()
    hidden = [
        (member("COORDINATOR", team=south), ours), (member("COORDINATOR", team=case.team), theirs),
        (member("CREDITOR_USER", creditor=case.creditor), ours), (member("CREDITOR_USER", creditor=another), theirs),
        (factories.make_member(other_agency, "COORDINATOR"), ours),
        (factories.make_member(other_agency, "MANAGER"), theirs),
    ]  # fmt: skip
    for person, approval in hidden:
        machine = machine_of(person)
        assert decide(machine, approval).status_code == 404
        assert machine.get(f"{APPROVALS}/{approval.id}").status_code == 404
    for role in ("COLLECTOR", "FIELD_COLLECTOR", "LEGAL_OFFICER", "AGENCY_ADMINISTRATOR", "LAW_FIRM_USER"):
        for approval in (ours, theirs):
            answer = decide(machine_of(member(role)), approval)
            assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert states(case) == {"WAITING"}


@pytest.mark.parametrize("kind", [kind for kind in ApprovalKind.values if kind != "PROMISE"])
def test_a_no_says_why_whatever_it_is(kind: str, case: Case, member: Member) -> None:
    ours, theirs = asked(case, kind, member("LEGAL_OFFICER"))
    for person, approval in ((member("MANAGER"), ours), (member("CREDITOR_USER", creditor=case.creditor), theirs)):
        answer = decide(machine_of(person), approval, grant=False, note=" ")
        assert (answer.status_code, answer.json()["code"]) in {(422, "say_why"), (400, "invalid")}
    assert states(case) == {"WAITING"}


@pytest.mark.parametrize("kind", ApprovalKind.values)
def test_a_token_that_somebody_else_issued_gives_nobodys_yes(kind: str, case: Case, member: Member) -> None:
    """An administrator makes tokens for everybody, and decides nothing by them: not for the creditor either."""
    administrator = member("AGENCY_ADMINISTRATOR")
    ours, theirs = asked(case, kind, member("COLLECTOR"))
    for person, approval in ((member("MANAGER"), ours), (member("CREDITOR_USER", creditor=case.creditor), theirs)):
        with agency_scope(case.agency_id):
            _token, secret = issue_token(person, name="older than scopes", by=administrator.user)
        machine = Client(headers={"Authorization": f"Bearer {secret}"})
        assert machine.get(APPROVALS, {"state": "REFUSED"}).status_code == 200
        answer = decide(machine, approval)
        assert (answer.status_code, answer.json()["scope"]) == (403, "approvals:write")
        page = factories.client_of(administrator).post(
            reverse("api-tokens"),
            {"name": "yes", "membership": person.id, "scopes": ["approvals:write"], "days": "90"},
        )
        assert page.status_code == 422
    assert states(case) == {"WAITING"}


@pytest.mark.parametrize("query", ["state=GONE", "kind=GIFT"])
def test_a_parameter_that_is_not_right_is_told(query: str, member: Member) -> None:
    assert machine_of(member("COORDINATOR")).get(f"{APPROVALS}?{query}").status_code == 400
