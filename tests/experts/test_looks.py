"""The pages of visits and experts in a browser: nothing keeps people out, on a desk and on a phone."""

import pytest

from agencies.scope import agency_scope
from tests import factories
from tests.browser import DATABASES, PHONE, picture, serious_faults
from tests.experts.people import rule

pytestmark = pytest.mark.django_db(transaction=True, databases=DATABASES)


def test_the_rules_are_read_and_set(agency, member, sign_in):
    """S002-08, S002-10."""
    with agency_scope(agency.id):
        case = factories.make_case(stage="FIELD")
        rule(expert_calls=5, expert_visits=1, expert_after_visits=3, expert_accelerated=True)
    page = sign_in(member("MANAGER"))
    page.goto("/strategies/visits/")
    picture(page, "escalation")
    assert serious_faults(page) == []
    small = sign_in(member("MANAGER"), viewport=PHONE, color_scheme="dark")
    small.goto("/strategies/visits/")
    picture(small, "escalation-phone")
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"/cases/{case.id}/")
    page.get_by_text("Order a visit").click()
    page.get_by_label("Kind of visit").scroll_into_view_if_needed()
    picture(page, "order-visit")
    assert serious_faults(page) == []
