"""The contract's status is a condition of visits: soft ones before termination, hard ones after softer ones in vain."""

from datetime import timedelta

import pytest

from agencies.scope import agency_scope
from cases.models import Case, ContractStatus
from field import orders, visit_kinds
from field.models import VisitOrder
from portfolios.models import STATUSES, EscalationRule
from tests import factories
from tests.experts.people import NOW, rule, visited
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_agency")


@pytest.fixture
def collector(agency, member):
    return member("FIELD_COLLECTOR")


def case_in(status, **fields):
    case = factories.make_case(**({"stage": "FIELD"} | fields))
    Case.objects.filter(id=case.id).update(contract_status=status)
    return Case.objects.get(id=case.id)


def order(case, by, **fields):
    return orders.order_visit(case, due_at=NOW + timedelta(days=7), by=by, now=NOW, **fields)


def step():
    return orders.keep_in_step(as_of=TODAY, now=NOW)


def test_the_rules_know_the_statuses_that_cases_have():
    assert tuple(ContractStatus.values) == STATUSES


def test_without_a_rule_every_visit_is_made_as_before(collector):
    for status in STATUSES:
        assert order(case_in(status), collector).kind == ""


class TestSoftVisits:
    def test_a_soft_visit_is_made_before_termination_alone(self, collector):
        """S002-08."""
        rule()
        assert order(case_in("IN_FORCE"), collector).kind == "SOFT"
        with pytest.raises(visit_kinds.VisitNotAdmitted, match="needs 2 softer visits in vain"):
            order(case_in("TERMINATED"), collector)
        terminated = case_in("TERMINATED")
        visited(terminated, collector)
        visited(terminated, collector)
        with pytest.raises(visit_kinds.VisitNotAdmitted, match="a soft visit is not made any more"):
            order(terminated, collector, kind="SOFT")

    def test_what_the_night_opens_carries_its_kind(self, collector):
        rule()
        soft, shut = case_in("IN_FORCE"), case_in("IN_LITIGATION")
        step()
        assert VisitOrder.objects.get(case=soft).kind == "SOFT"
        assert not VisitOrder.objects.filter(case=shut).exists()

    def test_a_termination_cancels_the_soft_visit_that_is_still_to_be_made(self, collector):
        rule()
        case = case_in("IN_FORCE")
        step()
        Case.objects.filter(id=case.id).update(contract_status="TERMINATED")
        assert step() == {"cancelled": 1}
        assert VisitOrder.objects.get(case=case).state == "CANCELLED"


class TestHardVisits:
    def test_a_hard_visit_needs_termination_and_softer_visits_in_vain(self, collector):
        """S002-10."""
        rule()
        case = case_in("IN_FORCE")
        visited(case, collector)
        with pytest.raises(visit_kinds.VisitNotAdmitted, match="a hard visit is not made yet"):
            order(case, collector, kind="HARD")
        Case.objects.filter(id=case.id).update(contract_status="TERMINATED")
        case = Case.objects.get(id=case.id)
        with pytest.raises(visit_kinds.VisitNotAdmitted, match="1 is missing"):
            order(case, collector, kind="HARD")
        visited(case, collector, outcome="MET_DEBTOR")
        with pytest.raises(visit_kinds.VisitNotAdmitted):
            order(case, collector)
        visited(case, collector)
        assert order(case, collector).kind == "HARD"

    def test_the_night_orders_the_hard_visit_once_its_conditions_are_met(self, collector):
        rule()
        case = case_in("TERMINATED")
        visited(case, collector, days_ago=2)
        assert step() == {}
        visited(case, collector, days_ago=2)
        assert step() == {"opened_status": 1}
        assert VisitOrder.objects.get(case=case, state="OPEN").kind == "HARD"
        VisitOrder.objects.filter(case=case, state="OPEN").update(state="DONE", closed_at=NOW)
        assert step() == {}

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("vain", [0, 2])
    def test_one_case_and_the_set_are_judged_alike(self, collector, status, vain):
        rule()
        case = case_in(status)
        for _ in range(vain):
            visited(case, collector, days_ago=90)
        Case.objects.filter(id=case.id).update(stage_since=TODAY - timedelta(days=5))
        step()
        found = VisitOrder.objects.filter(case=case, state="OPEN").first()
        allowed = visit_kinds.admitted(case, as_of=TODAY)
        assert (found.kind if found else None) == (str(allowed.kinds[0]) if allowed.kinds else None)


def test_the_portfolios_rule_wins_over_the_agencys(collector):
    case = case_in("TERMINATED")
    rule()
    rule(portfolio_id=case.portfolio_id, soft_visit_in=["TERMINATED"], hard_visit_in=[])
    assert order(case, collector).kind == "SOFT"


def test_the_case_says_why_no_visit_is_ordered(agency, member):
    """S002-10: the page names the status and what is missing."""
    case = case_in("TERMINATED")
    rule()
    page = factories.client_of(member("COORDINATOR")).get(f"/cases/{case.id}/").content.decode()
    assert "A hard visit needs 2 softer visits in vain; 2 are missing." in page
    assert "Order a visit" not in page


def test_a_manager_sets_the_rule_on_its_page(agency, member):
    """S002-08, S002-10: the conditions are data of agency, creditor or portfolio."""
    portfolio = factories.make_portfolio()
    browser = factories.client_of(member("MANAGER"))
    assert "None yet" in browser.get("/strategies/visits/").content.decode()
    told = {
        "level": f"portfolio-{portfolio.id}", "soft_visit_in": ["IN_FORCE"], "hard_visit_in": ["TERMINATED"],
        "hard_visit_after": "2", "expert_calls": "5", "effective_on": "2026-11-24",
    }  # fmt: skip
    assert browser.post("/strategies/visits/", told).status_code == 422
    assert browser.post("/strategies/visits/", told | {"expert_visits": "1"}).status_code == 302
    assert (
        "Hard visits: Terminated, after softer visits in vain: 2."
        in browser.get("/strategies/visits/").content.decode()
    )
    with agency_scope(agency.id):
        assert EscalationRule.objects.get().portfolio_id == portfolio.id
