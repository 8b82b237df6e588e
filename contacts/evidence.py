"""Verdicts and permits as rows: put into their stored shape once, and written a batch at a time."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from agencies.models import User
from agencies.scope import current_agency_id
from contacts.arrays import moments, numbers, words
from contacts.models import Decision, Permit, Verdict
from contacts.questions import Question
from jurisdictions import verdict as law
from jurisdictions.codes import Code
from jurisdictions.intent import Intent, plain_inputs
from jurisdictions.model import PackVersion, Rule

_WORDS = tuple(
    one.name for one in fields(Intent) if one.name not in
    ("at", "history", "consents", "preferences", "tenant_rules", "holiday_overrides")
)  # fmt: skip
"""Members of a question that are JSON as they stand."""


def decision_of(
    question: Question,
    verdict: law.Verdict,
    intent: Intent,
    ruling: Verdict,
    *,
    person_id: int,
    purpose: str,
    now: datetime,
    by: User | None = None,
    campaign_run_id: int | None = None,
) -> Decision:
    """A verdict in its stored shape, not yet stored. It holds all that a replay needs."""
    owned = Code.CONTACT_POINT_NOT_OWNED not in verdict.codes
    return Decision(
        agency_id=current_agency_id(),
        case_id=question.case_id,
        debtor_id=person_id,
        contact_point_id=question.contact_point_id if owned else None,
        channel=question.channel,
        party=intent.party,
        place=intent.place,
        message_kind=question.message_kind,
        purpose=purpose,
        verdict=ruling,
        codes=[code.value for code in verdict.codes],
        until=verdict.until,
        findings=[_finding(one) for one in verdict.findings] if verdict.findings else [],
        obligations=list(verdict.obligations),
        packs=_packs(verdict.packs),
        zone=verdict.zone,
        intent={
            "question": question_of(intent),
            "verdict": verdict.verdict.value,
            "until": _iso(verdict.until),
            "open_until": _iso(verdict.open_until),
            "local_time": _iso(verdict.local_time),
        },
        decided_at=now,
        by_id=by.pk if by is not None else None,
        campaign_run_id=campaign_run_id,
    )


def question_of(intent: Intent) -> dict[str, Any]:
    """The engine's question as JSON values, as `Intent.from_json` reads it."""
    found: dict[str, Any] = {name: getattr(intent, name) for name in _WORDS}
    found["at"] = intent.at.isoformat()
    found["history"] = [
        {"kind": e.kind, "at": e.at.isoformat(), "debt_id": e.debt_id, "point": e.point} for e in intent.history
    ]
    found["consents"] = [{"kind": one.kind, "at": _iso(one.at)} for one in intent.consents]
    found["preferences"] = [
        {
            "opens": one.opens.isoformat(), "closes": one.closes.isoformat(), "wanted": one.wanted,
            "weekdays": one.weekdays, "channels": one.channels,
        }
        for one in intent.preferences
    ]  # fmt: skip
    found["tenant_rules"] = _rules(intent.tenant_rules)
    found["holiday_overrides"] = [
        {"on": one.on.isoformat(), "name": one.name, "country": one.country} for one in intent.holiday_overrides
    ]
    return found


@lru_cache(maxsize=1024)
def _rules(rules: tuple[Rule, ...]) -> list[dict[str, str]]:
    return [{"source": one.source, "pack_id": one.pack_id} for one in rules]


@lru_cache(maxsize=1024)
def _packs(versions: tuple[PackVersion, ...]) -> list[list[str]]:
    return [list(one) for one in versions]


