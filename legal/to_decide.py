"""What waits for legal: drafts, decisions approved and not handed over, broken plans whose letter changed nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, TextChoices, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from cases.models import Case, Plan, Stage
from cases.queries import visible_to
from contacts.models import Message
from contacts.plan_letters import DAYS
from legal.models import Handoff, LawsuitDecision

State = LawsuitDecision.State
ON_ITS_WAY = (Message.State.PENDING, Message.State.SENDING, Message.State.DECIDE)


class Waits(TextChoices):
    """Why a case is in the list, the nearest to the court first."""

    APPROVED = "APPROVED", _("Approved and not handed over")
    DRAFT = "DRAFT", _("Drafts")
    PLAN = "PLAN", _("Broken plans")


NEXT = {
    Waits.APPROVED: _("Hand over to a law firm"),
    Waits.DRAFT: _("Complete the draft"),
    Waits.PLAN: _("Prepare going to court"),
}


@dataclass(frozen=True)
class Row:
    case: Case
    waits: Waits
    decision: LawsuitDecision | None
    next: Any


def found(member: Membership, *, as_of: date) -> dict[int, Waits]:
    """Why each case waits, by case id: three queries over the few rows of decisions and plans."""
    cases = visible_to(member).exclude(stage=Stage.CLOSED)
    drafts = LawsuitDecision.objects.filter(state=State.DRAFT)
    under_way = LawsuitDecision.objects.filter(state__in=[State.DRAFT, State.WAITING])
    reasons: dict[int, Waits] = {}
    for waits, rows in (
        (Waits.APPROVED, _approved()),
        (Waits.DRAFT, drafts),
        (Waits.PLAN, _broken_plans(as_of).exclude(case__in=under_way.values("case"))),
    ):
        for case_id in rows.filter(case__in=cases.values("id")).values_list("case_id", flat=True):
            reasons.setdefault(case_id, waits)
    return reasons


def _approved() -> QuerySet[LawsuitDecision]:
    """Decisions by which a case may be handed over now and that no firm has or has done."""
    taken = Handoff.objects.filter(decision=OuterRef("id")).exclude(state=Handoff.State.RECALLED)
    rows: QuerySet[LawsuitDecision] = LawsuitDecision.objects.filter(
        ~Exists(taken), state=State.APPROVED, case__court_decision_id=F("id")
    )
    return rows


def _broken_plans(as_of: date) -> QuerySet[Plan]:
    """Broken plans whose letter left, or for which none is sent any more, and nobody decided yet."""
    letter = Message.objects.filter(dedupe_key=OuterRef("key"))
    keyed = Plan.objects.annotate(key=Concat(Value("plan-broken:"), Cast("id", CharField())))
    rows: QuerySet[Plan] = keyed.filter(
        Q(Exists(letter)) | Q(ended_on__lt=as_of - timedelta(days=DAYS)),
        ~Exists(letter.filter(state__in=ON_ITS_WAY)),
        state=Plan.State.BROKEN, case__plan_broken=True, case__court_decision_id=None,
    ).exclude(case__stage=Stage.LEGAL)  # fmt: skip
    return rows


def counted(reasons: dict[int, Waits]) -> list[tuple[str, str, int]]:
    numbers = Counter(reasons.values())
    return [(one.value, str(one.label), numbers[one]) for one in Waits]


def cases_of(reasons: dict[int, Waits], chosen: str) -> QuerySet[Case]:
    """The cases of one reason, or of all; those that are longest past due first."""
    ids = [case_id for case_id, waits in reasons.items() if chosen in ("", waits.value)]
    rows: QuerySet[Case] = Case.objects.filter(id__in=ids).select_related("debtor", "creditor")
    return rows.order_by(F("oldest_due_on").asc(nulls_last=True), "id")


def rows(cases: list[Case], reasons: dict[int, Waits]) -> list[Row]:
    """The cases of a page, each with what is next and the decision it is about: one query."""
    live = LawsuitDecision.objects.filter(case__in=cases, state__in=[State.DRAFT, State.APPROVED]).order_by("id")
    decisions = {one.case_id: one for one in live}
    return [Row(case, reasons[case.id], decisions.get(case.id), NEXT[reasons[case.id]]) for case in cases]
