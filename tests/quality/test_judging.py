"""Judging: by another, by the card, once; the person judged reads it and comments once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies import creating
from agencies.scope import agency_scope
from audit.models import Event
from cases import quality_cards, quality_reviews, quality_sampling
from cases.models import ConversationReview, ItemMark, ScoreCard, ScoreItem
from cases.quality_cards import CardNotUnderstood, Item
from cases.quality_reviews import (
    Given,
    ItemsLeft,
    JudgedAlready,
    NothingJudged,
    NotTheirConversation,
    NotYetJudged,
    OwnConversation,
    RepliedAlready,
)
from cases.quality_score import Mark, score_of
from common.refusals import NotUnderstood
from tests import factories
from tests.quality.makers import talk, today

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("marks", "percent", "failed"),
    [
        ([Mark(2, 3), Mark(2, 1)], "100.0", False),
        ([Mark(1, 3), Mark(2, 1)], "62.5", False),
        ([Mark(0, 3), Mark(2, 1)], "25.0", False),
        ([Mark(2, 3), Mark(None, 9)], "100.0", False),
        ([Mark(1, 1), Mark(2, 1), Mark(2, 1)], "83.3", False),
        ([Mark(2, 9), Mark(0, 1, fatal=True)], "0.0", True),
        ([Mark(2, 1), Mark(1, 1, fatal=True)], "75.0", False),
        ([Mark(2, 1), Mark(None, 1, fatal=True)], "100.0", False),
        ([Mark(0, 1)], "0.0", False),
    ],
)
def test_the_score_is_the_weighted_share_of_what_could_be_reached(marks, percent, failed):
    """S004-23."""
    score = score_of(marks)
    assert (score.percent, score.failed) == (Decimal(percent), failed)


def test_without_any_occasion_there_is_no_score():
    assert score_of([Mark(None, 3)]) is None


@pytest.fixture
def judge(member):
    return member("COORDINATOR")


@pytest.fixture
def collector(member):
    return member("COLLECTOR")


@pytest.fixture
def review(in_agency, judge, collector):
    """A conversation of the collector, drawn and waiting."""
    quality_cards.adopt(quality_cards.usual_items(), by=judge, now=timezone.now())
    talk(factories.make_case(), collector)
    wanted = quality_sampling.Wanted(today() - timedelta(days=5), today(), 1)
    quality_sampling.draw(wanted, seed=1, by=judge, now=timezone.now())
    return ConversationReview.objects.select_related("card").get()


def marks(review, **points):
    """2 for every item, or what `points` says by code."""
    return {item.id: Given(points.get(item.code, 2)) for item in quality_cards.items_of(review.card)}


def judged(review, by, *, close=True, given=None, **points):
    return quality_reviews.judge(
        review, marks(review, **points) if given is None else given, comment="Calm and clear.", close=close, by=by,
        now=timezone.now(),
    )  # fmt: skip


def test_the_usual_card_listens_for_what_the_procedure_asks(review):
    """S004-23."""
    codes = {item.code: item.fatal for item in quality_cards.items_of(review.card)}
    assert codes.keys() >= {"LISTENS", "CONFIRMS", "INFORMS", "EMPATHY", "TONE", "IDENTIFIES", "RECAP", "NO_THREAT"}
    assert [code for code, fatal in codes.items() if fatal] == ["IDENTIFIES", "NO_THREAT"]


def test_a_conversation_is_judged_by_its_card(review, judge):
    """S000-22, S004-23."""
    closed = judged(review, judge, EMPATHY=1, RECAP=None)

    assert (closed.state, closed.score, closed.failed) == ("CLOSED", Decimal("95.2"), False)
    assert closed.judge == judge
    assert ItemMark.objects.filter(review=review, points=None).count() == 1
    event = Event.objects.get(kind="quality.judged")
    assert event.data == {"score": "95.2", "failed": False, "collector": review.collector_id}


def test_a_threat_fails_the_whole_conversation(review, judge):
    """S004-23."""
    closed = judged(review, judge, NO_THREAT=0)
    assert (closed.score, closed.failed) == (Decimal("0.0"), True)


def test_nobody_judges_their_own_conversation(review, collector):
    with pytest.raises(OwnConversation):
        judged(review, collector)
    with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
        ConversationReview.objects.filter(id=review.id).update(judge=collector)


def test_marks_are_kept_for_later_and_changed_until_it_is_closed(review, judge):
    first = quality_cards.items_of(review.card)[0]
    judged(review, judge, close=False, given={first.id: Given(1, "interrupts")})
    assert ItemMark.objects.get().comment == "interrupts"
    judged(review, judge)
    assert ItemMark.objects.get(item=first).points == 2


def test_it_is_closed_only_when_every_item_has_an_answer(review, judge):
    first = quality_cards.items_of(review.card)[0]
    with pytest.raises(ItemsLeft):
        judged(review, judge, given={first.id: Given(2)})
    with pytest.raises(NothingJudged):
        judged(review, judge, given={item: Given(None) for item in marks(review)})


@pytest.mark.parametrize("given", [{10**12: Given(2)}, None])
def test_marks_of_another_card_or_beyond_the_scale_are_refused(review, judge, given):
    wrong = given or {item: Given(3) for item in marks(review)}
    with pytest.raises(NotUnderstood):
        judged(review, judge, close=False, given=wrong)


def test_a_closed_judgement_stays_as_it_is(review, judge):
    judged(review, judge)
    with pytest.raises(JudgedAlready):
        judged(review, judge, TONE=0)
    for change in ({"score": 10}, {"state": "WAITING"}, {"comment": "x"}):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            ConversationReview.objects.filter(id=review.id).update(**change)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        ItemMark.objects.filter(review=review).update(points=0)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        ItemMark.objects.filter(review=review).delete()


def test_whoever_was_judged_comments_once(review, judge, collector, member):
    """S004-23."""
    now = timezone.now()
    with pytest.raises(NotYetJudged):
        quality_reviews.reply(review, text="Why?", by=collector, now=now)
    judged(review, judge)
    with pytest.raises(NotTheirConversation):
        quality_reviews.reply(review, text="He was fine", by=member("COLLECTOR"), now=now)

    said = quality_reviews.reply(review, text=" The line was bad. ", by=collector, now=now)

    assert said.reply == "The line was bad."
    with pytest.raises(RepliedAlready):
        quality_reviews.reply(review, text="And more", by=collector, now=now)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        ConversationReview.objects.filter(id=review.id).update(reply="All was well")


def test_a_new_card_is_a_new_version_and_the_old_one_stays(review, judge):
    new = quality_cards.adopt([Item(5, label="Speaks slowly")], name="Short", by=judge, now=timezone.now())

    assert (new.version, quality_cards.in_use()) == (2, new)
    assert review.card.version == 1
    assert judged(review, judge).score == Decimal("100.0")
    with pytest.raises(Exception, match=r"permission denied|only grows"), transaction.atomic():
        ScoreItem.objects.filter(card=new).update(weight=1)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        ScoreCard.objects.filter(version=1).update(name="Other")


@pytest.mark.parametrize(
    "items",
    [[], [Item(2)], [Item(0, label="x")], [Item(2, label="x"), Item(2, label="X ")], [Item(2, code="SINGS")],
     [Item(1, label=str(n)) for n in range(21)]],
)  # fmt: skip
def test_a_card_that_nobody_could_use_is_refused(in_agency, items):
    with pytest.raises(CardNotUnderstood):
        quality_cards.adopt(items, by=None, now=timezone.now())


def test_every_new_agency_begins_with_the_usual_card(db):
    made = creating.create_agency(
        name="New House", slug="new-house", country="RO", time_zone="Europe/Bucharest", currency="RON", language="ro",
        admin_email="first@new-house.test", by=None, now=timezone.now(),
    )  # fmt: skip
    with agency_scope(made.agency.id):
        assert ScoreCard.objects.get().version == 1
        assert ScoreItem.objects.count() == len(quality_cards.usual_items())
