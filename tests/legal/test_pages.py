"""The list of legal cases, its download and its panel, as each kind of visitor meets them."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.scope import agency_scope
from cases import transitions
from cases.models import Case
from tests import factories
from tests.factories import TODAY

QUERIES = 20
"""At most so many for a page, the session and the shell included."""


@pytest.fixture
def handed(agency, member) -> tuple[Any, Case]:
    """A legal officer and a case they took over."""
    officer = member("LEGAL_OFFICER", full_name="Elena Ceban")
    with agency_scope(agency.id):
        case = hand_over(officer)
    return officer, case


def hand_over(officer: Any, *, reason: str = "Avoids every meeting", **fields: Any) -> Case:
    case = factories.make_case(stage="FIELD", **fields)
    factories.approve_lawsuit(case)
    return transitions.apply(case, "hand_to_legal", by=officer, as_of=TODAY, reason=reason)


def listed(membership: Any, query: str = "") -> str:
    response = factories.client_of(membership).get(reverse("legal-cases") + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("role", ["LEGAL_OFFICER", "MANAGER"])
def test_the_list_shows_who_decided_and_why(handed, member, role):
    _officer, case = handed
    page = listed(member(role))
    for text in (case.contract_no, case.debtor.name, "Elena Ceban", "Avoids every meeting", "from Field"):
        assert text in page


def test_a_filter_leaves_the_other_creditors_out_and_says_when_nothing_fits(handed, agency):
    officer, case = handed
    with agency_scope(agency.id):
        other = hand_over(officer)
    page = listed(officer, f"?creditor={other.creditor_id}")
    assert f">{other.contract_no}</a>" in page
    assert f">{case.contract_no}</a>" not in page
    nothing = listed(officer, f"?creditor={other.creditor_id}&portfolio={case.portfolio_id}")
    assert "No case fits the filter" in nothing


def test_an_unknown_filter_value_is_told_beside_the_field(handed):
    officer, case = handed
    page = listed(officer, "?creditor=999999")
    assert "Select a valid choice" in page
    assert case.contract_no in page


def test_the_download_holds_what_the_page_shows_and_no_formula(agency, member):
    officer = member("LEGAL_OFFICER", full_name="Elena Ceban")
    with agency_scope(agency.id):
        case = hand_over(officer, reason="=HYPERLINK(1)")
    response = factories.client_of(officer).get(reverse("legal-cases") + "?format=csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert response["Content-Type"].startswith("text/csv")
    assert rows[0]["Contract"] == case.contract_no
    assert (rows[0]["Balance"], rows[0]["Decided by"], rows[0]["Reason"]) == (
        "1000.00",
        "Elena Ceban",
        "'=HYPERLINK(1)",
    )


def test_the_list_costs_as_many_queries_for_many_cases_as_for_one(handed, agency):
    officer, _case = handed
    client, counts = factories.client_of(officer), []
    client.get(reverse("legal-cases"))
    for more in (0, 6):
        with agency_scope(agency.id):
            for _ in range(more):
                hand_over(officer)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("legal-cases"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= QUERIES


def test_without_cases_the_page_says_how_they_come(member):
    assert "No case is in the legal stage" in listed(member("LEGAL_OFFICER"))


@pytest.mark.parametrize("role", ["COLLECTOR", "FIELD_COLLECTOR", "COORDINATOR", "CREDITOR_USER", "LAW_FIRM_USER"])
def test_other_roles_are_refused(handed, member, role):
    assert factories.client_of(member(role)).get(reverse("legal-cases")).status_code == 403


def test_strangers_are_sent_to_sign_in(handed, client):
    assert client.get(reverse("legal-cases")).status_code == 302


@pytest.mark.isolation
def test_another_agency_sees_none_of_it(handed, other_agency):
    _officer, case = handed
    assert case.contract_no not in listed(factories.make_member(other_agency, "LEGAL_OFFICER"))


@pytest.mark.isolation
def test_another_agency_is_warned_of_no_claim_of_this_one(agency, other_agency):
    with agency_scope(agency.id):
        case = factories.make_case(days_past_due=365 * 3)
    client = factories.client_of(factories.make_member(other_agency, "LEGAL_OFFICER"))
    page = client.get(reverse("legal-time-limits")).content.decode()
    assert case.contract_no not in page
    assert "nav-count" not in page


def test_the_case_page_shows_the_decision(handed):
    officer, case = handed
    page = factories.client_of(officer).get(reverse("case", args=[case.id])).content.decode()
    assert 'id="legal-panel"' in page
    assert "Avoids every meeting" in page


def test_the_case_page_of_another_stage_shows_no_legal_panel(agency, member):
    with agency_scope(agency.id):
        case = factories.make_case(stage="FIELD")
    page = factories.client_of(member("LEGAL_OFFICER")).get(reverse("case", args=[case.id])).content.decode()
    assert 'id="legal-panel"' not in page
