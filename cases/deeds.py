"""Notarial deeds: drafted with the debtor for a plan, concluded before a notary, and what a broken one opens.

A deed says the same as the plan's agreement and adds the debtor's consent to enforcement without a lawsuit (S003-24).
While the plan is kept it does nothing. Once the plan is broken the deed itself is the title: the floor above lets
enforcement begin from it (S003-26).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases import deed_papers, document_intake, plans
from cases.deed_law import law_of
from cases.models import Case, Deed, DocumentKind, Plan
from common.refusals import NotUnderstood, Refused

DRAFTED = record.kind("case.deed_drafted", gettext_lazy("A notarial deed over %(amount)s %(currency)s was drafted."))
CONCLUDED = record.kind(
    "case.deed_concluded",
    gettext_lazy("The notarial deed over %(amount)s %(currency)s was concluded on %(concluded_on)s."),
)
DROPPED = record.kind("case.deed_dropped", gettext_lazy("The draft of a notarial deed was dropped."))

State = Deed.State
DRAFTED_FOR = (Plan.State.APPROVED, Plan.State.ACTIVE)
ZERO = Decimal(0)


class NotYours(Refused):
    status = 403


class NoSuchDeed(Refused):
    """The country's law knows no deed that is enforced without a lawsuit, or none that is known here."""


class PlanHasNoSchedule(Refused):
    """A deed is drafted for a plan that was approved and is not over."""


class DeedExists(Refused):
    """One deed for a plan."""


class DeedIsElsewhere(Refused):
    """The deed was concluded or dropped before."""


class DeedNotProven(NotUnderstood):
    """Notary, number, day and scan belong together."""


def draft(plan: Plan, *, language: str, notary: str = "", by: Membership, now: datetime) -> Deed:
    """Write the deed of a plan, in the notary's language and in the debtor's, and keep both as documents.

    Raises:
        NotYours, NoSuchDeed, PlanHasNoSchedule, DeedExists.
    """
    _check(by)
    with transaction.atomic():
        plan = plan_of(plan.id)
        law = law_of(plan.case.jurisdiction)
        if law is None:
            raise NoSuchDeed(
                _("No rule is known by which a notarial deed of this country is enforced without a lawsuit.")
            )
        if plan.state not in DRAFTED_FOR:
            raise PlanHasNoSchedule(_("A deed is drafted once the schedule of the plan is approved."))
        try:
            with transaction.atomic():
                deed: Deed = Deed.objects.create(
                    case=plan.case, plan=plan, country=law.country, language=language, currency=plan.currency,
                    amount=plan.total, notary=notary.strip()[:160], drafted_by=by.user, drafted_at=now,
                )  # fmt: skip
        except IntegrityError as error:
            raise DeedExists(_("This plan has a deed already. Drop its draft before you write another.")) from error
        deed.draft, deed.reading = deed_papers.deed_papers(deed, law, by=by, now=now)
        deed.save(update_fields=["draft", "reading"])
        _tell(DRAFTED, deed, by=by, now=now)
    return deed


