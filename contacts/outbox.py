"""The outbox: every message is a row before it leaves, is claimed by one sender, and is never tried twice blindly.

pending → sending → sent → delivered | failed; sending → unknown → (reconcile) → sent | pending | a person decides.
The claim is committed before the provider is called. See `docs/sending.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from agencies.actors import Actor, user_of
from agencies.models import Agency
from agencies.scope import current_agency_id
from audit import record
from cases.models import Case
from contacts import gate, outcomes, templating, wording
from contacts.arrays import numbers, words
from contacts.channels.base import Leaving
from contacts.models import ApprovalRequest, CampaignRun, Message, Template, Verdict
from contacts.questions import Question
from debtors.models import ContactPoint

State = Message.State

QUEUED = record.kind("message.queued", _("A message was put into the outbox (%(channel)s)"))
REFUSED = record.kind("message.refused", _("A message did not leave: the gate refused it (%(channel)s)"))

LEASE = timedelta(minutes=2)
"""How long a claimed message may be under way before its fate counts as unknown."""

ONCE = "contacts_message_once"
"""The unique key on (agency, dedupe_key)."""

BY_MACHINE = ("SMS", "IVM", "EMAIL")
"""Channels a sender works; letters are rendered and handed over in print batches."""


def enqueue(
    case: Case,
    *,
    channel: str,
    contact_point: ContactPoint,
    template: Template,
    dedupe_key: str,
    by: Actor,
    now: datetime,
    not_before: datetime | None = None,
    campaign_run: CampaignRun | None = None,
) -> Message | None:
    """Put one message into the outbox. The same `dedupe_key` a second time changes nothing and gives None."""
    message = Message(
        case=case, debtor_id=contact_point.debtor_id, contact_point=contact_point, channel=channel,
        template=template, campaign_run=campaign_run, dedupe_key=dedupe_key, not_before=not_before or now,
        created_by=user_of(by), created_at=now,
    )  # fmt: skip
    with transaction.atomic():
        try:
            with transaction.atomic():
                message.save()
        except IntegrityError as error:
            if ONCE not in str(error):
                raise
            return None
        record.record(QUEUED, by=user_of(by), case_id=case.id, subject_id=message.id, at=now, channel=channel)
    return message


@dataclass(slots=True)
class _Row:
    """A pending row being claimed."""

    id: int
    case_id: int
    contact_point_id: int
    channel: str
    template_id: int
    campaign_run_id: int | None
    attempts: int
    created_by_id: int | None
    to: str
    subject: str = ""
    body: str = ""
    problem: str = ""


def claim(*, limit: int, now: datetime, channels: Sequence[str] = BY_MACHINE) -> list[Leaving]:
    """Claim up to `limit` messages that are due, in the scope of their agency; commit before calling the provider.

    Texts are filled in now, with the amounts of now, and the gate is asked again: a row may be old. What it refuses is
    refused, what must wait waits, what needs a second person is put before one.
    """
    with transaction.atomic():
        rows = _lock(limit=limit, now=now, channels=channels)
        if not rows:
            return []
        templates = Template.objects.in_bulk({row.template_id for row in rows})
        facts = wording.collect({row.case_id for row in rows}, now=now)
        for row in rows:
            _fill_in(row, templates[row.template_id], facts[row.case_id])
        whole = [row for row in rows if not row.problem]
        runs = CampaignRun.objects.in_bulk({row.campaign_run_id for row in whole if row.campaign_run_id})
        decided = gate.request_many(
            [
                gate.Request(
                    Question(
                        row.case_id, row.channel, row.contact_point_id, message_kind=templates[row.template_id].kind,
                        elements=tuple(templates[row.template_id].elements),
                    ),
                    content_digest=digest(row.subject, row.body),
                    campaign_run=runs.get(row.campaign_run_id or 0),
                )
                for row in whole
            ],
            now=now,
            spend=True,
        )  # fmt: skip
        go = [(row, one) for row, one in zip(whole, decided, strict=True) if one.permit is not None]
        _write_contacts(go, templates, now=now)
        _mark_sending(go, now=now)
        _hold_back([(row, one) for row, one in zip(whole, decided, strict=True) if one.permit is None], now=now)
        _refuse_broken([row for row in rows if row.problem], now=now)
        agency = Agency.objects.get(id=current_agency_id())
        return [_leaving(agency, row, one, templates[row.template_id], now=now) for row, one in go]


def digest(subject: str, body: str) -> bytes:
    """What a permit is bound to: the hash of the filled-in text."""
    return sha256(f"{subject}\n{body}".encode()).digest()


def _lock(*, limit: int, now: datetime, channels: Sequence[str]) -> list[_Row]:
    agency_id = current_agency_id()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id, m.case_id, m.contact_point_id, m.channel, m.template_id, m.campaign_run_id, m.attempts,
                   m.created_by_id, p.value
              FROM contacts_message m
              JOIN debtors_contactpoint p ON p.agency_id = m.agency_id AND p.id = m.contact_point_id
             WHERE m.agency_id = %s AND m.state = 'PENDING' AND m.not_before <= %s AND m.channel = ANY(%s)
               AND (m.campaign_run_id IS NULL OR m.campaign_run_id NOT IN (
                    SELECT r.id FROM contacts_campaignrun r
                      JOIN contacts_campaign c ON c.agency_id = r.agency_id AND c.id = r.campaign_id
                     WHERE r.agency_id = %s AND c.state IN ('PAUSED', 'CANCELLED')))
             ORDER BY m.not_before, m.id
             LIMIT %s
               FOR UPDATE OF m SKIP LOCKED
            """,
            [agency_id, now, list(channels), agency_id, limit],
        )
        return [_Row(*row) for row in cursor.fetchall()]


