"""Reads of cases: who may see which, search that row security's indexes can serve, and the timeline of a case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_possible_number, parse

from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from audit.models import Event
from cases.models import Case, Disposition, Hold, Note, Party, Stage
from common.folding import tokens
from common.templatetags.trade import day, money
from debtors.contact_points import SOURCES
from debtors.models import (
    ContactPoint,
    ContactPointKind,
    Debtor,
    NameToken,
    PersonStatus,
    Validity,
    national_id_index,
)
from portfolios.models import Channel, CreditorUser

LIST_ROLES = frozenset({"COORDINATOR", "MANAGER", "LEGAL_OFFICER", "RESTRUCTURING_OFFICER", "ANTI_FRAUD_OFFICER"})
"""Roles whose lists show every case of the agency; the others list what they work."""


def visible_to(member: Membership) -> QuerySet[Case]:
    """Cases a member's lists and figures may show.

    Collectors: their own and their team's unassigned ones. Skip tracers: also what waits for tracing. Creditor users:
    their creditor's. Law firms: none until a case is handed to them.
    """
    cases: QuerySet[Case] = Case.objects.all()
    if member.role in LIST_ROLES:
        return cases
    if member.role == "CREDITOR_USER":
        return cases.filter(creditor_id__in=CreditorUser.objects.filter(membership=member).values("creditor_id"))
    if not member.may(Permission.CASES_WORK):
        return cases.none()
    mine = Q(collector_id=member.id)
    if member.team_id is not None:
        mine |= Q(collector=None, team_id=member.team_id)
    if member.may(Permission.SKIP_TRACE):
        mine |= Q(next_action="SKIP_TRACE")
    return cases.filter(mine)


def open_to(member: Membership) -> QuerySet[Case]:
    """Cases a member may open by search or link: desks find every case of the agency, whatever its queue (S004-03)."""
    return Case.objects.all() if member.may(Permission.CASES_SEARCH_ALL) else visible_to(member)


def case_of(member: Membership, case_id: int) -> Case:
    """One case with its debtor, account, creditor, mandate and portfolio.

    Raises:
        Case.DoesNotExist: it is another agency's, or not open to this member.
    """
    related = ("debtor", "account", "creditor", "mandate", "portfolio", "team", "collector__user")
    return open_to(member).select_related(*related).get(id=case_id)


def above(prefix: str) -> str:
    """The first text after every text that starts with `prefix`, in code-point order: for prefix search by range."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def search(member: Membership, text: str, *, limit: int = 20) -> list[Case]:
    """Find cases by contract number, phone, national id or words of the name of anyone on the case.

    Only `=` and ranges on folded columns, so an index serves each part under row security.
    """
    text = text.replace("\0", "").strip()
    if len(text) < 2:
        return []
    found = open_to(member).select_related("debtor", "creditor", "collector__user")
    ids: dict[int, None] = {}
    for part in _parts(member, text, limit):
        ids |= dict.fromkeys(part)
        if len(ids) >= limit:
            break
    order = {case_id: place for place, case_id in enumerate(ids)}
    return sorted(found.filter(id__in=list(ids)[: limit * 2]), key=lambda case: order[case.id])[:limit]


def _parts(member: Membership, text: str, limit: int) -> Any:
    """Case ids, best matches first, one search after another until there are enough."""
    cases = open_to(member)
    by_contract = cases.filter(contract_no__gte=text, contract_no__lt=above(text)).order_by("contract_no", "id")
    yield by_contract.values_list("id", flat=True)[:limit]
    if any(c.isdigit() for c in text):
        yield _cases_of(member, _by_phone(text, member.agency.country), limit)
        yield _cases_of(member, _by_national_id(text, member.agency_id), limit)
    words = tokens(text)
    if words:
        yield _cases_of(member, _by_name(words, limit * 3), limit)


def _cases_of(member: Membership, debtor_ids: Collection[int], limit: int) -> list[int]:
    if not debtor_ids:
        return []
    cases = open_to(member)
    own = list(cases.filter(debtor_id__in=debtor_ids).order_by("id").values_list("id", flat=True)[:limit])
    beside = Party.objects.filter(person_id__in=debtor_ids).order_by("id").values_list("case_id", flat=True)[:limit]
    return own + list(cases.filter(id__in=list(beside)).order_by("id").values_list("id", flat=True))