def conclude(
    deed: Deed,
    *,
    notary: str,
    deed_no: str,
    concluded_on: date,
    file: "UploadedFile[Any]",
    by: Membership,
    as_of: date,
    now: datetime,
) -> Deed:
    """The debtor declared it before the notary: keep number, day and scan. A plan that waits for its signature is
    signed by it.

    Raises:
        NotYours, DeedIsElsewhere, DeedNotProven, PlanHasNoSchedule; document_intake.DocumentRefused;
        plans.PlanIsElsewhere: the first instalment was due before.
    """
    _check(by)
    for field, text in (("notary", notary), ("deed_no", deed_no)):
        if not text.strip():
            raise DeedNotProven(_("Enter the notary and the number of the deed."), field=field)
    if concluded_on > as_of:
        raise DeedNotProven(_("This day has not come yet. Record the deed once it is concluded."), field="concluded_on")
    with transaction.atomic():
        fresh = _locked(deed, State.DRAFT)
        plan = plan_of(fresh.plan_id)
        if plan.state not in DRAFTED_FOR:
            raise PlanHasNoSchedule(_("The plan of this deed is over. Drop the draft."))
        if plan.state == Plan.State.APPROVED:
            plans.sign(plan, by=by, as_of=as_of, now=now)
        scan = document_intake.take(
            fresh.case, file, kind=DocumentKind.DEED,
            title=_("Notarial deed %(number)s") % {"number": deed_no.strip()}, by=by, now=now,
        )  # fmt: skip
        fresh.state, fresh.scan, fresh.concluded_on = State.CONCLUDED, scan, concluded_on
        fresh.notary, fresh.deed_no = notary.strip()[:160], deed_no.strip()[:60]
        fresh.concluded_by, fresh.recorded_at = by.user, now
        fresh.save(
            update_fields=["state", "scan", "concluded_on", "notary", "deed_no", "concluded_by", "recorded_at"]
        )  # fmt: skip
        _tell(CONCLUDED, fresh, by=by, now=now, concluded_on=concluded_on.isoformat())
    return fresh


def drop(deed: Deed, *, note: str, by: Membership, now: datetime) -> Deed:
    """The debtor does not go to the notary, or the draft was wrong; the plan stays as it is.

    Raises:
        NotYours, DeedIsElsewhere; DeedNotProven: without a reason.
    """
    _check(by)
    if not note.strip():
        raise DeedNotProven(_("Say in a few words why the draft is dropped."), field="note")
    with transaction.atomic():
        fresh = _locked(deed, State.DRAFT)
        fresh.state, fresh.note = State.DROPPED, note.strip()[:240]
        fresh.save(update_fields=["state", "note"])
        _tell(DROPPED, fresh, by=by, now=now)
    return fresh


def of_plan(plan: Plan) -> Deed | None:
    """The deed of a plan that is drafted or concluded."""
    found: Deed | None = (
        Deed.objects.filter(plan=plan).exclude(state=State.DROPPED)
        .select_related("draft", "reading", "scan", "drafted_by", "concluded_by").order_by("-id").first()
    )  # fmt: skip
    return found


def enforceable(case: Case) -> Deed | None:
    """The concluded deed whose plan is broken: the title from which enforcement may begin without a lawsuit."""
    found: Deed | None = broken().filter(case=case).order_by("-id").first()
    return found


def broken() -> Any:
    """Every concluded deed that is not fulfilled, of cases that are not closed."""
    return (
        Deed.objects.filter(state=State.CONCLUDED, plan__state=Plan.State.BROKEN)
        .exclude(case__stage="CLOSED")
        .select_related("plan", "case__debtor", "case__creditor")
    )


def open_sum(deed: Deed) -> Decimal:
    """What is still open by the deed: the acknowledged sum less what was paid for it after the advance."""
    return max(deed.amount - max(deed.plan.paid - deed.plan.advance, ZERO), ZERO)


def plan_of(plan_id: int) -> Plan:
    found: Plan = Plan.objects.select_related(
        "format", "case__debtor", "case__creditor", "case__mandate", "case__account", "case__agency"
    ).get(id=plan_id)
    return found


def _locked(deed: Deed, *states: State) -> Deed:
    found: Deed = Deed.objects.select_for_update(of=("self",), no_key=True).select_related("case").get(id=deed.id)
    if found.state not in states:
        raise DeedIsElsewhere(
            _("This deed is in the state “%(state)s”; the step is not open.") % {"state": found.get_state_display()}
        )
    return found


def _check(by: Membership) -> None:
    if not by.may(Permission.RESTRUCTURING):
        raise NotYours(_("Only a restructuring officer or a coordinator may do this."))


def _tell(kind: str, deed: Deed, *, by: Membership, now: datetime, **more: str) -> None:
    record.record(
        kind, by=by.user, case_id=deed.case_id, subject_id=deed.id, at=now, amount=str(deed.amount),
        currency=deed.currency, **more,
    )  # fmt: skip
