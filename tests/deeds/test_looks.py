"""The pages of deeds in a browser: nothing keeps people out, on a desk and on a phone."""

from datetime import timedelta

import pytest

from agencies.scope import agency_scope
from cases import plan_judging
from tests.agreements.people import moment
from tests.browser import DATABASES, PHONE, picture, serious_faults
from tests.deeds.conftest import conclude, make_draft, make_plan
from tests.factories import TODAY

pytestmark = pytest.mark.django_db(transaction=True, databases=DATABASES)


def test_deeds_are_drafted_watched_and_enforced(agency, people, sign_in):
    """S003-24, S003-26."""
    with agency_scope(agency.id):
        draft = make_draft(make_plan(people), people)
    page = sign_in(people("RESTRUCTURING_OFFICER"))
    page.goto(f"/deeds/{draft.id}/")
    picture(page, "deed-draft")
    assert serious_faults(page) == []
    with agency_scope(agency.id):
        conclude(draft, people)
    page.goto("/agreements/")
    page.get_by_role("link", name="Notarial deed 1-2044").wait_for()
    picture(page, "agreements")
    assert serious_faults(page) == []
    with agency_scope(agency.id):
        night = TODAY + timedelta(days=40)
        plan_judging.judge_due(as_of=night, now=moment(night))
    small = sign_in(people("MANAGER"), viewport=PHONE)
    small.goto("/agreements/?state=broken")
    small.get_by_text("Not fulfilled: enforceable").wait_for()
    picture(small, "agreements-phone")
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
    legal = sign_in(people("LEGAL_OFFICER"))
    legal.goto("/legal/deeds/")
    picture(legal, "legal-deeds")
    legal.get_by_role("link", name="Prepare enforcement").click()
    legal.get_by_text("Decide whether to enforce the notarial deed").wait_for()
    picture(legal, "legal-deed-draft")
    assert serious_faults(legal) == []
