"""What became of the contract, apart from the stage: accelerated, terminated, in litigation, being assigned.

Legal acceleration (a notice, and the day it takes effect) and acceleration in the creditor's own system are two facts;
a batch may have the one without the other, and then the difference is shown (S002-12, S004-09, S004-10).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from audit import record
from audit.queries import Entry, timeline
from cases.models import Case, ContractStatus, Document, Stage
from common.refusals import NotUnderstood, Refused
from portfolios.models import Portfolio

STATUS = record.kind(
    "case.contract_status", gettext_lazy("The contract is now: %(contract_status)s, from %(effective_on)s."),
    contract_status=ContractStatus.choices,
)  # fmt: skip
ACCELERATED = record.kind(
    "case.accelerated",
    gettext_lazy("The contract was accelerated: notice of %(notice_on)s, effective from %(effective_on)s."),
)
SOURCE = record.kind(
    "case.source_acceleration",
    gettext_lazy("Acceleration in the creditor's own system is now recorded as %(accelerated)s."),
    accelerated=[("yes", gettext_lazy("made")), ("no", gettext_lazy("not made"))],
)
DIFFERS = (Q(accelerated_on__isnull=False) & Q(source_accelerated=False)) | (
    Q(accelerated_on=None) & Q(source_accelerated=True)
)
"""Accelerated by law and not in the creditor's system, or the other way."""


class NoticeMissing(NotUnderstood):
    """Acceleration is declared by a notice: its day is needed."""

    field = "notice_on"


class EffectBeforeNotice(NotUnderstood):
    field = "effective_on"


class NothingChanges(Refused):
    """The contract has this status already."""

    field = "status"


def record_status(
    case: Case,
    status: str,
    *,
    effective_on: date,
    by: Actor,
    now: datetime,
    notice_on: date | None = None,
    document: Document | None = None,
) -> Case:
    """Record what was done with the contract. The stage stays as it is; the schedule of dues too.

    Acceleration keeps the day it takes effect; later statuses keep it, taking it back to "in force" clears it.

    Raises:
        NotUnderstood: an unknown status.
        NoticeMissing, EffectBeforeNotice: of an acceleration.
        NothingChanges: it has this status from that day already.
    """
    if status not in ContractStatus.values:
        raise NotUnderstood(_("There is no such status of a contract."), field="status")
    accelerates = status == ContractStatus.ACCELERATED
    if accelerates and notice_on is None:
        raise NoticeMissing(_("Enter the day of the notice by which the contract was accelerated."))
    if accelerates and notice_on is not None and effective_on < notice_on:
        raise EffectBeforeNotice(_("The acceleration cannot take effect before its notice."))
    with transaction.atomic():
        fresh = Case.objects.select_for_update(no_key=True).get(id=case.id)
        accelerated_on = effective_on if accelerates else fresh.accelerated_on
        if status == ContractStatus.IN_FORCE:
            accelerated_on = None
        if (fresh.contract_status, fresh.accelerated_on) == (status, accelerated_on):
            raise NothingChanges(_("The contract has this status already."))
        fresh.contract_status, fresh.accelerated_on = status, accelerated_on
        fresh.save(update_fields=["contract_status", "accelerated_on"])
        record.record(
            ACCELERATED if accelerates else STATUS, by=user_of(by), case_id=case.id,
            subject_id=document.id if document else None, at=now, contract_status=str(status),
            effective_on=effective_on.isoformat(), notice_on=notice_on.isoformat() if notice_on else None,
        )  # fmt: skip
    case.contract_status, case.accelerated_on = status, accelerated_on
    return case


def record_source(case: Case, *, accelerated: bool, by: Actor, now: datetime) -> Case:
    """Record whether the creditor's own system shows the contract as accelerated (S004-10).

    Raises:
        NothingChanges
    """
    with transaction.atomic():
        changed = Case.objects.filter(id=case.id).exclude(source_accelerated=accelerated)
        if not changed.update(source_accelerated=accelerated):
            raise NothingChanges(_("The creditor's system is recorded like this already."))
        record.record(SOURCE, by=user_of(by), case_id=case.id, at=now, accelerated="yes" if accelerated else "no")
    case.source_accelerated = accelerated
    return case


def differs(case: Case) -> bool:
    """Whether law and the creditor's system disagree about the acceleration."""
    return (case.accelerated_on is not None) != case.source_accelerated


def days_since_acceleration(case: Case, as_of: date) -> int | None:
    """The legal days past due, counted from the acceleration; None while the contract is not accelerated."""
    return max((as_of - case.accelerated_on).days, 0) if case.accelerated_on else None


@dataclass(frozen=True)
class Batch:
    """The open cases of one portfolio: how many are accelerated by law, how many in the creditor's system."""

    portfolio: Portfolio
    cases: int
    by_law: int
    in_source: int
    law_alone: int
    source_alone: int

    @property
    def differing(self) -> int:
        return self.law_alone + self.source_alone


def batches() -> list[Batch]:
    """One line per portfolio with open cases, those with differences first."""
    law, source = Q(accelerated_on__isnull=False), Q(source_accelerated=True)
    rows = (
        Case.objects.exclude(stage=Stage.CLOSED)
        .values("portfolio_id")
        .annotate(
            cases=Count("id"), by_law=Count("id", filter=law), in_source=Count("id", filter=source),
            law_alone=Count("id", filter=law & ~source), source_alone=Count("id", filter=~law & source),
        )
        .order_by("portfolio_id")
    )  # fmt: skip
    named = Portfolio.objects.select_related("creditor").in_bulk([row["portfolio_id"] for row in rows])
    found = [
        Batch(portfolio=named[row["portfolio_id"]], **{key: row[key] for key in row if key != "portfolio_id"})
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.differing, one.portfolio.name, one.portfolio.id))


def differing(portfolio: Portfolio) -> QuerySet[Case]:
    """The open cases of a portfolio about which law and the creditor's system disagree."""
    cases: QuerySet[Case] = Case.objects.filter(DIFFERS, portfolio=portfolio).exclude(stage=Stage.CLOSED)
    return cases.select_related("debtor", "creditor").order_by("contract_no", "id")


def history(case: Case) -> list[Entry]:
    """The events of contract and source system, newest first."""
    return timeline(case.id, kinds=(STATUS, ACCELERATED, SOURCE), limit=30)
