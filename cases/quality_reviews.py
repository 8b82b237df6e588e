"""Judging a sampled conversation: marks while it is open, one closing, one comment of the person judged.

Whoever spoke never judges themselves. What is closed stays as it is; the database sees to it as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases import quality_cards
from cases.models import ConversationReview, ItemMark
from cases.quality_score import Mark, Score, score_of
from common.refusals import NotUnderstood, Refused

State = ConversationReview.State
JUDGED = record.kind("quality.judged", gettext_lazy("A conversation was judged: %(score)s %%."))
REPLIED = record.kind("quality.replied", gettext_lazy("The person judged commented on it."))


class JudgedAlready(Refused):
    """A judgement that is closed stays as it is."""


class OwnConversation(Refused):
    """Nobody judges their own conversation."""

    status = 403


class NotYetJudged(Refused):
    """There is nothing to comment on yet."""


class RepliedAlready(Refused):
    """The person judged comments once."""


class NotTheirConversation(Refused):
    """Only whoever spoke comments on the judgement."""

    status = 403


class ItemsLeft(NotUnderstood):
    """Some items have no answer yet."""


class NothingJudged(NotUnderstood):
    """Every item was left out."""


@dataclass(frozen=True)
class Given:
    """What the judge gave one item."""

    points: int | None
    comment: str = ""


def judge(
    review: ConversationReview, marks: Mapping[int, Given], *, comment: str, recording: str = "", close: bool,
    by: Membership, now: datetime,
) -> ConversationReview:  # fmt: skip
    """Keep the marks by item id; `close` counts the score and ends the judging.

    Raises:
        OwnConversation, JudgedAlready; ItemsLeft: closed while an item is without an answer; NothingJudged: closed with
        no occasion for any item; NotUnderstood: an item of another card, or points that are none.
    """
    with transaction.atomic():
        current: ConversationReview = (
            ConversationReview.objects.select_for_update(no_key=True, of=("self",))
            .select_related("card")
            .get(id=review.id)
        )
        if current.state == State.CLOSED:
            raise JudgedAlready(_("This conversation was judged, and the judgement stays as it is."))
        if by.id == current.collector_id:
            raise OwnConversation(_("This is a conversation of your own. Somebody else judges it."))
        score = _keep(current, marks, close=close)
        current.judge, current.comment, current.recording = by, comment.strip(), recording.strip()
        if close:
            _close(current, score, now=now)
        current.save()
        if close:
            record.record(
                JUDGED, by=by.user, subject_id=current.id, at=now, score=str(current.score), failed=current.failed,
                collector=current.collector_id,
            )  # fmt: skip
    return current


def reply(review: ConversationReview, *, text: str, by: Membership, now: datetime) -> ConversationReview:
    """The one comment of whoever was judged.

    Raises:
        NotTheirConversation, NotYetJudged, RepliedAlready; NotUnderstood: no words.
    """
    if by.id != review.collector_id:
        raise NotTheirConversation(_("Only whoever spoke comments on the judgement."))
    if not text.strip():
        raise NotUnderstood(_("Write your comment."), field="text")
    with transaction.atomic():
        current: ConversationReview = ConversationReview.objects.select_for_update(no_key=True).get(id=review.id)
        if current.state != State.CLOSED:
            raise NotYetJudged(_("This conversation was not judged yet."))
        if current.replied_at is not None:
            raise RepliedAlready(_("You commented on this judgement already."))
        current.reply, current.replied_at = text.strip(), now
        current.save(update_fields=["reply", "replied_at"])
        record.record(REPLIED, by=by.user, subject_id=current.id, at=now)
    return current


def marks_of(review: ConversationReview) -> dict[int, ItemMark]:
    """By item id."""
    return {mark.item_id: mark for mark in ItemMark.objects.filter(review=review)}


def _keep(review: ConversationReview, marks: Mapping[int, Given], *, close: bool) -> Score | None:
    items = quality_cards.items_of(review.card)
    if close and any(item.id not in marks for item in items):
        raise ItemsLeft(_("Judge every item, or say that there was no occasion for it."))
    if not set(marks) <= {item.id for item in items}:
        raise NotUnderstood(_("The card has other items. Load the page again."))
    if any(given.points not in (None, 0, 1, 2) for given in marks.values()):
        raise NotUnderstood(_("An item gets 0, 1 or 2 points, or none where there was no occasion."))
    ItemMark.objects.filter(review=review).delete()
    ItemMark.objects.bulk_create(
        [
            ItemMark(
                review=review, item=item, points=marks[item.id].points, comment=marks[item.id].comment.strip()[:400]
            )
            for item in items
            if item.id in marks
        ]
    )
    return score_of(Mark(marks[item.id].points, item.weight, item.fatal) for item in items if item.id in marks)


def _close(review: ConversationReview, score: Score | None, *, now: datetime) -> None:
    if score is None:
        raise NothingJudged(_("Judge at least one item before you close."))
    review.state, review.judged_at = State.CLOSED, now
    review.score, review.failed = score.percent, score.failed
