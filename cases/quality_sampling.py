"""Samples of past conversations, drawn by lot and fair: the same number of each person, each conversation as likely.

The order of the lot is a hash of the sample's seed and the conversation, so that the same seed draws the same
conversations again (`draws_the_same`). Nothing is drawn twice. One statement draws, from however many conversations.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership, Team
from agencies.permissions import Permission
from agencies.roles import ROLES
from audit import record
from cases import quality_cards
from cases.models import ConversationReview, QualitySample
from common.refusals import NotUnderstood, Refused

DRAWN = record.kind(
    "quality.sample_drawn", gettext_lazy("A sample of %(drawn)s conversations was drawn to judge their quality.")
)
MOST_EACH = 50
JUDGED_ROLES = [code for code, role in ROLES.items() if Permission.QUALITY_OWN in role.permissions]
"""Whoever is judged can read the result."""

_ELIGIBLE = """
SELECT d.id, d.case_id, d.at, m.id AS collector_id, m.team_id
FROM cases_disposition d
JOIN cases_dispositioncode c ON c.agency_id = d.agency_id AND c.id = d.code_id
JOIN agencies_membership m ON m.agency_id = d.agency_id AND m.user_id = d.by_id
WHERE d.agency_id = %(agency)s AND d.at >= %(first)s AND d.at < %(after)s
  AND (d.undone_at IS NULL OR d.undone_at > %(now)s)
  AND c.outcome = ANY(%(outcomes)s) AND m.role = ANY(%(roles)s)
  AND (%(team)s::bigint IS NULL OR m.team_id = %(team)s)
  AND NOT EXISTS (SELECT FROM cases_conversationreview r WHERE r.agency_id = d.agency_id AND r.disposition_id = d.id
                  AND (%(before)s::bigint IS NULL OR r.sample_id < %(before)s))
"""
_COUNT = f"SELECT collector_id, count(*) FROM ({_ELIGIBLE}) AS eligible GROUP BY collector_id"  # noqa: S608
_LOT = f"""
SELECT id, case_id, at, collector_id, team_id FROM (
    SELECT eligible.*, row_number() OVER (
        PARTITION BY collector_id ORDER BY md5(%(seed)s::text || ':' || id::text), id
    ) AS place FROM ({_ELIGIBLE}) AS eligible
) AS lot WHERE place <= %(each)s
"""  # noqa: S608
_DRAW = f"""
INSERT INTO cases_conversationreview
    (agency_id, sample_id, card_id, disposition_id, case_id, held_at, collector_id, team_id, state, recording, comment,
     failed, reply)
SELECT %(agency)s, %(sample)s, %(card)s, id, case_id, at, collector_id, team_id, 'WAITING', '', '', false, ''
FROM ({_LOT}) AS drawn ORDER BY collector_id, at, id
"""  # noqa: S608


class NoCardInUse(Refused):
    """Without a score card there is nothing to judge by."""


class NothingToDraw(Refused):
    """No conversation of the period is left to be judged."""


@dataclass(frozen=True)
class Wanted:
    """What to draw from: days in the agency's time zone, both included. `team` None: everybody."""

    starts_on: date
    ends_on: date
    per_person: int
    team: Team | None = None
    third_parties: bool = False


def draw(wanted: Wanted, *, seed: int, by: Membership, now: datetime) -> QualitySample:
    """Draw up to `per_person` conversations of each person and keep the seed.

    Raises:
        NoCardInUse, NothingToDraw; NotUnderstood: a period that ends before it starts, or a number out of bounds.
    """
    if wanted.ends_on < wanted.starts_on:
        raise NotUnderstood(_("The period ends before it starts."), field="ends_on")
    if not 1 <= wanted.per_person <= MOST_EACH:
        raise NotUnderstood(_("Between 1 and 50 conversations of each person."), field="per_person")
    card = quality_cards.in_use()
    if card is None:
        raise NoCardInUse(_("First put a score card in use."))
    keys = _keys(wanted, agency=by.agency_id, zone=by.agency.time_zone, now=now, seed=seed, before=None)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.quality'), %s::int)", [by.agency_id])
        cursor.execute(_COUNT, keys)
        population = {str(person): number for person, number in cursor.fetchall()}
        if not population:
            raise NothingToDraw(_("No conversation of these days is left to be judged. Choose other days."))
        sample: QualitySample = QualitySample.objects.create(
            card=card, starts_on=wanted.starts_on, ends_on=wanted.ends_on, per_person=wanted.per_person,
            team=wanted.team, third_parties=wanted.third_parties, seed=seed, population=population,
            drawn=sum(min(number, wanted.per_person) for number in population.values()), drawn_by=by.user, drawn_at=now,
        )  # fmt: skip
        cursor.execute(_DRAW, keys | {"sample": sample.id, "card": card.id})
        record.record(DRAWN, by=by.user, subject_id=sample.id, at=now, drawn=sample.drawn, seed=seed)
    return sample


def draws_the_same(sample: QualitySample) -> bool:
    """Whether the kept seed draws the very conversations of the sample again."""
    wanted = Wanted(sample.starts_on, sample.ends_on, sample.per_person, sample.team, sample.third_parties)
    keys = _keys(
        wanted, agency=sample.agency_id, zone=sample.agency.time_zone, now=sample.drawn_at, seed=sample.seed,
        before=sample.id,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOT, keys)
        again = {row[0] for row in cursor.fetchall()}
    kept = ConversationReview.objects.filter(sample=sample).values_list("disposition_id", flat=True)
    return again == set(kept)


def _keys(wanted: Wanted, *, agency: int, zone: str, now: datetime, seed: int, before: int | None) -> dict[str, Any]:
    first = datetime.combine(wanted.starts_on, time.min, ZoneInfo(zone))
    after = datetime.combine(wanted.ends_on + timedelta(days=1), time.min, ZoneInfo(zone))
    return {
        "agency": agency, "first": first, "after": min(after, now), "now": now, "roles": JUDGED_ROLES,
        "outcomes": ["CONVERSATION", "THIRD_PARTY"] if wanted.third_parties else ["CONVERSATION"],
        "team": wanted.team.id if wanted.team else None, "each": wanted.per_person, "seed": seed, "before": before,
    }  # fmt: skip
