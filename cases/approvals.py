"""Approvals: who must say yes, by when, and what follows. Nothing irreversible happens without the rows written here.

The app that owns what is approved registers its kind once (`register`), asks (`ask`), and is told the answer by its own
functions. Who must answer follows from the kind and the mandate. The database guards the answers (`approval_guard`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases.models import Approval, ApprovalKind, Case
from common.refusals import NotUnderstood, Refused
from portfolios.models import Mandate
from portfolios.visible import creditor_of

Side, State = Approval.Side, Approval.State

ASKED = record.kind(
    "approval.asked",
    gettext_lazy("Approval asked of the %(side)s: %(approval_kind)s."),
    side=Side.choices,
    approval_kind=ApprovalKind.choices,
)
GRANTED = record.kind(
    "approval.granted",
    gettext_lazy("The %(side)s approved: %(approval_kind)s."),
    side=Side.choices,
    approval_kind=ApprovalKind.choices,
)
REFUSED = record.kind(
    "approval.refused",
    gettext_lazy("The %(side)s refused: %(approval_kind)s."),
    side=Side.choices,
    approval_kind=ApprovalKind.choices,
)
WITHDRAWN = record.kind(
    "approval.withdrawn",
    gettext_lazy("Approval no longer asked: %(approval_kind)s."),
    approval_kind=ApprovalKind.choices,
)

ALWAYS: Mapping[str, tuple[Approval.Side, ...]] = {
    ApprovalKind.BOOT: (Side.CREDITOR,),
    ApprovalKind.COMPLAINT: (Side.COORDINATOR, Side.CREDITOR),
    ApprovalKind.PLAN_FORMAT: (Side.CREDITOR,),
    ApprovalKind.PROMISE: (Side.COORDINATOR,),
    ApprovalKind.PLAN: (Side.COORDINATOR,),
    ApprovalKind.DISCOUNT: (Side.COORDINATOR,),
    ApprovalKind.WAIVER: (Side.COORDINATOR,),
    ApprovalKind.LAWSUIT: (Side.COORDINATOR,),
    ApprovalKind.SALE: (Side.CREDITOR,),
}
"""Who answers whatever the mandate says; a mandate adds the creditor by naming the kind in `approvals`."""


class ApprovalMissing(Refused):
    """It may not happen before everybody who is asked has said yes."""


class AlreadyDecided(Refused):
    """The request was decided or withdrawn before."""


class SecondPersonNeeded(Refused):
    """Whoever asked does not decide."""

    status = 403


class NotYours(Refused):
    """Another side, or another creditor, decides."""

    status = 403


class SayWhy(NotUnderstood):
    """A refusal carries its reason."""

    field = "note"


@dataclass(frozen=True)
class Fact:
    """One line put before the decider: a label and a value already formatted."""

    label: str
    value: str


@dataclass(frozen=True)
class Kind:
    """What an app brings for its kind of approval.

    `granted` runs in the transaction of the last yes, `refused` in that of the first no; both get the approval, the
    decider and the moment. `shown` gives the lines people see, from `approval.facts` or the subject itself.
    """

    code: ApprovalKind
    granted: Callable[[Approval, Membership, datetime], None]
    refused: Callable[[Approval, Membership, datetime], None]
    shown: Callable[[Approval], list[Fact]]
    days: int = 3
    """Calendar days to answer."""
    refusal_says_why: bool = True
    closed: Callable[[Sequence[int], datetime], None] | None = None
    """Gets the subjects that waited when their cases were closed: nobody is asked about them any more. None: the
    request goes on waiting."""


def ends_elsewhere(_subject_ids: Sequence[int], _now: datetime) -> None:
    """For kinds whose subjects end with their case whether they wait or not: `cases.closing` sees to them."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.code] = kind


def kind_of(approval: Approval) -> Kind:
    return _kinds[approval.kind]


def sides_of(kind: ApprovalKind | str, mandate: Mandate) -> tuple[Approval.Side, ...]:
    """Who must say yes: those who always do, and the creditor where the mandate names the kind."""
    always = ALWAYS[ApprovalKind(kind)]
    return always if Side.CREDITOR in always or kind not in mandate.approvals else (*always, Side.CREDITOR)


def ask(
    kind: ApprovalKind,
    subject_id: int,
    *,
    mandate: Mandate,
    case: Case | None,
    by: Actor,
    now: datetime,
    facts: Mapping[str, Any],
    sides: tuple[Approval.Side, ...] | None = None,
) -> list[Approval]:
    """Put something before everybody who must agree. `sides` replaces the rule where another kind's holds.

    Asking twice for the same subject is refused by the database.
    """
    registered = _kinds[kind]
    asked = []
    with transaction.atomic():
        for side in sides_of(kind, mandate) if sides is None else sides:
            approval: Approval = Approval.objects.create(
                kind=kind, subject_id=subject_id, case=case, creditor_id=mandate.creditor_id, side=side,
                facts=dict(facts), asked_by=user_of(by), asked_at=now, due_at=now + timedelta(days=registered.days),
            )  # fmt: skip
            _tell(ASKED, approval, by=by, now=now)
            asked.append(approval)
    return asked


