"""What the evaluator must know about cases and their people, collected for one case or for thousands alike.

A dozen statements per set, whatever its size. `CaseFacts` is plain data: the pure step from facts to the evaluator's
question is `contacts.questions`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min, Q
from django.db.models.expressions import RawSQL

from agencies.models import Agency
from agencies.scope import current_agency_id
from cases.models import Case, Hold, Party
from contacts.arrays import numbers
from contacts.house import rules_of, text_of
from contacts.models import Contact, Permit
from debtors.models import Consent, ContactPoint, Debtor, OptOut, PersonStatus
from jurisdictions import intent as law
from jurisdictions.model import Rule

HISTORY_DAYS = 35
"""How far back contacts are counted; the longest count in the packs is 30 days."""

NOT_PLACED = "NOT_PLACED"
"""Outcome of a contact the carrier never took, or a call that was not dialled: it counts for nothing."""

HOLD_STATUS = {
    Hold.Reason.DISPUTE: "dispute_open",
    Hold.Reason.FRAUD: "fraud_claim",
    Hold.Reason.CLAIMS_PAID: "claims_paid",
    Hold.Reason.HARDSHIP: "vulnerable_hold",
    Hold.Reason.INSOLVENCY: "insolvency_open",
    Hold.Reason.DECEASED: "deceased",
    Hold.Reason.REPRESENTED: "represented",
    Hold.Reason.CEASE_REQUEST: "cease_request",
    Hold.Reason.CREDITOR: "creditor_hold",
}
"""A hold on the case -> the packs' (or the agency's own) status."""

_CLOSED_AS = {"PAID": "paid", "SETTLED": "settled", "RECALLED": "recalled"}
_DEBT_WORDS = {
    "CONSUMER_CREDIT": ("consumer_credit",),
    "MORTGAGE": ("consumer_credit", "mortgage"),
    "CAR_LEASE": ("consumer_credit", "car_lease"),
    "TELECOM": ("telecom",),
    "UTILITY": ("utility",),
    "TRADE": ("trade",),
    "OTHER": ("other",),
}
_CREDIT = frozenset({"CONSUMER_CREDIT", "MORTGAGE", "CAR_LEASE"})
_NOTICES = {"FIRST_NOTICE": "first_notice", "ASSIGNMENT_NOTICE": "assignment_notice"}
_WEEKDAYS = {day: number for number, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_PERMIT_EVENT = {"CALL": "call_attempt"}


@dataclass(frozen=True, slots=True)
class Point:
    """One way to reach a person."""

    id: int
    debtor_id: int
    kind: str
    owner_role: str
    place: str
    value: str
    validity: str
    verified: bool
    time_zone: str
    last_answered_at: datetime | None


@dataclass(slots=True)
class Person:
    """A debtor or party, and what limits contact with them on all their cases."""

    id: int
    name: str
    country: str
    region: str
    time_zone: str
    language: str
    preferences: tuple[law.Preference, ...]
    residence_verified: bool = False
    statuses: tuple[str, ...] = ()
    opt_outs: list[tuple[str, int | None]] = field(default_factory=list)
    consents: tuple[law.Consent, ...] = ()
    history: list[law.Event] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PartyLink:
    person_id: int
    role: str
    in_force: bool


@dataclass(slots=True)
class CaseFacts:
    """One case as the gate sees it at one moment. `people` is shared between the cases of a set."""

    id: int
    debtor_id: int
    law: str
    debt: tuple[str, ...]
    dpd: int
    currency: str
    rules: tuple[Rule, ...]
    flags: tuple[str, ...]
    loosened: tuple[str, ...]
    holidays: tuple[Any, ...]
    holds: tuple[str, ...]
    notices: tuple[str, ...]
    contacted: bool
    parties: tuple[PartyLink, ...]
    people: Mapping[int, Person]

    @property
    def debtor(self) -> Person:
        return self.people[self.debtor_id]


def collect(case_ids: Iterable[int], *, now: datetime, parties: bool = True) -> dict[int, CaseFacts]:
    """Facts of the cases of the agency in scope, by case id; cases that do not exist are left out.

    `parties` False leaves out the other people on the cases, for campaigns, which write to debtors alone.
    """
    agency = Agency.objects.get(id=current_agency_id())
    ids = list(case_ids)
    cases = list(_cases(ids))
    links = _parties(ids, today=_today(agency, now)) if parties else {}
    person_ids = {row["debtor_id"] for row in cases} | {one.person_id for found in links.values() for one in found}
    people = _people(sorted(person_ids), now=now)
    before = _earlier(ids)
    holds = _holds(ids, today=_today(agency, now))
    standing = _Standing.of(agency, now)
    return {row["id"]: _case(row, standing, links, people, holds, before.get(row["id"], _NOTHING)) for row in cases}


def among(ids: list[int]) -> RawSQL:
    """For `…__in=among(ids)`: one array instead of thousands of parameters, which would cost more than the query."""
    return RawSQL("SELECT unnest(%s::bigint[])", [numbers(ids)])


def _today(agency: Agency, now: datetime) -> date:
    return now.astimezone(ZoneInfo(agency.time_zone)).date()


@dataclass(frozen=True, slots=True)
class _Standing:
    """What holds for every case of the agency."""

    today: date
    counted_from: datetime
    tighten: str
    flags: tuple[str, ...]
    loosened: tuple[str, ...]
    holidays: tuple[law.HolidayOverride, ...]

    @classmethod
    def of(cls, agency: Agency, now: datetime) -> "_Standing":
        profile = agency.contact_profile or {}
        days = profile.get("holidays", {})
        return cls(
            today=_today(agency, now),
            counted_from=now - timedelta(days=HISTORY_DAYS),
            tighten=text_of(profile),
            flags=tuple(profile.get("flags", ())),
            loosened=tuple(profile.get("loosened", ())),
            holidays=tuple(
                law.HolidayOverride(date.fromisoformat(day), str(agency.name), country)
                for country in sorted(days)
                for day in days[country]
            ),
        )


def _cases(ids: list[int]) -> Any:
    return Case.objects.filter(id__in=among(ids)).values(
        "id", "debtor_id", "jurisdiction", "debt_kind", "ownership", "balance", "oldest_due_on", "currency",
        "close_reason", "stage", "assignment_notice_on", "mandate__allowed_channels", "mandate__ends_on",
        "mandate__assignment_notice_required",
    )  # fmt: skip


def _parties(ids: list[int], *, today: date) -> dict[int, list[PartyLink]]:
    found: dict[int, list[PartyLink]] = defaultdict(list)
    rows = Party.objects.filter(case_id__in=among(ids)).order_by("case_id", "id")
    for case_id, person_id, role, until in rows.values_list("case_id", "person_id", "role", "valid_until"):
        found[case_id].append(PartyLink(person_id, role, until is None or until >= today))
    return found


def _holds(ids: list[int], *, today: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    in_force = Q(until=None) | Q(until__gte=today)
    rows = Hold.objects.filter(in_force, case_id__in=among(ids), lifted_at=None, since__lte=today).order_by(
        "case_id", "id"
    )
    for case_id, reason in rows.values_list("case_id", "reason"):
        found[case_id].append(HOLD_STATUS[reason])
    return found


@dataclass(slots=True)
class _Earlier:
    """What was ever sent or said on one case: notices with their first day, and the first communication."""

    contacted: bool = False
    notices: dict[str, datetime] = field(default_factory=dict)
    first: datetime | None = None


_NOTHING = _Earlier()


def _earlier(ids: list[int]) -> dict[int, _Earlier]:
    found: dict[int, _Earlier] = defaultdict(_Earlier)
    rows = (
        Contact.objects.filter(case_id__in=among(ids), direction="OUT")
        .exclude(outcome=NOT_PLACED)
        .values("case_id", "kind", "message_kind")
        .annotate(first=Min("at"))
        .order_by()
    )
    for row in rows:
        one = found[row["case_id"]]
        one.contacted = True
        if row["message_kind"] in _NOTICES:
            word = _NOTICES[row["message_kind"]]
            one.notices[word] = min(row["first"], one.notices.get(word, row["first"]))
        if row["kind"] != Contact.Kind.CALL_ATTEMPT:
            one.first = min(row["first"], one.first or row["first"])
    return found


def _people(ids: list[int], *, now: datetime) -> dict[int, Person]:
    people = {
        row[0]: Person(*row[:6], preferences=_preferences(row[6]))  # type: ignore[misc]
        for row in Debtor.objects.filter(id__in=among(ids)).values_list(
            "id", "name", "country", "region", "time_zone", "language", "preference"
        )
    }
    statuses: dict[int, list[str]] = defaultdict(list)
    for person_id, code in PersonStatus.objects.filter(debtor_id__in=among(ids), ended_at=None).values_list(
        "debtor_id", "code"
    ):
        statuses[person_id].append(code.lower())
    for person_id, codes in statuses.items():
        people[person_id].statuses = tuple(sorted(codes))
    _points(people, ids)
    rows = OptOut.objects.filter(debtor_id__in=among(ids), withdrawn_at=None, at__lte=now).order_by("id")
    for person_id, channel, point_id in rows.values_list("debtor_id", "channel", "contact_point_id"):
        people[person_id].opt_outs.append((channel.lower(), point_id))
    given: dict[int, list[law.Consent]] = defaultdict(list)
    rows = Consent.objects.filter(debtor_id__in=among(ids), withdrawn_at=None).order_by("id")
    for person_id, kind, at in rows.values_list("debtor_id", "kind", "given_at"):
        given[person_id].append(law.Consent(kind, at))
    for person_id, consents in given.items():
        people[person_id].consents = tuple(consents)
    _history(people, ids, now=now)
    return people


def _points(people: dict[int, Person], ids: list[int]) -> None:
    rows = ContactPoint.objects.filter(debtor_id__in=among(ids)).order_by("debtor_id", "id")
    for row in rows.values_list(
        "id", "debtor_id", "kind", "owner_role", "place", "value", "validity", "verified_at", "time_zone",
        "last_answered_at",
    ):  # fmt: skip
        point = Point(*row[:7], row[7] is not None, *row[8:])  # type: ignore[call-arg]
        person = people[point.debtor_id]
        person.points.append(point)
        if point.kind == "ADDRESS" and point.verified:
            person.residence_verified = True


def _history(people: dict[int, Person], ids: list[int], *, now: datetime) -> None:
    """Contacts of the person on all their cases, and permits given but not yet used: a reservation counts at once."""
    since = now - timedelta(days=HISTORY_DAYS)
    rows = (
        Contact.objects.filter(
            Q(direction="OUT") | Q(kind=Contact.Kind.CONVERSATION), debtor_id__in=among(ids), at__gte=since
        )
        .exclude(outcome=NOT_PLACED)
        .order_by("debtor_id", "at", "id")
    )
    for person_id, kind, at, case_id, point_id in rows.values_list(
        "debtor_id", "kind", "at", "case_id", "contact_point_id"
    ):
        people[person_id].history.append(law.Event(kind.lower(), at, str(case_id), _text(point_id)))
    permits = Permit.objects.filter(debtor_id__in=among(ids), used_at=None, expires_at__gt=now).order_by(
        "debtor_id", "id"
    )
    for person_id, channel, at, case_id, point_id in permits.values_list(
        "debtor_id", "channel", "granted_at", "case_id", "contact_point_id"
    ):
        kind = _PERMIT_EVENT.get(channel, channel.lower())
        people[person_id].history.append(law.Event(kind, at, str(case_id), _text(point_id)))


def _text(point_id: int | None) -> str | None:
    return None if point_id is None else str(point_id)


def _preferences(raw: Any) -> tuple[law.Preference, ...]:
    """{"mon": ["18:00", "20:00"]} -> the evaluator's wishes."""
    if not raw:
        return ()
    return tuple(
        law.Preference(time.fromisoformat(opens), time.fromisoformat(closes), weekdays=(_WEEKDAYS[day],))
        for day, (opens, closes) in sorted(raw.items())
    )


