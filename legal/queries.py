"""Cases in the legal stage, and the decision that brought each of them there, read from history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from agencies.models import Membership
from audit.models import Event
from cases.models import Case, Note, Stage
from cases.queries import visible_to
from cases.transitions import STAGE_CHANGED
from portfolios.models import Creditor, Portfolio

CHUNK = 500


@dataclass(frozen=True)
class Decision:
    """Who moved the case to legal, when, from which stage, and the reason they gave ("" for none, "" for nobody)."""

    at: datetime
    by: str
    from_stage: str
    reason: str


@dataclass(frozen=True)
class LegalCase:
    """One line of the list. `decision` is None when the case was already in legal when its history begins."""

    case: Case
    dpd: int
    decision: Decision | None


def in_legal(
    member: Membership, *, creditor: Creditor | None = None, portfolio: Portfolio | None = None
) -> QuerySet[Case]:
    """Cases in the legal stage that the member may see, the latest arrivals first."""
    cases = visible_to(member).filter(stage=Stage.LEGAL)
    if creditor is not None:
        cases = cases.filter(creditor=creditor)
    if portfolio is not None:
        cases = cases.filter(portfolio=portfolio)
    return cases.select_related("debtor", "creditor", "portfolio").order_by("-stage_since", "-id")


def lines(cases: Sequence[Case], *, as_of: date) -> list[LegalCase]:
    """The cases of a page with their decisions: two queries whatever the number of cases."""
    decisions = decisions_of([case.id for case in cases])
    return [LegalCase(case, case.dpd(as_of), decisions.get(case.id)) for case in cases]


def all_lines(cases: QuerySet[Case], *, as_of: date, limit: int) -> Iterator[LegalCase]:
    """Up to `limit` lines, read in chunks, for an export."""
    for start in range(0, limit, CHUNK):
        chunk = list(cases[start : min(start + CHUNK, limit)])
        yield from lines(chunk, as_of=as_of)
        if len(chunk) < CHUNK:
            return


def decisions_of(case_ids: Iterable[int]) -> dict[int, Decision]:
    """The latest move to legal of each case, by case id."""
    moves = Event.objects.filter(
        case_id__in=list(case_ids), kind=STAGE_CHANGED, data__stage=Stage.LEGAL.value
    ).select_related("actor")
    latest = {event.case_id: event for event in moves.order_by("id")}
    reasons = dict(
        Note.objects.filter(id__in=[e.subject_id for e in latest.values() if e.subject_id]).values_list("id", "text")
    )
    labels = dict(Stage.choices)
    return {
        case_id: Decision(
            at=event.at,
            by=str(event.actor) if event.actor else "",
            from_stage=str(labels.get(event.data.get("from_stage"), "")),
            reason=reasons.get(event.subject_id, ""),
        )
        for case_id, event in latest.items()
    }
