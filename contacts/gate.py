"""The one door: every contact asks here, every answer given to be acted on is stored, and a permit comes out or not.

`ask` answers a question and stores nothing. `request` decides under a lock on the person, stores the verdict with its
reasons (denials too), and gives a single-use permit bound to the content. `use` spends it. Channels take only a permit.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from agencies.models import User
from agencies.scope import current_agency_id
from cases.models import Case
from common.refusals import Refused
from contacts import approvals, evidence, facts, questions, sentences
from contacts.meters import Meter, meter_of
from contacts.models import CampaignRun, Decision, Permit, Verdict
from contacts.questions import Question
from debtors.models import ContactPoint
from jurisdictions import verdict as law
from jurisdictions.intent import Event

PERMIT_LIFE = timedelta(minutes=5)
_LOCK_SPACE = 0x6361_7365
"""First key of the advisory locks on persons, so that they meet no other locks."""


class ContactNotAllowed(Refused):
    """The gate says no; the sentence tells why, and until when."""


class PermitSpent(Refused):
    """A permit leaves once."""


class PermitExpired(Refused):
    """A permit lives for minutes; ask again."""


class ContentDiffers(Refused):
    """The content is not the one the permit was given for."""


@dataclass(frozen=True)
class Answer:
    """What the gate would say now. `until` is the first moment everything would pass, if waiting helps."""

    verdict: Verdict
    codes: tuple[str, ...]
    until: datetime | None
    sentence: str
    zone: str
    party: str
    place: str
    meter: Meter | None = None
    obligations: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.verdict == Verdict.ALLOW


@dataclass(frozen=True)
class Request:
    """One contact to be decided together with others: the question, and what the permit will be bound to."""

    question: Question
    content_digest: bytes = b""
    by: User | None = None
    campaign_run: CampaignRun | None = None


@dataclass
class Decided:
    """A stored decision with its permit (None unless allowed) and the evaluator's verdict."""

    decision: Decision
    verdict: law.Verdict
    permit: Permit | None = field(default=None)

    @property
    def sentence(self) -> str:
        return sentences.of_verdict(self.verdict, channel=self.decision.channel.lower())


def ask(
    case: Case,
    *,
    channel: str,
    contact_point: ContactPoint | None = None,
    party: str = "",
    place: str = "",
    message_kind: str = "REMINDER",
    elements: Sequence[str] = (),
    now: datetime,
) -> Answer:
    """Whether this contact could leave now. Stores nothing and reserves nothing.

    Empty `party` and `place` follow from the contact point.
    """
    point_id = contact_point.id if contact_point is not None else None
    question = Question(case.id, channel, point_id, party, place, message_kind, tuple(elements))
    return answer(question, facts.collect([case.id], now=now)[case.id], now=now)


def answer(question: Question, about: facts.CaseFacts, *, now: datetime) -> Answer:
    """The same as `ask`, for facts already collected."""
    verdict, intent = questions.decide(question, about, now=now, full=True)
    return Answer(
        verdict=Verdict(str(verdict.verdict).upper()),
        codes=tuple(str(code) for code in verdict.codes),
        until=verdict.until,
        sentence=sentences.of_verdict(verdict, channel=intent.channel),
        zone=verdict.zone,
        party=intent.party,
        place=intent.place,
        meter=meter_of(verdict, intent),
        obligations=verdict.obligations,
    )


def request(
    case: Case,
    *,
    channel: str,
    contact_point: ContactPoint | None = None,
    party: str = "",
    place: str = "",
    message_kind: str = "REMINDER",
    elements: Sequence[str] = (),
    content_digest: bytes = b"",
    replying: bool = False,
    by: User | None,
    now: datetime,
    campaign_run: CampaignRun | None = None,
) -> Decided:
    """Decide one contact, store the verdict, and give a permit when it is allowed.

    Counts are reserved at once: until it is spent or expires, the permit itself counts as a contact with the person.
    """
    point_id = contact_point.id if contact_point is not None else None
    question = Question(case.id, channel, point_id, party, place, message_kind, tuple(elements), replying)
    return request_many([Request(question, content_digest, by, campaign_run)], now=now)[0]


def request_many(
    requests: Sequence[Request], *, now: datetime, purpose: str = "SEND", spend: bool = False
) -> list[Decided]:
    """Decide a batch in its order, each seeing the reservations of those before it. One transaction, ordered locks.

    `purpose` FORECAST stores verdicts and gives no permits. `spend` gives permits that are already spent, to a caller
    who commits what left under them in the same transaction.
    """
    with transaction.atomic():
        case_ids = {one.question.case_id for one in requests}
        lock_people(_people_of(case_ids))
        about = facts.collect(case_ids, now=now)
        granted = approvals.granted_for(case_ids, now=now)
        found: list[Decided] = []
        for one in requests:
            found.append(_decide(one, about[one.question.case_id], granted, purpose=purpose, now=now))
        evidence.store([one.decision for one in found])
        for decided in found:
            if decided.permit is not None:
                decided.permit.decision = decided.decision
                decided.permit.used_at = now if spend else None
        evidence.store_permits([one.permit for one in found if one.permit is not None])
    return found


