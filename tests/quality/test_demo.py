"""The demo's complaints and samples: told by the product's own functions, with something late, due and answered."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from cases import quality_cards
from cases.models import ConversationReview, DebtorComplaint, Disposition
from collections_crm.demo.quality import Quality
from collections_crm.demo.story import Story, working_days
from tests import factories

pytestmark = pytest.mark.django_db
START = date(2026, 10, 19)
DAYS = list(working_days(START, START + timedelta(weeks=5)))


@pytest.fixture
def story(agency, member):
    """An agency of two collectors who spoke with somebody on each working day."""
    with agency_scope(agency.id):
        team = factories.make_team("Call centre")
    collectors = [member("COLLECTOR", team=team), member("COLLECTOR", team=team)]
    for role in ("COORDINATOR", "MANAGER", "LEGAL_OFFICER"):
        member(role, team=team if role == "COORDINATOR" else None)
    with agency_scope(agency.id):
        quality_cards.adopt_usual(language="en", now=timezone.now())
        code = factories.make_disposition_code(outcome="CONVERSATION")
        cases = [factories.make_case(team=team) for _n in range(3)]
        zone = ZoneInfo(agency.time_zone)
        Disposition.objects.bulk_create(
            Disposition(
                case=case, code=code, by=who.user, at=datetime(day.year, day.month, day.day, 11, tzinfo=zone)
            )
            for day in DAYS for who in collectors for case in cases
        )  # fmt: skip
    return Story(agency, Random(1))


def test_the_weeks_leave_complaints_in_every_state_and_judged_conversations(story, agency):
    quality = Quality(story)
    for number, day in enumerate(DAYS):
        quality.live(number, day)

    with agency_scope(agency.id):
        states = {one.kind: (one.state, one.outcome) for one in DebtorComplaint.objects.all()}
        late = DebtorComplaint.objects.exclude(state="CLOSED").filter(answer_due_on__lt=DAYS[-1] + timedelta(days=1))
        assert states == {
            "FREQUENCY": ("CLOSED", "NOT_UPHELD"), "TONE": ("OPEN", ""), "AMOUNT": ("DECIDED", "PARTLY"),
            "VISIT": ("CLOSED", "UPHELD"), "WRONG_PERSON": ("CLOSED", "UPHELD"), "DATA": ("OPEN", ""),
        }  # fmt: skip
        assert [one.kind for one in late] == ["TONE"]
        assert ConversationReview.objects.filter(state="CLOSED").count() == 10
        assert ConversationReview.objects.filter(state="WAITING").count() == 2
