"""Promises, plans and settlements over the API: the agency's people and the creditor, each their own."""

import pytest
from django.test import Client

from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases import promises
from cases.models import Promise
from tests import factories
from tests.agreements.people import asked, fresh, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(agency):
    with agency_scope(agency.id):
        return make_case()


@pytest.fixture
def plan(case, member):
    with agency_scope(case.agency_id):
        return asked(case, member("COLLECTOR"), factories.make_plan_format(case.mandate))


class Caller:
    def __init__(self, member):
        with agency_scope(member.agency_id):
            _token, self.secret = issue_token(member, name="robot", by=member.user)

    def ask(self, method, path, **told):
        send = getattr(Client(headers={"authorization": f"Bearer {self.secret}"}), method)
        return send(f"/api/v1/{path}", **({"data": told, "content_type": "application/json"} if told else {}))


def today():
    return factories.agency_day()


def test_a_collectors_token_records_a_promise_within_the_rules(case, member):
    """S004-43, S004-21."""
    caller = Caller(member("COORDINATOR"))
    told = {"case": case.id, "amount": "300.00", "due_on": today().isoformat()}
    assert caller.ask("post", "promises", **told | {"amount": "99.00"}).status_code == 409
    made = caller.ask("post", "promises", **told)
    assert (made.status_code, made.json()["state"]) == (201, "ACTIVE")
    assert caller.ask("post", "promises", **told).status_code == 409
    assert caller.ask("post", "promises", **told | {"case": 0}).status_code == 404
    found = caller.ask("get", f"promises?case={case.id}&state=ACTIVE").json()["results"]
    assert [(one["case"], one["amount"]) for one in found] == [(case.id, "300.00")]


def test_a_creditor_reads_its_own_and_promises_nothing(case, plan, member):
    with agency_scope(case.agency_id):
        other = make_case()
        promises.make_promise(
            fresh(other), amount=other.balance, due_on=factories.TODAY, by=member("COLLECTOR"), as_of=factories.TODAY
        )
    own = Caller(member("CREDITOR_USER", creditor=case.creditor))
    another = Caller(member("CREDITOR_USER", creditor=other.creditor))
    assert [one["id"] for one in own.ask("get", "plans").json()["results"]] == [plan.id]
    assert own.ask("get", "promises").json()["results"] == []
    assert another.ask("get", "plans").json()["results"] == []
    assert another.ask("get", f"plans/{plan.id}").status_code == 404
    assert len(another.ask("get", "promises").json()["results"]) == 1
    told = {"case": case.id, "amount": "300.00", "due_on": today().isoformat()}
    assert own.ask("post", "promises", **told).status_code == 403
    with agency_scope(case.agency_id):
        assert Promise.objects.filter(case=case).count() == 0


def test_one_plan_comes_with_its_instalments(case, plan, member):
    found = Caller(member("COORDINATOR")).ask("get", f"plans/{plan.id}").json()
    assert (found["state"], found["advance"]) == ("ADVANCE_DUE", "100.00")
    assert [row["number"] for row in found["instalments"]] == [0]


def test_an_unknown_state_or_case_is_refused(case, member):
    caller = Caller(member("COORDINATOR"))
    for path in ("plans?state=GONE", "settlements?state=GONE", "promises?case=x"):
        assert caller.ask("get", path).status_code == 400
    assert caller.ask("get", "settlements").json()["results"] == []
