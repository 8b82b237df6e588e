"""The pages of notarial deeds: from the plan to the concluded deed, the watched list, and the legal page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from cases import plan_judging
from cases.models import Deed, Plan
from legal.models import LawsuitDecision
from tests import factories
from tests.agreements.people import moment
from tests.deeds.conftest import scan
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def read(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def test_an_officer_drafts_the_deed_and_records_its_conclusion(plan, people):
    """S003-24."""
    browser = factories.client_of(people("RESTRUCTURING_OFFICER"))
    assert "Draft a notarial deed" in read(browser.get(f"/cases/{plan.case_id}/plans/{plan.id}/"))
    address = f"/cases/{plan.case_id}/plans/{plan.id}/deed/"
    assert "without a lawsuit" in read(browser.get(address))
    made = browser.post(address, {"language": "ro", "notary": "Ion Munteanu"})
    page = made.headers["Location"]
    assert "Draft for the notary" in read(browser.get(page))
    told = {"notary": "Ion Munteanu", "deed_no": "1-7", "concluded_on": timezone.now().date().isoformat()}
    assert "This field is required" in read(browser.post(page, told), 422)
    assert browser.post(page, told | {"file": scan()}).status_code == 302
    assert "Notarial deed" in read(browser.get("/agreements/?kind=deed"))
    with agency_scope(plan.agency_id):
        assert Deed.objects.get().state == "CONCLUDED"
        assert Plan.objects.get().state == "ACTIVE"


def test_a_broken_deed_is_enforced_from_the_legal_page(concluded, people):
    """S003-26: the legal officer finds it in the list and asks for the approval."""
    night = TODAY + timedelta(days=40)
    plan_judging.judge_due(as_of=night, now=moment(night))
    browser = factories.client_of(people("LEGAL_OFFICER"))
    assert "1-2044" in read(browser.get("/legal/deeds/"))
    page = read(browser.get(f"/legal/cases/{concluded.case_id}/"))
    assert "Decide whether to enforce the notarial deed" in page
    assert "Decide whether to go to court" in read(browser.get(f"/legal/cases/{concluded.case_id}/?way=court"))
    codes = ("DEED_KEPT", "DEED_BROKEN", "CLAIM_BALANCE", "ADDRESS_KNOWN", "LIMITATION", "NO_HOLD")
    told = {f"why_{code}": "Known" for code in (*codes, "CREDITOR_AUTHORITY")}
    answer = browser.post(f"/legal/cases/{concluded.case_id}/decision/", told | {"way": "deed", "ask": "1", "text": ""})
    assert answer.status_code == 302
    assert "Enforcing the notarial deed" in read(browser.get(f"/legal/cases/{concluded.case_id}/"))
    with agency_scope(concluded.agency_id):
        decision = LawsuitDecision.objects.get()
        assert (decision.deed_id, decision.state) == (concluded.id, "WAITING")
    coordinator = factories.client_of(people("COORDINATOR"))
    assert "Enforcement from the notarial deed 1-2044" in read(coordinator.get("/approvals/"))


def test_the_empty_list_says_where_agreements_come_from(agency, member):
    browser = factories.client_of(member("RESTRUCTURING_OFFICER"))
    assert "A payment plan is asked for on a case" in read(browser.get("/agreements/"))


def test_collectors_do_not_open_deeds(concluded, people):
    assert factories.client_of(people("COLLECTOR")).get(f"/deeds/{concluded.id}/").status_code == 403
