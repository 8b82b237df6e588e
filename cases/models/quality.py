"""How well people speak: score cards, samples of past conversations drawn by lot, and what was judged about each.

A card, its items and a sample never change once they are there; a judgement stays as it is once it is closed, and the
person judged may then comment on it once.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from agencies.models import Membership, Team, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case
from cases.models.work import Disposition
from common.walls import walls


class ScoreCard(AgencyOwned):
    """One version of the card by which conversations are judged; the one that is not retired is in use."""

    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_scorecard"),
            models.UniqueConstraint(fields=["agency", "version"], name="cases_scorecard_version_key"),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(retired_at=None), name="cases_scorecard_one_in_use"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ScoreItem(AgencyOwned):
    """One thing listened for. A usual item has a code and is named in the reader's language; others carry a label."""

    card = AgencyForeignKey(ScoreCard)
    code = models.CharField(max_length=16, blank=True)
    label = models.CharField(max_length=160, blank=True)
    weight = models.PositiveSmallIntegerField()
    fatal = models.BooleanField(default=False)
    """Not done at all, the whole conversation counts as failed."""
    order = models.PositiveSmallIntegerField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_scoreitem", card="cases_scorecard"),
            models.UniqueConstraint(fields=["agency", "card", "order"], name="cases_scoreitem_order_key"),
            models.CheckConstraint(condition=Q(weight__range=(1, 9)), name="cases_scoreitem_weight"),
            models.CheckConstraint(condition=~Q(code="", label=""), name="cases_scoreitem_named"),
        ]


class QualitySample(AgencyOwned):
    """A draw by lot: so many conversations of each person out of a period. The seed repeats it."""

    card = AgencyForeignKey(ScoreCard)
    starts_on = models.DateField()
    ends_on = models.DateField()
    per_person = models.PositiveSmallIntegerField()
    team = AgencyForeignKey(Team, null=True, blank=True)
    third_parties = models.BooleanField()
    """Conversations with people who do not owe are drawn too."""
    seed = models.BigIntegerField()
    population = models.JSONField(default=dict)
    """Conversations each person had to draw from: membership id -> count."""
    drawn = models.PositiveIntegerField()
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    drawn_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_qualitysample", card="cases_scorecard", team="agencies_team"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cases_qualitysample_period"),
            models.CheckConstraint(condition=Q(per_person__range=(1, 50)), name="cases_qualitysample_per_person"),
        ]


class ConversationReview(AgencyOwned):
    """One sampled conversation and how it was judged."""

    class State(models.TextChoices):
        WAITING = "WAITING", pgettext_lazy("state of a judged conversation", "To be judged")
        CLOSED = "CLOSED", pgettext_lazy("state of a judged conversation", "Judged")

    sample = AgencyForeignKey(QualitySample)
    card = AgencyForeignKey(ScoreCard)
    disposition = AgencyForeignKey(Disposition)
    case = AgencyForeignKey(Case)
    collector = AgencyForeignKey(Membership)
    """Who spoke, and is judged."""
    team = AgencyForeignKey(Team, null=True, blank=True)
    """Their team when the sample was drawn."""
    held_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    judge = AgencyForeignKey(Membership, null=True, blank=True)
    recording = models.CharField(max_length=200, blank=True)
    """Where the recording is kept, when there is one."""
    comment = models.TextField(max_length=2000, blank=True)
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    """Per cent of what could be reached; 0 when a fatal item was missed."""
    failed = models.BooleanField(default=False)
    judged_at = models.DateTimeField(null=True)
    reply = models.TextField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_conversationreview", sample="cases_qualitysample", card="cases_scorecard",
                disposition="cases_disposition", case="cases_case", collector="agencies_membership",
                team="agencies_team", judge="agencies_membership",
            ),
            models.UniqueConstraint(fields=["agency", "disposition"], name="cases_conversationreview_once"),
            models.CheckConstraint(
                condition=Q(judge=None) | ~Q(judge=F("collector")), name="cases_conversationreview_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="CLOSED")
                | Q(judge__isnull=False, judged_at__isnull=False, score__range=(0, 100)),
                name="cases_conversationreview_closed_with_score",
            ),
            models.CheckConstraint(
                condition=Q(replied_at=None, reply="") | Q(state="CLOSED", replied_at__isnull=False) & ~Q(reply=""),
                name="cases_conversationreview_reply",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "sample", "id"], name="cases_review_sample"),
            models.Index(fields=["agency", "collector", "-held_at"], name="cases_review_collector"),
            models.Index(fields=["agency", "state", "-held_at", "-id"], name="cases_review_state"),
        ]