def _fill_in(row: _Row, template: Template, facts: wording.Facts) -> None:
    try:
        body, subject = templating.read(template.body), templating.read(template.subject)
        values = wording.values(facts, language=template.language, wanted=body.variables | subject.variables)
        row.body, row.subject = body.render(values), subject.render(values)
    except templating.TextNotUnderstood:
        row.problem = "TEMPLATE_BROKEN"


def _leaving(agency: Agency, row: _Row, decided: gate.Decided, template: Template, *, now: datetime) -> Leaving:
    """Not to be ordered past its lease: from then on others look for it."""
    permit = decided.permit
    assert permit is not None
    sender = {"SMS": agency.sms_sender, "IVM": agency.voice_caller}.get(row.channel, agency.email)
    return Leaving(
        message_id=row.id,
        agency_id=agency.id,
        case_id=row.case_id,
        contact_point_id=row.contact_point_id,
        channel=row.channel,
        to=row.to,
        sender=sender,
        subject=row.subject,
        body=row.body,
        language=template.language,
        attempt=row.attempts + 1,
        expires_at=min(permit.expires_at, now + LEASE),
        cost=outcomes.cost_of(agency, row.channel, row.body),
    )


def _write_contacts(go: Sequence[tuple[_Row, gate.Decided]], templates: dict[int, Template], *, now: datetime) -> None:
    """The contact is counted from the moment the permit is spent."""
    if not go:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contacts_contact
                (agency_id, case_id, debtor_id, contact_point_id, channel, kind, direction, at, permit_id, unpermitted,
                 message_id, message_kind, outcome, cost)
            SELECT %s, v.case_id, v.debtor_id, v.point_id, v.channel, v.channel, 'OUT', %s, v.permit_id, false,
                   v.message_id, v.kind, '', 0
              FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[])
                   AS v (case_id, debtor_id, point_id, channel, permit_id, message_id, kind)
            """,
            [
                current_agency_id(),
                now,
                numbers(row.case_id for row, _one in go),
                numbers(one.decision.debtor_id for _row, one in go),
                numbers(row.contact_point_id for row, _one in go),
                words(row.channel for row, _one in go),
                numbers(one.permit.id for _row, one in go if one.permit is not None),
                numbers(row.id for row, _one in go),
                words(templates[row.template_id].kind for row, _one in go),
            ],
        )


def _mark_sending(go: Sequence[tuple[_Row, gate.Decided]], *, now: datetime) -> None:
    if not go:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE contacts_message m
               SET state = 'SENDING', permit_id = v.permit_id, body = v.body, attempts = m.attempts + 1,
                   lease_until = %s, refusal_codes = '{}'
              FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS v (id, permit_id, body)
             WHERE m.agency_id = %s AND m.id = v.id
            """,
            [
                now + LEASE,
                numbers(row.id for row, _one in go),
                numbers(one.permit.id for _row, one in go if one.permit is not None),
                words(row.body for row, _one in go),
                current_agency_id(),
            ],
        )


def _hold_back(held: Sequence[tuple[_Row, gate.Decided]], *, now: datetime) -> None:
    """What the gate did not let go: wait, ask a second person, or refuse."""
    changes: list[tuple[int, str, datetime, list[str], datetime | None]] = []
    refused: list[tuple[int | None, dict[str, Any]]] = []
    for row, one in held:
        codes = list(one.decision.codes)
        if one.decision.verdict == Verdict.DEFER and one.decision.until is not None:
            changes.append((row.id, State.PENDING, one.decision.until, codes, None))
        elif one.decision.verdict == Verdict.APPROVE and row.created_by_id is not None:
            ApprovalRequest.objects.create(decision=one.decision, case_id=row.case_id, asked_by_id=row.created_by_id)
            changes.append((row.id, State.DECIDE, now, codes, None))
        else:
            changes.append((row.id, State.REFUSED, now, codes, now))
            refused.append((row.case_id, {"channel": row.channel, "codes": codes, "message": row.id}))
    _apply(changes)
    record.record_many(REFUSED, refused, at=now)


def _refuse_broken(rows: Sequence[_Row], *, now: datetime) -> None:
    _apply([(row.id, State.REFUSED, now, [row.problem], now) for row in rows])
    told = [(row.case_id, {"channel": row.channel, "codes": [row.problem], "message": row.id}) for row in rows]
    record.record_many(REFUSED, told, at=now)


def _apply(changes: Sequence[tuple[int, str, datetime, list[str], datetime | None]]) -> None:
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE contacts_message m
               SET state = v.state, not_before = v.not_before, refusal_codes = string_to_array(v.codes, ' '),
                   settled_at = v.settled_at
              FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::timestamptz[])
                   AS v (id, state, not_before, codes, settled_at)
             WHERE m.agency_id = %s AND m.id = v.id
            """,
            [
                [one[0] for one in changes],
                [str(one[1]) for one in changes],
                [one[2] for one in changes],
                [" ".join(one[3]) for one in changes],
                [one[4] for one in changes],
                current_agency_id(),
            ],
        )