def _by_name(words: list[str], limit: int) -> list[int]:
    """Debtors with a word that starts with each of `words`; the longest word leads, it is the rarest."""
    lead, *others = sorted(words, key=len, reverse=True)
    found = NameToken.objects.filter(token__gte=lead, token__lt=above(lead))
    for word in others:
        also = NameToken.objects.filter(token__gte=word, token__lt=above(word), debtor_id__gt=0)
        found = found.filter(debtor_id__in=also.values("debtor_id"))
    return list(found.order_by("token", "debtor_id").values_list("debtor_id", flat=True)[:limit])


def _by_phone(text: str, country: str) -> list[int]:
    try:
        number = parse(text, country)
    except NumberParseException:
        return []
    if not is_possible_number(number):
        return []
    value = format_number(number, PhoneNumberFormat.E164)
    return list(
        ContactPoint.objects.filter(kind="PHONE", value=value).order_by("id").values_list("debtor_id", flat=True)[:50]
    )


def _by_national_id(text: str, agency_id: int) -> list[int]:
    compact = "".join(c for c in text.upper() if c.isalnum())
    index = national_id_index(compact, agency_id=agency_id)
    return list(Debtor.objects.filter(national_id_index=index).values_list("id", flat=True))


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a case's history: the translated sentence, and the words people added to it."""

    id: int
    kind: str
    group: str
    at: datetime
    actor: str
    sentence: str
    text: str
    data: dict[str, Any]
    pinned: bool = False


def timeline(
    case: Case, *, limit: int = 50, before_id: int | None = None, kinds: Collection[str] | None = None
) -> list[TimelineEntry]:
    """The newest events of a case first. `kinds`: event codes, or their first part ("case", "contact", "ledger")."""
    events = Event.objects.filter(case_id=case.id).select_related("actor").order_by("-id")
    if before_id is not None:
        events = events.filter(id__lt=before_id)
    if kinds:
        events = events.filter(kind__in=[code for code in record.KINDS if code in kinds or code.split(".")[0] in kinds])
    rows = list(events[:limit])
    notes = {note.id: note for note in Note.objects.filter(id__in=_subjects(rows, "case.note_added"))}
    results = {
        result.id: result
        for result in Disposition.objects.select_related("code").filter(
            id__in=_subjects(rows, "case.disposition_recorded")
        )
    }
    return [_entry(event, notes, results) for event in rows]


def _subjects(events: list[Event], kind: str) -> list[int]:
    return [event.subject_id for event in events if event.kind == kind and event.subject_id]


def _entry(event: Event, notes: dict[int, Note], results: dict[int, Disposition]) -> TimelineEntry:
    note = notes.get(event.subject_id or 0) if event.kind == "case.note_added" else None
    result = results.get(event.subject_id or 0) if event.kind == "case.disposition_recorded" else None
    data = dict(event.data)
    if result is not None:
        data["label"] = result.code.label
    return TimelineEntry(
        id=event.id, kind=event.kind, group=event.kind.split(".")[0], at=event.at,
        actor=str(event.actor) if event.actor else "", sentence=_sentence(event.kind, data),
        text=note.text if note else result.note if result else "", data=data, pinned=bool(note and note.pinned),
    )  # fmt: skip


_LABELS: dict[str, dict[str, Any]] = {
    "stage": dict(Stage.choices),
    "from_stage": dict(Stage.choices),
    "reason": dict(Hold.Reason.choices),
    "status": dict(PersonStatus.Code.choices),
    "validity": dict(Validity.choices),
    "kind": dict(ContactPointKind.choices),
    "source": SOURCES,
    "channel": dict(Channel.choices),
}
_MONEY = frozenset({"amount"})
_DAYS = frozenset({"due_on", "received_on", "until"})


def _sentence(kind: str, data: dict[str, Any]) -> str:
    """The kind's sentence in the reader's language; codes become labels, amounts and days are written as people do."""
    known = record.KINDS.get(kind)
    if known is None:
        return kind
    try:
        return str(known.sentence) % {key: _readable(key, value, known.words) for key, value in data.items()}
    except (KeyError, TypeError, ValueError):
        return str(known.sentence)


def _readable(key: str, value: Any, words: Mapping[str, Mapping[str, Any]]) -> Any:
    """`words`: the kind's own words for its codes; they come before those all kinds share."""
    if not isinstance(value, str):
        return value
    if value in words.get(key, {}):
        return str(words[key][value])
    if key in _LABELS:
        return str(_LABELS[key].get(value, value))
    try:
        if key in _MONEY:
            return money(Decimal(value))
        return day(date.fromisoformat(value)) if key in _DAYS or key.endswith("_on") else value
    except (ValueError, ArithmeticError):
        return value


def pinned_notes(case: Case) -> list[Note]:
    return list(Note.objects.filter(case=case, pinned=True).select_related("by").order_by("-id"))
