"""What a field collector has to visit, and what is known of each case before the trip (S004-29)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from agencies.models import Membership
from agencies.roles import Coordinator, FieldCollector
from cases.models import Case, Disposition, Note, Party, Promise, Stage
from cases.queries import visible_to
from debtors.models import USABLE, ContactPoint, ContactPointKind, OwnerRole
from field.models import VisitOrder
from ledger.models import Payment

MONTH_DAYS = 30
EARLIER_ACTIONS = 12


def to_visit(member: Membership) -> QuerySet[Case]:
    """Cases in the stage Field: a field collector's own, a coordinator's team's, otherwise all the member may see."""
    cases = visible_to(member).filter(stage=Stage.FIELD)
    if member.role == FieldCollector.code:
        return cases.filter(collector=member)
    if member.role == Coordinator.code and member.team_id is not None:
        return cases.filter(team=member.team_id)
    return cases


def to_prepare(member: Membership) -> QuerySet[Case]:
    """Cases whose visit a member prepares: those of `to_visit`, and those with an open trip in any stage.

    Broken promises, the mandate or a person may order a visit before the case enters field, and whoever drives need
    not be the collector of the case.
    """
    trips = VisitOrder.objects.filter(state=VisitOrder.State.OPEN)
    if member.role == FieldCollector.code:
        trips = trips.filter(Q(collector=member) | Q(collector=None, case__collector=member))
    elif member.role == Coordinator.code and member.team_id is not None:
        trips = trips.filter(Q(case__team_id=member.team_id) | Q(case__team=None))
    cases: QuerySet[Case] = Case.objects.filter(
        Q(id__in=to_visit(member).values("id")) | Q(id__in=trips.values("case_id"))
    )
    return cases


@dataclass(frozen=True)
class Collector:
    """A person with cases to visit; `membership_id` is None for cases nobody was given."""

    membership_id: int | None
    name: str
    cases: int


def collectors_of(cases: QuerySet[Case]) -> list[Collector]:
    """Who has how many of `cases`, by name; unassigned ones last."""
    rows = cases.order_by().values("collector_id", "collector__user__full_name").annotate(cases=Count("id"))
    found = [Collector(row["collector_id"], row["collector__user__full_name"] or "", row["cases"]) for row in rows]
    return sorted(found, key=lambda one: (one.membership_id is None, one.name, one.membership_id or 0))


@dataclass(frozen=True)
class Person:
    """Somebody on the case: `role` is "" for the debtor."""

    person_id: int
    name: str
    role: str = ""
    points: list[ContactPoint] = field(default_factory=list)


@dataclass(frozen=True)
class VisitCard:
    """One case as it is read on the way: where to go, how much, what was agreed, what was paid."""

    case: Case
    dpd: int
    addresses: list[ContactPoint]
    phones: list[ContactPoint]
    promise: Promise | None
    paid_last_month: Decimal


def cards(cases: Sequence[Case], *, as_of: date) -> list[VisitCard]:
    """The cards of a page of cases, in their order: three queries whatever the number of cases."""
    points = _points_of([case.debtor_id for case in cases], Q(validity__in=USABLE))
    promises = {promise.case_id: promise for promise in _open_promises(cases)}
    paid = paid_last_month(cases, as_of=as_of)
    return [
        VisitCard(
            case=case,
            dpd=case.dpd(as_of),
            addresses=[p for p in points[case.debtor_id] if p.kind == ContactPointKind.ADDRESS],
            phones=[
                p
                for p in points[case.debtor_id]
                if p.kind == ContactPointKind.PHONE and p.owner_role == OwnerRole.HOLDER
            ],
            promise=promises.get(case.id),
            paid_last_month=paid.get(case.account_id, Decimal(0)),
        )
        for case in cases
    ]


@dataclass(frozen=True)
class Sheet:
    """All that is looked up before a visit, to be printed and taken along (S004-29, S004-30, S003-14)."""

    case: Case
    dpd: int
    holder: Person
    parties: list[Person]
    promises: list[Promise]
    payments: list[Payment]
    paid_last_month: Decimal
    dispositions: list[Disposition]
    notes: list[Note]


def sheet(case: Case, *, as_of: date) -> Sheet:
    """Gather the sheet of one case: its people with every way to reach them, agreements, payments, earlier actions."""
    parties = list(Party.objects.filter(case=case).select_related("person").order_by("id"))
    points = _points_of([case.debtor_id, *(party.person_id for party in parties)], Q())
    month = list(_payments_last_month([case], as_of).order_by("-received_on", "-id"))
    return Sheet(
        case=case,
        dpd=case.dpd(as_of),
        holder=Person(case.debtor_id, case.debtor.name, points=points[case.debtor_id]),
        parties=[
            Person(p.person_id, p.person.name, role=str(p.get_role_display()), points=points[p.person_id])
            for p in parties
        ],
        promises=list(Promise.objects.filter(case=case).order_by("-id")[:EARLIER_ACTIONS]),
        payments=month,
        paid_last_month=sum((payment.amount for payment in month), Decimal(0)),
        dispositions=list(
            Disposition.objects.filter(case=case, undone_at=None)
            .select_related("code", "by")
            .order_by("-id")[:EARLIER_ACTIONS]
        ),
        notes=list(Note.objects.filter(case=case).select_related("by").order_by("-pinned", "-id")[:EARLIER_ACTIONS]),
    )


def paid_last_month(cases: Iterable[Case], *, as_of: date) -> dict[int, Decimal]:
    """What was received in the last 30 days by account id, reversed payments left out."""
    rows = _payments_last_month(cases, as_of).order_by().values("account_id").annotate(total=Sum("amount"))
    return {row["account_id"]: row["total"] for row in rows}


def _payments_last_month(cases: Iterable[Case], as_of: date) -> QuerySet[Payment]:
    payments: QuerySet[Payment] = Payment.objects.filter(
        account_id__in=[case.account_id for case in cases],
        received_on__gt=as_of - timedelta(days=MONTH_DAYS),
        received_on__lte=as_of,
        reversed_at=None,
    )
    return payments


def _open_promises(cases: Sequence[Case]) -> QuerySet[Promise]:
    promises: QuerySet[Promise] = Promise.objects.filter(
        case_id__in=[case.id for case in cases], state=Promise.State.ACTIVE
    )
    return promises


def _points_of(debtor_ids: Iterable[int], which: Q) -> dict[int, list[ContactPoint]]:
    """Contact points by person, verified ones first within a kind."""
    found: dict[int, list[ContactPoint]] = defaultdict(list)
    points = ContactPoint.objects.filter(which, debtor_id__in=list(debtor_ids)).exclude(kind=ContactPointKind.ACCOUNT)
    for point in sorted(points, key=lambda p: (p.kind, p.verified_at is None, p.id)):
        found[point.debtor_id].append(point)
    return found
