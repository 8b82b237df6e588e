"""The demo's deeds: drafted for plans, and concluded or dropped the week after."""

from random import Random

import pytest

from agencies.scope import agency_scope
from cases.models import Deed
from collections_crm.demo.notary import CONCLUDING, DRAFTING, Notary
from collections_crm.demo.story import Story
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def test_a_plan_gets_a_deed_and_the_deed_its_scan(agency, people, plan):
    people("MANAGER")
    people("LEGAL_OFFICER")
    story = Story(agency, Random(1))
    notary = Notary(story)
    with agency_scope(agency.id):
        notary.live(DRAFTING[0], TODAY)
        assert Deed.objects.get().state == "DRAFT"
        notary.live(CONCLUDING[0], TODAY)
        deed = Deed.objects.get()

    assert (deed.state, deed.plan_id, deed.scan is not None) == ("CONCLUDED", plan.id, True)
    assert str(story.refused) == ""
