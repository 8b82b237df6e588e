"""The demo's experts and sales: marked, released and sold by the product's own functions."""

from random import Random

import pytest

from agencies.models import Membership
from agencies.scope import agency_scope
from cases.models import Case, DebtSale, Document, Party
from collections_crm.demo.handed_on import MARKING, RELEASING, SALES, HandedOn
from collections_crm.demo.story import Story
from portfolios.models import EscalationRule
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(agency, member):
    agency.slug = "prut"
    for role in ("AGENCY_ADMINISTRATOR", "MANAGER", "COORDINATOR", "COLLECTOR", "LEGAL_OFFICER"):
        member(role)
    with agency_scope(agency.id):
        for _creditor in range(3):
            portfolio = factories.make_portfolio()
            member("CREDITOR_USER", creditor=portfolio.creditor)
            for _n in range(7):
                factories.make_case(portfolio=portfolio, stage="SOFT", days_past_due=60)
    return Story(agency, Random(1))


def test_the_weeks_leave_experts_advisers_and_sales_in_three_states(story, agency):
    told = HandedOn(story)
    with agency_scope(agency.id):
        told.begin(TODAY, story.at(TODAY, 9))
        for number in sorted((MARKING, RELEASING, *SALES)):
            told.live(number, TODAY)

        assert EscalationRule.objects.get().expert_after_visits == 2
        assert Membership.objects.filter(is_expert=True).count() == 1
        assert Case.objects.filter(for_experts="PERSON").count() == 3
        assert Party.objects.filter(role="LAWYER").count() == 2
        assert sorted(DebtSale.objects.values_list("state", flat=True)) == ["APPROVED", "REFUSED", "WAITING"]
        assert Case.objects.filter(stage="CLOSED", close_reason="SOLD").count() == 3
        assert Document.objects.filter(kind="ASSIGNMENT_NOTICE", language="ro").count() == 3
    assert str(story.refused) == ""