def _debt(row: Mapping[str, Any], today: date) -> tuple[str, ...]:
    words = list(_DEBT_WORDS[row["debt_kind"]])
    if row["ownership"] == "PURCHASED" and row["debt_kind"] in _CREDIT:
        words += ["bank_npl_purchased", "consumer_credit_assigned"]
    elif row["ownership"] == "CEDED" and row["debt_kind"] in _CREDIT:
        words.append("consumer_credit_assigned")
    if row["stage"] == "CLOSED":
        words.append(_CLOSED_AS.get(row["close_reason"], "closed"))
    elif row["balance"] <= 0:
        words.append("paid")
    if row["mandate__ends_on"] is not None and row["mandate__ends_on"] < today:
        words.append("recalled")
    return tuple(words)


def _case(
    row: Mapping[str, Any],
    standing: _Standing,
    links: Mapping[int, list[PartyLink]],
    people: Mapping[int, Person],
    holds: Mapping[int, list[str]],
    before: _Earlier,
) -> CaseFacts:
    notices = dict(before.notices)
    if row["assignment_notice_on"] is not None:
        given = datetime.combine(row["assignment_notice_on"], time(12), tzinfo=UTC)
        notices["assignment_notice"] = min(given, notices.get("assignment_notice", given))
    debtor = people[row["debtor_id"]]
    debt_id = str(row["id"])
    if "assignment_notice" in notices:
        debtor.history.append(law.Event("notice_received", notices["assignment_notice"], debt_id))
    if before.first is not None and before.first < standing.counted_from:
        debtor.history.append(law.Event("letter", before.first, debt_id))
    due = row["oldest_due_on"]
    return CaseFacts(
        id=row["id"],
        debtor_id=row["debtor_id"],
        law=row["jurisdiction"],
        debt=_debt(row, standing.today),
        dpd=max((standing.today - due).days, 0) if due else 0,
        currency=row["currency"],
        rules=rules_of(
            allowed_channels=tuple(row["mandate__allowed_channels"]),
            assignment_notice_required=row["mandate__assignment_notice_required"],
            tighten=standing.tighten,
        ),
        flags=standing.flags,
        loosened=standing.loosened,
        holidays=standing.holidays,
        holds=tuple(holds.get(row["id"], ())),
        notices=tuple(sorted(notices)),
        contacted=before.contacted,
        parties=tuple(links.get(row["id"], ())),
        people=people,
    )
