"""People of another agency find nothing of a handoff, and strangers are sent to sign in."""

import pytest
from django.urls import reverse

from agencies.scope import agency_scope
from legal import handoffs
from tests import factories
from tests.factories import TODAY
from tests.legal.conftest import NOW


@pytest.mark.isolation
@pytest.mark.parametrize(("role", "name"), [("LEGAL_OFFICER", "handoff"), ("LAW_FIRM_USER", "firm-handoff")])
def test_another_agencys_people_find_nothing(agency, other_agency, client, role, name):
    officer = factories.make_member(agency, "LEGAL_OFFICER")
    with agency_scope(agency.id):
        case = factories.make_case(stage="FIELD")
        decision, firm = factories.approve_lawsuit(case), factories.make_law_firm()
        made = handoffs.prepare(decision, firm=firm, by=officer, as_of=TODAY, now=NOW)
        handoffs.send(made, by=officer, now=NOW)
    stranger = factories.client_of(factories.make_member(other_agency, role))
    assert stranger.get(reverse(name, args=[made.id])).status_code == 404
    assert client.get(reverse(name, args=[made.id])).status_code == 302