class ItemMark(AgencyOwned):
    """What one item was given: 0 not, 1 in part, 2 fully; None where the conversation gave no occasion for it."""

    review = AgencyForeignKey(ConversationReview)
    item = AgencyForeignKey(ScoreItem)
    points = models.PositiveSmallIntegerField(null=True)
    comment = models.CharField(max_length=400, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_itemmark", review="cases_conversationreview", item="cases_scoreitem"),
            models.UniqueConstraint(fields=["agency", "review", "item"], name="cases_itemmark_key"),
            models.CheckConstraint(condition=Q(points=None) | Q(points__lte=2), name="cases_itemmark_points"),
        ]
        indexes = [models.Index(fields=["agency", "item", "points"], name="cases_itemmark_item")]


JUDGED_STAYS = """
CREATE FUNCTION cases_scorecard_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.retired_at IS NOT NULL
        OR (NEW.version, NEW.name) IS DISTINCT FROM (OLD.version, OLD.name)
    THEN
        RAISE EXCEPTION 'score card % stays as it is', OLD.version
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cases_scorecard_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_scorecard_stays BEFORE UPDATE OR DELETE ON cases_scorecard
FOR EACH ROW EXECUTE FUNCTION cases_scorecard_stays();
CREATE FUNCTION cases_conversationreview_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.sample_id, NEW.card_id, NEW.disposition_id, NEW.case_id, NEW.collector_id)
        IS DISTINCT FROM (OLD.sample_id, OLD.card_id, OLD.disposition_id, OLD.case_id, OLD.collector_id)
        OR OLD.state = 'CLOSED' AND (OLD.replied_at IS NOT NULL
            OR (NEW.state, NEW.judge_id, NEW.score, NEW.failed, NEW.comment, NEW.recording, NEW.judged_at)
               IS DISTINCT FROM (OLD.state, OLD.judge_id, OLD.score, OLD.failed, OLD.comment,
                                 OLD.recording, OLD.judged_at))
    THEN
        RAISE EXCEPTION 'judgement % stays as it is', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cases_conversationreview_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_conversationreview_stays BEFORE UPDATE OR DELETE ON cases_conversationreview
FOR EACH ROW EXECUTE FUNCTION cases_conversationreview_stays();
CREATE FUNCTION cases_itemmark_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mark record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF EXISTS (SELECT FROM cases_conversationreview WHERE agency_id = mark.agency_id AND id = mark.review_id
               AND state = 'CLOSED') THEN
        RAISE EXCEPTION 'judgement % stays as it is', mark.review_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cases_itemmark_stays';
    END IF;
    RETURN mark;
END $$;
CREATE TRIGGER cases_itemmark_stays BEFORE INSERT OR UPDATE OR DELETE ON cases_itemmark
FOR EACH ROW EXECUTE FUNCTION cases_itemmark_stays();
"""
JUDGED_MAY_CHANGE = """
DROP TRIGGER cases_itemmark_stays ON cases_itemmark;
DROP FUNCTION cases_itemmark_stays();
DROP TRIGGER cases_conversationreview_stays ON cases_conversationreview;
DROP FUNCTION cases_conversationreview_stays();
DROP TRIGGER cases_scorecard_stays ON cases_scorecard;
DROP FUNCTION cases_scorecard_stays();
"""
