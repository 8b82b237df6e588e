"""Proceedings of a handoff: opened from the country's rules, reported step by step, each day counted from the last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases.deed_law import law_of
from cases.models import Document, Stage
from cases.next_actions import local_day
from common.refusals import NotUnderstood, Refused
from legal import proceeding_rules
from legal.handoffs import check_follower, check_worker
from legal.models import Handoff, Proceeding, ProceedingStep
from legal.proceeding_rules import Kind, Step
from legal.proceeding_words import KINDS, STEPS
from legal.step_days import count_anew
from legal.step_order import check_order
from legal.stopping import check_going

OPENED = record.kind(
    "legal.proceeding_opened", gettext_lazy("A proceeding was opened: %(proceeding)s."), proceeding=KINDS.items()
)
REPORTED = record.kind(
    "legal.step_reported", gettext_lazy("Step reported: %(step)s, on %(done_on)s."), step=STEPS.items()
)
DUE_SET = record.kind(
    "legal.step_due", gettext_lazy("The court set a day for “%(step)s”: %(due_on)s."), step=STEPS.items()
)
ENDED = record.kind(
    "legal.proceeding_ended", gettext_lazy("A proceeding ended: %(outcome)s."), outcome=Proceeding.State.choices
)
SOON_DAYS = 7
"""So many days ahead a step is shown as due soon."""


class StepDone(Refused):
    """The step was reported before, or the proceeding has ended."""


class DayToCome(NotUnderstood):
    """What is reported has happened."""

    field = "done_on"


@dataclass(frozen=True)
class Shown:
    """One step as people read it. `alarm`: OVERDUE, SOON, or "" for neither."""

    step: ProceedingStep
    rule: Step
    label: str
    alarm: str


def kinds_for(handoff: Handoff) -> list[Kind]:
    """The proceedings that the country of the case knows; of a notarial deed only those that it opens by itself."""
    kinds = proceeding_rules.kinds_of(_country(handoff))
    if handoff.decision.deed_id is None:
        return kinds
    law = law_of(handoff.case.jurisdiction)
    opens = law.opens if law else ()
    return [kind for kind in kinds if kind.code in opens]


def _country(handoff: Handoff) -> str:
    country: str = handoff.case.jurisdiction.partition("-")[0]
    return country


def open_proceeding(
    handoff: Handoff, *, kind: str, opened_on: date, by: Membership, now: datetime, court: str = "", file_no: str = ""
) -> Proceeding:
    """Open a proceeding with all its steps; the first ones have no day, the others get theirs as steps are reported.

    Raises:
        NotUnderstood: the country does not know this kind, the deed does not open it, or the day has not come.
        legal.handoffs refusals: not theirs, not now, stopped.
    """
    rules = proceeding_rules.kind_of(_country(handoff), kind)
    if rules is None:
        raise NotUnderstood(_("There is no such proceeding in this country."), field="kind")
    if rules not in kinds_for(handoff):
        raise NotUnderstood(_("A notarial deed is enforced directly: no lawsuit is brought for it."), field="kind")
    with transaction.atomic():
        fresh = _handoff(handoff)
        check_worker(fresh, by)
        check_going(fresh, done_on=opened_on)
        if opened_on > local_day(fresh.case.agency, now):
            raise NotUnderstood(_("This day has not come yet."), field="opened_on")
        proceeding: Proceeding = Proceeding.objects.create(
            case=fresh.case, handoff=fresh, country=_country(fresh), kind=kind, court=court.strip()[:160],
            file_no=file_no.strip()[:60], opened_on=opened_on, opened_by=by.user,
        )  # fmt: skip
        ProceedingStep.objects.bulk_create(
            [
                ProceedingStep(proceeding=proceeding, code=step.code, position=place)
                for place, step in enumerate(rules.steps)
            ]
        )
        record.record(
            OPENED, by=by.user, case_id=fresh.case_id, subject_id=proceeding.id, at=now, proceeding=kind,
            opened_on=opened_on.isoformat(),
        )  # fmt: skip
    return proceeding


def report_step(
    step: ProceedingStep, *, done_on: date, by: Membership, as_of: date, now: datetime, note: str = "",
    document: Document | None = None,
) -> ProceedingStep:  # fmt: skip
    """Record that a step was done; the days of the steps after it are counted from `done_on`.

    A new act of enforcement is refused while a payment or a dispute is open (S002-11), unless it was done before that
    came; what a court or a debtor did can always be reported.

    Raises:
        StepDone, DayToCome; legal.step_order refusals; legal.handoffs refusals: not theirs, not now, stopped.
    """
    if done_on > as_of:
        raise DayToCome(_("This day has not come yet. Report the step when it is done."))
    with transaction.atomic():
        fresh: ProceedingStep = (
            ProceedingStep.objects.select_for_update(of=("self",)).select_related("proceeding").get(id=step.id)
        )
        proceeding = fresh.proceeding
        handoff = _handoff(proceeding.handoff)
        check_follower(handoff, by)
        if fresh.done_on is not None or proceeding.state != Proceeding.State.OPEN:
            raise StepDone(_("This step was reported before, or the proceeding has ended."))
        rules = rules_of(proceeding)
        check_order(fresh, rules, done_on=done_on)
        if rules.step(fresh.code).act:
            check_going(handoff, done_on=done_on)
        fresh.done_on, fresh.done_by, fresh.done_at = done_on, by.user, now
        fresh.note, fresh.document = note.strip()[:400], document
        fresh.save(update_fields=["done_on", "done_by", "done_at", "note", "document"])
        count_anew(fresh, rules)
        if handoff.state == Handoff.State.ACCEPTED:
            Handoff.objects.filter(id=handoff.id).update(state=Handoff.State.IN_COURT)
        elif handoff.resumes == Handoff.State.ACCEPTED:
            Handoff.objects.filter(id=handoff.id).update(resumes=Handoff.State.IN_COURT)
        record.record(
            REPORTED, by=by.user, case_id=proceeding.case_id, subject_id=fresh.id, at=now, step=fresh.code,
            done_on=done_on.isoformat(),
        )  # fmt: skip
    return fresh


def set_due(step: ProceedingStep, *, due_on: date, by: Membership, now: datetime) -> ProceedingStep:
    """Enter the day a court set for a step.

    Raises:
        StepDone; legal.handoffs refusals.
    """
    with transaction.atomic():
        fresh: ProceedingStep = (
            ProceedingStep.objects.select_for_update(of=("self",)).select_related("proceeding").get(id=step.id)
        )
        check_follower(_handoff(fresh.proceeding.handoff), by)
        if fresh.done_on is not None or fresh.proceeding.state != Proceeding.State.OPEN:
            raise StepDone(_("This step was reported before, or the proceeding has ended."))
        fresh.due_on, fresh.set_by_court = due_on, True
        fresh.save(update_fields=["due_on", "set_by_court"])
        record.record(
            DUE_SET, by=by.user, case_id=fresh.proceeding.case_id, subject_id=fresh.id, at=now, step=fresh.code,
            due_on=due_on.isoformat(),
        )  # fmt: skip
    return fresh


def end(proceeding: Proceeding, *, state: str, ended_on: date, by: Membership, now: datetime) -> Proceeding:
    """Record how a proceeding ended.

    Raises:
        StepDone: it ended before. legal.handoffs refusals.
        NotUnderstood: no such outcome; the day has not come, or lies before the opening.
    """
    if state not in Proceeding.State.values or state == Proceeding.State.OPEN:
        raise NotUnderstood(_("Choose how the proceeding ended."), field="state")
    with transaction.atomic():
        fresh = _handoff(proceeding.handoff)
        check_follower(fresh, by)
        if ended_on > local_day(fresh.case.agency, now):
            raise NotUnderstood(_("This day has not come yet."), field="ended_on")
        if ended_on < proceeding.opened_on:
            raise NotUnderstood(_("The proceeding was not open yet on this day."), field="ended_on")
        changed = Proceeding.objects.filter(id=proceeding.id, state=Proceeding.State.OPEN)
        if not changed.update(state=state, ended_on=ended_on):
            raise StepDone(_("This proceeding has ended before."))
        record.record(
            ENDED, by=by.user, case_id=proceeding.case_id, subject_id=proceeding.id, at=now, outcome=state,
            ended_on=ended_on.isoformat(),
        )  # fmt: skip
    proceeding.state, proceeding.ended_on = state, ended_on
    return proceeding


def rules_of(proceeding: Proceeding) -> Kind:
    found = proceeding_rules.kind_of(proceeding.country, proceeding.kind)
    if found is None:
        raise proceeding_rules.RulesAreNotWhole(f"{proceeding.country} {proceeding.kind}")
    return found


def shown(handoff: Handoff, *, as_of: date) -> list[tuple[Proceeding, Kind, list[Shown]]]:
    """The proceedings of a handoff with their steps: two queries."""
    proceedings = list(Proceeding.objects.filter(handoff=handoff).order_by("id"))
    steps: dict[int, list[ProceedingStep]] = {}
    found = ProceedingStep.objects.filter(proceeding__in=proceedings).select_related("document", "done_by")
    for step in found.order_by("position", "id"):
        steps.setdefault(step.proceeding_id, []).append(step)
    return [
        (one, rules_of(one), [_shown(step, rules_of(one), as_of) for step in steps.get(one.id, [])])
        for one in proceedings
    ]


def due_steps(*, until: date, handoffs: Any = None) -> QuerySet[ProceedingStep]:
    """Steps not done whose day is known and lies not after `until`, of open cases, the most urgent first.

    A firm has those of its `handoffs` that live; the agency also those that a firm left open, for it goes on with them.
    """
    found = ProceedingStep.objects.filter(done_on=None, due_on__lte=until, proceeding__state="OPEN").exclude(
        proceeding__case__stage=Stage.CLOSED
    )
    if handoffs is not None:
        found = found.filter(proceeding__handoff__in=handoffs, proceeding__handoff__ended_at=None)
    related = ("proceeding__case__debtor", "proceeding__handoff__firm")
    rows: QuerySet[ProceedingStep] = found.select_related(*related).order_by("due_on", "id")
    return rows


def calendar(steps: Iterable[ProceedingStep], *, as_of: date) -> list[Shown]:
    return [_shown(step, rules_of(step.proceeding), as_of) for step in steps]


def _shown(step: ProceedingStep, rules: Kind, as_of: date) -> Shown:
    rule = rules.step(step.code)
    return Shown(step=step, rule=rule, label=rule.label, alarm=alarm(step, as_of))


def alarm(step: ProceedingStep, as_of: date) -> str:
    if step.done_on is not None or step.due_on is None:
        return ""
    if step.due_on < as_of:
        return "OVERDUE"
    return "SOON" if step.due_on <= as_of + timedelta(days=SOON_DAYS) else ""


def _handoff(handoff: Handoff) -> Handoff:
    fresh: Handoff = Handoff.objects.select_for_update(of=("self",)).select_related("case").get(id=handoff.id)
    return fresh
