"""One list of what waits for legal, whoever began it: recommendations, broken plans, drafts, approved decisions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import transitions
from cases.models import Case, Plan
from contacts import default_templates, plan_letters
from contacts.models import Message
from field import follow_up
from legal import handoffs, list_pages, to_decide
from legal.lawsuits import checks_of, save_draft, withdraw
from legal.models import LawsuitDecision
from tests import factories
from tests.agreements.people import make_case, moment, signed
from tests.agreements.test_plans import after, night
from tests.factories import TODAY
from tests.legal.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_agency")


def waiting(member, as_of=TODAY):
    return {case_id: str(waits) for case_id, waits in to_decide.found(member, as_of=as_of).items()}


def accept(case, member, *, why="REFUSES_TO_SIGN"):
    made = follow_up.recommend(
        case, kind="LEGAL", why=why, note="Shut the door", by=member("FIELD_COLLECTOR"), now=NOW
    )  # fmt: skip
    return follow_up.decide(made, accept=True, by=member("COORDINATOR"), now=NOW)


def page_of(member, query=""):
    return factories.client_of(member).get(reverse("legal-to-decide") + query).content.decode()


def test_an_accepted_recommendation_to_go_to_court_reaches_legal_with_its_reason(case, officer, member):
    """S004-38: accepting it used to change nothing."""
    accept(case, member)
    draft = LawsuitDecision.objects.get(case=case)
    assert (draft.state, draft.reasons, draft.text) == ("DRAFT", ["REFUSES_TO_SIGN"], "Shut the door")
    assert checks_of(draft)
    assert waiting(officer) == {case.id: "DRAFT"}
    page = page_of(officer)
    assert "Does not agree to sign an agreement" in page
    assert "Shut the door" in page
    assert reverse("legal-case", args=[case.id]) in page


@pytest.mark.parametrize("why", ["WILL_PAY", "OTHER_ADDRESS"])
def test_a_reason_that_courts_do_not_know_becomes_another_reason(case, member, why):
    accept(case, member, why=why)
    assert LawsuitDecision.objects.get().reasons == ["OTHER"]


def test_what_legal_has_begun_stays_as_it_was_written(case, officer, member):
    save_draft(case, reasons=["LIMITATION"], text="My words", ticks={}, by=officer, as_of=TODAY, now=NOW)
    accept(case, member)
    assert LawsuitDecision.objects.get().text == "My words"


def test_a_recommendation_for_an_approved_case_is_accepted_and_changes_nothing(case, officer, member):
    factories.approve_lawsuit(case)
    accept(case, member)
    assert LawsuitDecision.objects.count() == 1


def test_an_approved_decision_waits_until_a_firm_gets_the_case(case, officer, firm):
    decision = factories.approve_lawsuit(case)
    assert waiting(officer) == {case.id: "APPROVED"}
    assert "Hand over to a law firm" in page_of(officer)
    handoff = handoffs.prepare(decision, firm=firm, by=officer, as_of=TODAY, now=NOW)
    assert waiting(officer) == {}
    handoffs.recall(handoff, note="Too slow", by=officer, now=NOW)
    assert waiting(officer) == {case.id: "APPROVED"}


def test_a_decision_that_waits_for_others_or_was_withdrawn_does_not_wait_for_legal(case, officer):
    decision = factories.approve_lawsuit(case)
    withdraw(decision, note="Pays again", by=officer, now=NOW)
    assert waiting(officer) == {}


@pytest.fixture
def broken(agency, member):
    default_templates.create(agency)
    case = make_case()
    factories.make_address(case.debtor)
    plan = signed(case, member, factories.make_plan_format(case.mandate))
    night(34)
    return Plan.objects.get(id=plan.id)


@pytest.mark.parametrize("state", ["REFUSED", "FAILED"])
def test_a_broken_plan_comes_once_its_warning_letter_waits_no_more(broken, officer, state):
    """S004-52, S001-16: first the letter, then the court."""
    assert waiting(officer, after(34)) == {}
    plan_letters.queue(now=moment(after(34)))
    assert waiting(officer, after(34 + 30)) == {}
    Message.objects.update(state=state)
    assert waiting(officer, after(35)) == {broken.case_id: "PLAN"}


def test_a_broken_plan_that_gets_no_letter_is_not_forgotten(broken, officer):
    assert waiting(officer, after(34 + plan_letters.DAYS)) == {}
    assert waiting(officer, after(34 + plan_letters.DAYS + 1)) == {broken.case_id: "PLAN"}


def test_a_broken_plan_leaves_when_its_decision_is_drafted(broken, officer):
    case = Case.objects.select_related("account", "mandate").get(id=broken.case_id)
    save_draft(case, reasons=["PLAN_BROKEN"], text="", ticks={}, by=officer, as_of=TODAY, now=NOW)
    assert waiting(officer, after(60)) == {case.id: "DRAFT"}


def test_closed_cases_wait_for_nobody(case, officer, member):
    accept(case, member)
    transitions.close(Case.objects.get(id=case.id), reason="RECALLED", by=member("MANAGER"), as_of=TODAY)
    assert waiting(officer) == {}


def test_each_number_opens_its_rows_and_the_list_is_paged(officer, member, monkeypatch):
    monkeypatch.setattr(list_pages, "ROWS", 2)
    drafted = [factories.make_case(stage="FIELD", days_past_due=200 - n) for n in range(3)]
    for one in drafted:
        accept(one, member)
    approved = factories.make_case(stage="FIELD")
    factories.approve_lawsuit(approved)
    page = page_of(officer, "?waits=DRAFT")
    assert "Drafts (3)" in page
    assert "All (4)" in page
    assert "Page 1 of 2" in page
    assert approved.contract_no not in page
    assert approved.contract_no in page_of(officer, "?waits=APPROVED")


def test_the_list_costs_as_many_queries_for_many_cases_as_for_one(officer, member):
    client, counts = factories.client_of(officer), []
    client.get(reverse("legal-to-decide"))
    for more in (1, 4):
        for _ in range(more):
            accept(factories.make_case(stage="FIELD", days_past_due=120), member)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("legal-to-decide"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
