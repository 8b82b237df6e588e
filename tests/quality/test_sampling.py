"""Samples: fair between people, random within each person, and repeatable from the seed that is kept."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.scope import agency_scope
from audit.models import Event
from cases import quality_cards, quality_sampling
from cases.models import ConversationReview, QualitySample
from cases.quality_sampling import NoCardInUse, NothingToDraw, Wanted, draws_the_same
from common.refusals import NotUnderstood
from tests import factories
from tests.quality.makers import talk, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(member):
    return member("MANAGER")


@pytest.fixture
def card(in_agency, manager):
    return quality_cards.adopt(quality_cards.usual_items(), by=manager, now=timezone.now())


@pytest.fixture
def case(in_agency):
    return factories.make_case()


def draw(by, *, seed=7, **more):
    values = {"starts_on": today() - timedelta(days=9), "ends_on": today() - timedelta(days=1), "per_person": 3} | more
    return quality_sampling.draw(Wanted(**values), seed=seed, by=by, now=timezone.now())


def drawn(sample):
    return set(ConversationReview.objects.filter(sample=sample).values_list("disposition_id", flat=True))


def test_everybody_is_drawn_the_same_number_whatever_they_worked(card, case, manager, member):
    """S000-22."""
    busy, calm, new = member("COLLECTOR"), member("FIELD_COLLECTOR"), member("COLLECTOR")
    for _n in range(12):
        talk(case, busy)
    for _n in range(4):
        talk(case, calm)
    talk(case, new)

    sample = draw(manager)

    each = Counter(ConversationReview.objects.filter(sample=sample).values_list("collector_id", flat=True))
    assert each == {busy.id: 3, calm.id: 3, new.id: 1}
    assert sample.population == {str(busy.id): 12, str(calm.id): 4, str(new.id): 1}
    assert sample.drawn == 7
    assert Event.objects.get(kind="quality.sample_drawn").data == {"drawn": 7, "seed": 7}


def test_the_same_seed_draws_the_same_again_and_another_seed_others(card, case, manager, member):
    """S000-22."""
    who = member("COLLECTOR")
    for _n in range(40):
        talk(case, who)
    with transaction.atomic():
        first = drawn(draw(manager, seed=1, per_person=10))
        transaction.set_rollback(True)
    with transaction.atomic():
        other = drawn(draw(manager, seed=2, per_person=10))
        transaction.set_rollback(True)

    again = draw(manager, seed=1, per_person=10)

    assert drawn(again) == first
    assert other != first
    assert draws_the_same(again)
    later = draw(manager, seed=3, per_person=10)
    assert draws_the_same(later)
    assert draws_the_same(again)


def test_the_lot_favours_no_hour(card, case, manager, member):
    """Of 60 conversations in a row, early and late ones are drawn alike over many seeds."""
    who = member("COLLECTOR")
    ids = [talk(case, who).id for _n in range(60)]
    early = 0
    for seed in range(40):
        with transaction.atomic():
            early += len(drawn(draw(manager, seed=seed, per_person=10)) & set(ids[:30]))
            transaction.set_rollback(True)
    assert 160 <= early <= 240


def test_nothing_is_drawn_twice(card, case, manager, member):
    who = member("COLLECTOR")
    for _n in range(5):
        talk(case, who)
    first, second = drawn(draw(manager)), drawn(draw(manager))
    assert (len(first), len(second), first & second) == (3, 2, set())
    with pytest.raises(NothingToDraw):
        draw(manager)


def test_only_conversations_of_the_period_that_count_are_drawn(card, case, manager, member):
    who = member("COLLECTOR")
    good = talk(case, who)
    talk(case, who, outcome="NO_ANSWER")
    talk(case, who, outcome="THIRD_PARTY")
    talk(case, who, days_ago=20)
    talk(case, who, undone_at=timezone.now() - timedelta(days=1))
    talk(case, member("COORDINATOR"))

    assert drawn(draw(manager)) == {good.id}
    assert len(drawn(draw(manager, third_parties=True))) == 1


def test_a_team_is_drawn_alone(card, case, manager, member):
    north = factories.make_team("North")
    of_team = talk(case, member("COLLECTOR", team=north))
    talk(case, member("COLLECTOR"))
    assert drawn(draw(manager, team=north)) == {of_team.id}
    assert ConversationReview.objects.get().team == north


def test_a_draw_costs_the_same_however_many_conversations_there_are(card, case, manager, member):
    counts = []
    for number in (2, 25):
        who = member("COLLECTOR")
        for _n in range(number):
            talk(case, who)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            draw(manager, per_person=50)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_without_a_card_nothing_is_drawn(case, manager, member):
    talk(case, member("COLLECTOR"))
    with pytest.raises(NoCardInUse):
        draw(manager)


@pytest.mark.parametrize("more", [{"per_person": 0}, {"per_person": 51}, {"ends_on": today() - timedelta(days=30)}])
def test_nonsense_is_not_drawn(card, manager, more):
    with pytest.raises(NotUnderstood):
        draw(manager, **more)


def test_a_sample_stays_as_it_was_drawn(card, case, manager, member):
    talk(case, member("COLLECTOR"))
    sample = draw(manager)
    with pytest.raises(Exception, match=r"permission denied|only grows"), transaction.atomic():
        QualitySample.objects.filter(id=sample.id).update(seed=8)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        ConversationReview.objects.filter(sample=sample).delete()


def test_another_agency_is_never_drawn_from(card, case, manager, member, other_agency):
    talk(case, member("COLLECTOR"))
    sample = draw(manager)
    assert ConversationReview.objects.filter(sample=sample).count() == 1


@pytest.fixture(autouse=True)
def _others_talk(other_agency):
    with agency_scope(other_agency.id):
        talk(factories.make_case(), factories.make_member(other_agency, "COLLECTOR"))