def keep_refusals(judged: Sequence[Any], *, run: CampaignRun, now: datetime) -> None:
    """Store what a plan did not let into the outbox: refusals are the proof that the gate works.

    `judged`: rows of `contacts.selection` with question, verdict and intent; those without were never asked about.
    """
    evidence.store(
        [
            evidence.decision_of(
                one.question, one.verdict, one.intent, Verdict.BLOCK, person_id=one.debtor_id, purpose="FORECAST",
                now=now, campaign_run_id=run.id,
            )
            for one in judged
            if one.question is not None
        ]
    )  # fmt: skip


def use(permit: Permit, *, content_digest: bytes, now: datetime) -> Permit:
    """Spend a permit: exactly one caller succeeds, before it expires, with the very content it was given for.

    Raises:
        PermitSpent, PermitExpired, ContentDiffers: nothing may leave.
    """
    spent = Permit.objects.filter(id=permit.id, used_at=None, expires_at__gt=now, content_digest=content_digest).update(
        used_at=now
    )
    if spent == 1:
        permit.used_at = now
        return permit
    stored = Permit.objects.get(id=permit.id)
    if stored.used_at is not None:
        raise PermitSpent(_("This permit was already used."))
    if stored.expires_at <= now:
        raise PermitExpired(_("This permit has expired; ask again."))
    raise ContentDiffers(_("The content is not the one this permit was given for."))


def sentence(decision: Decision) -> str:
    """Why not, and until when, for a stored decision, in the reader's language."""
    failing = [finding for finding in decision.findings if finding["outcome"] == "fail"]
    if not failing:
        return str(sentences.SENTENCES["OK"])
    worst = law.Verdict.from_json(json.dumps(recorded(decision))).findings[0]
    until = decision.until if decision.verdict != Verdict.BLOCK else None
    return sentences.of_finding(worst, zone=decision.zone, channel=decision.channel.lower(), until=until)


def recorded(decision: Decision) -> dict[str, Any]:
    """The stored decision in the shape of the evaluator's own record, for replay."""
    stored: dict[str, Any] = decision.intent
    return {
        "verdict": stored["verdict"],
        "codes": decision.codes,
        "until": stored["until"],
        "open_until": stored["open_until"],
        "obligations": decision.obligations,
        "packs": decision.packs,
        "zone": decision.zone,
        "local_time": stored["local_time"],
        "findings": decision.findings,
    }


def lock_people(person_ids: Iterable[int]) -> None:
    """Take the transaction's lock on each person, in one order everywhere, so that two gates never count past a cap."""
    ids = sorted(set(person_ids))
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashint8(id)) FROM"
            " (SELECT unnest(%s::bigint[]) AS id ORDER BY hashint8(unnest(%s::bigint[]))) AS people",
            [_LOCK_SPACE, ids, ids],
        )


def _people_of(case_ids: Iterable[int]) -> list[int]:
    """Debtors of the cases and the other people on them."""
    ids = list(case_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT debtor_id FROM cases_case WHERE agency_id = %s AND id = ANY(%s)"
            " UNION SELECT person_id FROM cases_party WHERE agency_id = %s AND case_id = ANY(%s)",
            [current_agency_id(), ids, current_agency_id(), ids],
        )
        return [row[0] for row in cursor.fetchall()]


def _decide(
    one: Request, about: facts.CaseFacts, granted: approvals.Granted, *, purpose: str, now: datetime
) -> Decided:
    verdict, intent = questions.decide(one.question, about, now=now)
    ruling = Verdict(str(verdict.verdict).upper())
    approver = granted.by_whom(one.question, verdict) if ruling == Verdict.APPROVE else None
    if approver is not None:
        ruling = Verdict.ALLOW
    point = questions.point_of(about, one.question.contact_point_id)
    person = questions.person_of(about, intent.party, point)
    decision = evidence.decision_of(
        one.question, verdict, intent, ruling, person_id=person.id, purpose=purpose, now=now, by=one.by,
        campaign_run_id=one.campaign_run.id if one.campaign_run is not None else None,
    )  # fmt: skip
    decision.approved_by = approver
    permit = (
        _permit(one, verdict, person_id=person.id, now=now) if ruling == Verdict.ALLOW and purpose == "SEND" else None
    )
    if permit is not None:
        kind = "call_attempt" if one.question.channel == "CALL" else one.question.channel.lower()
        point_id = one.question.contact_point_id
        person.history.append(Event(kind, now, str(about.id), None if point_id is None else str(point_id)))
    return Decided(decision, verdict, permit)


def _permit(one: Request, verdict: law.Verdict, *, person_id: int, now: datetime) -> Permit:
    expires = now + PERMIT_LIFE
    if verdict.open_until is not None and verdict.open_until > now:
        expires = min(expires, verdict.open_until)
    return Permit(
        agency_id=current_agency_id(),
        case_id=one.question.case_id,
        debtor_id=person_id,
        contact_point_id=one.question.contact_point_id,
        channel=one.question.channel,
        content_digest=one.content_digest,
        granted_at=now,
        expires_at=expires,
    )
