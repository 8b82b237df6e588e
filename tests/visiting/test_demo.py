"""The demo's visits leave everything a visit can leave, and what the rules refuse on the way is told."""

from datetime import date, timedelta
from random import Random

import pytest

from agencies.scope import agency_scope
from cases.disposition_codes import seed_codes
from cases.models import Document
from collections_crm.demo.story import Story, working_days
from collections_crm.demo.visits import Visits
from contacts.models import Decision
from field.models import Discrepancy, Incident, Recommendation, Signature, Visit
from tests import factories

pytestmark = pytest.mark.django_db
START = date(2026, 10, 19)
DAYS = list(working_days(START, START + timedelta(days=18)))


@pytest.fixture
def noon() -> None:
    """The story has its own clock."""


@pytest.fixture
def story(agency, member):
    """An agency with a field collector and old cases to be visited."""
    agency.slug = "prut"
    for role in ("MANAGER", "COORDINATOR", "COLLECTOR", "LEGAL_OFFICER"):
        member(role)
    collector = member("FIELD_COLLECTOR")
    with agency_scope(agency.id):
        seed_codes()
        portfolio = factories.make_portfolio()
        for _n in range(40):
            factories.make_case(
                portfolio=portfolio, stage="FIELD", days_past_due=120, as_of=START, amount=9000, collector=collector
            )
    return Story(agency, Random(4))


@pytest.fixture
def visits(story):
    """Three weeks of visits, and what follows from them."""
    told = Visits(story)
    with agency_scope(story.agency.id):
        told.begin(story.at(START, 6))
        for day in DAYS:
            told.morning(day)
            told.drive(day)
            told.decide(day)
        told.pay_off(DAYS[-1])
        told.report(DAYS[-1])
    return told


def test_weeks_of_visits_leave_something_of_each_kind(story, visits):
    with agency_scope(story.agency.id):
        met = Visit.objects.filter(outcome="MET_DEBTOR")
        assert met.exists()
        assert Signature.objects.count() == met.count()
        assert Discrepancy.objects.exists()
        assert Incident.objects.exists()
        assert Recommendation.objects.exclude(state="OPEN").exists()
        assert Document.objects.filter(kind="FINAL_REPORT", case__stage="CLOSED").exists()


def test_what_the_rules_refuse_is_counted_by_part_and_rule(story):
    visits = Visits(story)
    with agency_scope(story.agency.id):
        visits.begin(story.at(START, 6))
        visits.morning(START)
        sunday = START - timedelta(days=1)
        visits.drive(sunday)
        codes = Decision.objects.latest("id").codes

    assert codes
    assert str(story.refused) == f"visits 5 (gate: {'+'.join(codes)} 5)"