def decide(approval: Approval, *, grant: bool, by: Membership, now: datetime, note: str = "") -> Approval:
    """One side's yes or no. The last yes lets it happen; the first no ends it and withdraws what still waits.

    Raises:
        NotYours: `by` decides for the other side, or for another creditor.
        SecondPersonNeeded: `by` asked for it.
        SayWhy: a no without its reason.
        AlreadyDecided: it no longer waits.
    """
    _check_decider(approval, by)
    if not grant and _kinds[approval.kind].refusal_says_why and not note.strip():
        raise SayWhy(_("Say in a few words why you refuse."))
    with transaction.atomic():
        together = list(
            Approval.objects.select_for_update()
            .filter(kind=approval.kind, subject_id=approval.subject_id)
            .exclude(state=State.WITHDRAWN)
            .order_by("id")
        )
        mine = next((one for one in together if one.id == approval.id), None)
        if mine is None or mine.state != State.WAITING:
            raise AlreadyDecided(_("This was already decided."))
        mine.state, mine.decided_by, mine.decided_at = State.GRANTED if grant else State.REFUSED, by.user, now
        mine.note = note.strip()[:240]
        mine.save(update_fields=["state", "decided_by", "decided_at", "note"])
        _tell(GRANTED if grant else REFUSED, mine, by=by, now=now)
        if not grant:
            Approval.objects.filter(
                kind=approval.kind, subject_id=approval.subject_id, state=State.WAITING
            ).update(state=State.WITHDRAWN)  # fmt: skip
            _kinds[mine.kind].refused(mine, by, now)
        elif all(one.state == State.GRANTED for one in together):
            _kinds[mine.kind].granted(mine, by, now)
    return mine


def withdraw(kind: ApprovalKind, subject_id: int, *, by: Actor, now: datetime) -> int:
    """Ask no longer: what waits is withdrawn. Returns how many answers were still open."""
    with transaction.atomic():
        waiting = list(
            Approval.objects.select_for_update().filter(kind=kind, subject_id=subject_id, state=State.WAITING)
        )
        for approval in waiting:
            approval.state = State.WITHDRAWN
            approval.save(update_fields=["state"])
        if waiting:
            _tell(WITHDRAWN, waiting[0], by=by, now=now)
    return len(waiting)


def lapse(case_ids: Sequence[int], *, by: Actor, now: datetime) -> int:
    """Ask no longer about cases that were closed, for the kinds that end with their case. Returns how many waited."""
    ending = [kind.code for kind in _kinds.values() if kind.closed is not None]
    waiting = list(
        Approval.objects.select_for_update(of=("self",))
        .filter(case_id__in=list(case_ids), state=State.WAITING, kind__in=ending)
        .order_by("id")
    )
    if not waiting:
        return 0
    with transaction.atomic():
        Approval.objects.filter(id__in=[one.id for one in waiting]).update(state=State.WITHDRAWN)
        record.record_many(
            WITHDRAWN, [(one.case_id, {"side": one.side, "approval_kind": one.kind}) for one in waiting],
            by=user_of(by), at=now,
        )  # fmt: skip
        for code in dict.fromkeys(one.kind for one in waiting):
            end = _kinds[code].closed
            if end is not None:
                end(sorted({one.subject_id for one in waiting if one.kind == code}), now)
    return len(waiting)


def were_answered(kind: ApprovalKind, subject_id: int) -> bool:
    """Whether anybody said yes or no: then the same subject cannot be asked for again."""
    found = Approval.objects.filter(kind=kind, subject_id=subject_id)
    return bool(found.exclude(state__in=(State.WAITING, State.WITHDRAWN)).exists())


def is_granted(kind: ApprovalKind, subject_id: int) -> bool:
    """Whether everybody who was asked said yes, and somebody was asked."""
    states = set(Approval.objects.filter(kind=kind, subject_id=subject_id).values_list("state", flat=True))
    return states == {State.GRANTED}


def check(kind: ApprovalKind, subject_id: int) -> None:
    """Let irreversible things pass only when they are approved.

    Raises:
        ApprovalMissing
    """
    if not is_granted(kind, subject_id):
        raise ApprovalMissing(_("This must be approved first: %(what)s.") % {"what": ApprovalKind(kind).label})


def side_of(member: Membership) -> Approval.Side | None:
    """For which side a member answers; None when for none."""
    if member.may(Permission.CREDITOR_APPROVE):
        return Side.CREDITOR
    return Side.COORDINATOR if member.may(Permission.APPROVALS_DECIDE) else None


def visible_to(member: Membership) -> Any:
    """Every approval of the member's side: a coordinator sees their team's cases and those of no team, a creditor's
    user those of their creditor."""
    side = side_of(member)
    rows = Approval.objects.select_related("case__debtor", "creditor", "asked_by", "decided_by")
    if side == Side.CREDITOR:
        return rows.filter(side=side, creditor_id=creditor_of(member) or 0)
    if side == Side.COORDINATOR:
        rows = rows.filter(side=side)
        if member.role == "COORDINATOR" and member.team_id is not None:
            rows = rows.filter(Q(case__team_id=member.team_id) | Q(case__team=None))
        return rows
    return rows.none()


def inbox(member: Membership) -> Any:
    """What waits for this member, the most urgent first."""
    return visible_to(member).filter(state=State.WAITING).order_by("due_at", "id")


def of_case(case: Case) -> Any:
    return Approval.objects.filter(case=case).select_related("asked_by", "decided_by").order_by("-id")


def _check_decider(approval: Approval, by: Membership) -> None:
    side = side_of(by)
    if side != approval.side or (side == Side.CREDITOR and creditor_of(by) != approval.creditor_id):
        raise NotYours(_("This is decided by somebody else."))
    if approval.asked_by_id == by.user_id:
        raise SecondPersonNeeded(_("Somebody else must decide on what you asked for."))


def _tell(kind: str, approval: Approval, *, by: Actor, now: datetime) -> None:
    record.record(
        kind, by=user_of(by), case_id=approval.case_id, subject_id=approval.id, at=now, side=approval.side,
        approval_kind=approval.kind,
    )  # fmt: skip
