"""A law firm's system reads its handoffs, reports steps and costs, and reaches nobody else's; nor does it go round
an approval."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases import holds
from ledger.models import Account, Due
from legal import handoffs, proceedings
from legal.models import ProceedingStep
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW, accepted, case, firm, lawyer, officer, prepared, sent

__all__ = ["accepted", "case", "firm", "lawyer", "officer", "prepared", "sent"]
HANDOFFS = "/api/v1/handoffs"


def machine_of(member, agency) -> Client:
    with agency_scope(agency.id):
        _token, secret = issue_token(member, name="file system", by=member.user)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def machine(lawyer, agency):
    return machine_of(lawyer, agency)


@pytest.fixture
def step(accepted, lawyer):
    order = proceedings.open_proceeding(
        accepted, kind="LAWSUIT", opened_on=TODAY - timedelta(days=9), by=lawyer, now=NOW
    )
    return ProceedingStep.objects.get(proceeding=order, code="FILE_CLAIM")


def test_the_firm_lists_and_reads_its_cases(machine, accepted, step, case):
    (row,) = machine.get(HANDOFFS).json()["results"]
    assert (row["contract_no"], row["state"], row["balance"]) == (case.contract_no, "ACCEPTED", "2500.00")
    one = machine.get(f"{HANDOFFS}/{accepted.id}").json()
    assert one["stopped"] == []
    assert [found["code"] for found in one["proceedings"][0]["steps"]][:2] == ["FILE_CLAIM", "HEARING"]
    assert machine.get(HANDOFFS, {"state": "DONE"}).json()["results"] == []
    assert machine.get(HANDOFFS, {"state": "GONE"}).status_code == 400


def test_the_agencys_people_read_it_too(accepted, officer, agency):
    assert machine_of(officer, agency).get(f"{HANDOFFS}/{accepted.id}").json()["firm"] == "Lex & Asociații"


def test_a_step_is_reported_once(machine, accepted, step):
    at = f"{HANDOFFS}/{accepted.id}/steps/{step.id}"
    assert machine.post(at, {"done_on": "2026-11-20"}).json()["done_on"] == "2026-11-20"
    again = machine.post(at, {"done_on": "2026-11-20"})
    assert (again.status_code, again.json()["code"]) == (409, "step_done")
    assert machine.post(at, {}).status_code == 400


def test_costs_beyond_all_measure_are_refused_with_the_reason(machine, accepted):
    costs = {"kind": "COURT_FEE", "amount": "999999999999.00", "incurred_on": "2026-11-20"}
    answer = machine.post(f"{HANDOFFS}/{accepted.id}/costs", costs, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "amount_is_not_money")
    assert machine.get(f"{HANDOFFS}/{accepted.id}").json()["costs"] == []


def test_costs_of_a_day_before_the_takeover_are_refused_and_the_debt_is_not_older(machine, accepted, case):
    costs = {"kind": "COURT_FEE", "amount": "5.00", "incurred_on": "1800-11-24"}
    answer = machine.post(f"{HANDOFFS}/{accepted.id}/costs", costs, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/incurred_on")
    with agency_scope(case.agency_id):
        assert Due.objects.filter(due_on__year=1800).count() == 0


def test_costs_under_one_key_are_charged_once(machine, accepted, case, agency):
    sent_costs = {"kind": "COURT_FEE", "amount": "100.00", "incurred_on": "2026-11-20"}
    at, key = f"{HANDOFFS}/{accepted.id}/costs", {"Idempotency-Key": "fee-1"}
    first = machine.post(at, sent_costs, headers=key, content_type="application/json")
    assert machine.post(at, sent_costs, headers=key, content_type="application/json").json() == first.json()
    assert first.status_code == 201
    with agency_scope(agency.id):
        assert Account.objects.get(id=case.account_id).costs == Decimal(100)


def test_a_dispute_stops_new_acts_here_too(machine, accepted, step, case, officer):
    holds.place(case, reason="DISPUTE", by=officer, as_of=TODAY)
    refused = machine.post(f"{HANDOFFS}/{accepted.id}/steps/{step.id}", {"done_on": "2026-11-24"})
    assert (refused.status_code, refused.json()["code"]) == (409, "enforcement_stopped")


def test_another_firm_and_other_roles_find_nothing(accepted, step, agency, member):
    stranger = machine_of(factories.make_lawyer(agency, factories.make_law_firm()), agency)
    for method, path in (("get", ""), ("post", f"/steps/{step.id}"), ("post", "/costs")):
        assert getattr(stranger, method)(f"{HANDOFFS}/{accepted.id}{path}").status_code == 404
    assert stranger.get(HANDOFFS).json()["results"] == []
    assert machine_of(member("CREDITOR_USER"), agency).get(HANDOFFS).status_code == 403
    refused = machine_of(member("COLLECTOR"), agency).get(HANDOFFS)
    assert (refused.status_code, refused.json()["permission"]) == (403, "legal.handoff")


def test_a_recall_ends_the_machines_access_at_once(machine, accepted, officer):
    handoffs.recall(accepted, note="Paid", by=officer, now=NOW)
    assert machine.get(f"{HANDOFFS}/{accepted.id}").status_code == 404
    assert machine.get(HANDOFFS).json()["results"] == []


@pytest.mark.parametrize("role", ["LAW_FIRM_USER", "CREDITOR_USER", "LEGAL_OFFICER"])
def test_no_address_of_the_api_hands_a_case_over(role, member, agency, case):
    """Nothing irreversible happens through the API: there is no such address, and no method that makes a handoff."""
    machine = machine_of(member(role), agency)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(machine, method)(HANDOFFS).status_code in {403, 405}
    assert machine.post(reverse("api-case", args=[case.id]), {"stage": "LEGAL"}).status_code in {403, 405}