def _finding(one: law.Finding) -> dict[str, Any]:
    return {
        "rule_id": one.rule_id,
        "outcome": one.outcome.value,
        "code": one.code.value,
        "verdict": one.verdict.value,
        "phase": one.phase,
        "force": one.force.value,
        "cite": one.cite,
        "until": _iso(one.until),
        "inputs": plain_inputs(one.inputs),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def store(decisions: Sequence[Decision]) -> None:
    """Write decisions in their order; each gets its id. They travel as one JSON text, however many they are."""
    if not decisions:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contacts_decision
                (agency_id, case_id, debtor_id, contact_point_id, channel, party, place, message_kind, purpose, verdict,
                 codes, until, findings, obligations, packs, zone, intent, decided_at, by_id, campaign_run_id,
                 approved_by_id)
            SELECT %s, v.case_id, v.debtor_id, v.contact_point_id, v.channel, v.party, v.place, v.message_kind,
                   v.purpose, v.verdict, v.codes, v.until, v.findings, v.obligations, v.packs, v.zone, v.intent,
                   v.decided_at, v.by_id, v.campaign_run_id, v.approved_by_id
              FROM jsonb_to_recordset(%s::jsonb) AS v
                   (nth int, case_id bigint, debtor_id bigint, contact_point_id bigint, channel text, party text,
                    place text, message_kind text, purpose text, verdict text, codes text[], until timestamptz,
                    findings jsonb, obligations text[], packs jsonb, zone text, intent jsonb, decided_at timestamptz,
                    by_id bigint, campaign_run_id bigint, approved_by_id bigint)
             ORDER BY v.nth
            RETURNING id
            """,
            [decisions[0].agency_id, _json([_row(nth, one) for nth, one in enumerate(decisions)])],
        )
        _take_ids(decisions, cursor.fetchall())


def _row(nth: int, one: Decision) -> dict[str, Any]:
    return {
        "nth": nth,
        "case_id": one.case_id,
        "debtor_id": one.debtor_id,
        "contact_point_id": one.contact_point_id,
        "channel": one.channel,
        "party": one.party,
        "place": one.place,
        "message_kind": one.message_kind,
        "purpose": one.purpose,
        "verdict": one.verdict,
        "codes": one.codes,
        "until": _iso(one.until),
        "findings": one.findings,
        "obligations": one.obligations,
        "packs": one.packs,
        "zone": one.zone,
        "intent": one.intent,
        "decided_at": one.decided_at.isoformat(),
        "by_id": one.by_id,
        "campaign_run_id": one.campaign_run_id,
        "approved_by_id": one.approved_by_id,
    }


def store_permits(permits: Sequence[Permit]) -> None:
    """Write permits whose decisions are stored; each gets its id. One that is spent at once is written spent."""
    if not permits:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contacts_permit
                (agency_id, decision_id, case_id, debtor_id, contact_point_id, channel, content_digest, granted_at,
                 expires_at, used_at)
            SELECT %s, v.decision_id, v.case_id, v.debtor_id, v.point_id, v.channel, decode(v.digest, 'hex'),
                   v.granted_at, v.expires_at, v.used_at
              FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
                          %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
                   WITH ORDINALITY
                   AS v (decision_id, case_id, debtor_id, point_id, channel, digest, granted_at, expires_at, used_at,
                         nth)
             ORDER BY v.nth
            RETURNING id
            """,
            [
                permits[0].agency_id,
                numbers(one.decision_id for one in permits),
                numbers(one.case_id for one in permits),
                numbers(one.debtor_id for one in permits),
                numbers(one.contact_point_id for one in permits),
                words(one.channel for one in permits),
                words(bytes(one.content_digest).hex() for one in permits),
                moments(one.granted_at for one in permits),
                moments(one.expires_at for one in permits),
                moments(one.used_at for one in permits),
            ],
        )
        _take_ids(permits, cursor.fetchall())


def _take_ids(rows: Sequence[Decision] | Sequence[Permit], found: Sequence[tuple[int]]) -> None:
    """Ids are given in the order of the rows, so that the smallest belongs to the first."""
    for row, (row_id,) in zip(rows, sorted(found), strict=True):
        row.id = row_id
        row._state.adding, row._state.db = False, connection.alias


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
