"""Deeds on one case from its panels. Each is one domain call; a refusal keeps the form and says why.

A plain post is answered by a redirect to the case, or by the panel alone on a small page when it was refused. htmx gets
the panel again (422 when refused), or a fresh case page when the deed is done.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases import assignment, entered_payments, holds, notes, promises, queries, reversals, transitions
from cases.case_forms import (
    AssignForm,
    HoldForm,
    JudgeForm,
    MoveForm,
    NoteForm,
    PaymentForm,
    PointForm,
    PromiseForm,
    ReversalForm,
    StatusForm,
)  # fmt: skip
from cases.case_panels import render_panel
from cases.models import Case, Hold, Promise
from cases.next_actions import local_day
from common.refusals import NotUnderstood, Refused
from debtors import contact_points, statuses
from debtors.models import ContactPoint, Validity
from ledger.models import Payment

Deed = Callable[..., str]
"""(request, case, data, by, now, …) -> what to tell the person."""


class FormIsIncomplete(NotUnderstood):
    """A field is missing or is not what it should be."""


def deed(
    permission: Permission, panel: str, form: type[forms.Form] | None = None
) -> Callable[[Deed], Callable[..., HttpResponse]]:
    """Guard, read the form, do the deed, answer. `panel` is shown again when the deed is refused."""

    def decorate(function: Deed) -> Callable[..., HttpResponse]:
        @require_POST
        @requires(permission)
        @wraps(function)
        def view(request: HttpRequest, case_id: int, **kwargs: int) -> HttpResponse:
            member, now = cast(MemberRequest, request).membership, timezone.now()
            case = case_or_404(member, case_id)
            filled = form(request.POST) if form else None
            try:
                with transaction.atomic():
                    told = function(case, _read(filled), by=member, now=now, **kwargs)
            except Refused as refused:
                return _refuse(request, case_or_404(member, case_id), panel, filled, refused)
            return _done(request, case, told)

        return view  # type: ignore[return-value]

    return decorate


def case_or_404(member: Membership, case_id: int) -> Case:
    try:
        return queries.case_of(member, case_id)
    except Case.DoesNotExist as error:
        raise Http404 from error


def _read(form: forms.Form | None) -> dict[str, Any]:
    if form is None:
        return {}
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        label = form.fields[field].label if field in form.fields else ""
        raise FormIsIncomplete(f"{label}: {errors[0]}" if label else str(errors[0]), field=str(field))
    return form.cleaned_data


def _done(request: HttpRequest, case: Case, told: str) -> HttpResponse:
    messages.success(request, told)
    url = reverse("case", args=[case.id])
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": url, "HX-Trigger": "case-changed"})
    return redirect(url)


def _refuse(request: HttpRequest, case: Case, panel: str, form: forms.Form | None, refused: Refused) -> HttpResponse:
    more = {"refusal": refused.sentence, "opened": True} | ({"form": form} if form else {})
    part = render_panel(request, panel, case, **more)
    if getattr(request, "htmx", False):
        return HttpResponse(part, status=422)
    context = {"case": case, "part": SafeString(part), "refusal": refused.sentence}
    return render(request, "cases/refused.html", context, status=422)


@deed(Permission.CASES_HOLD, "holds", HoldForm)
def hold_place(case: Case, data: dict[str, Any], *, by: Membership, now: datetime) -> str:
    holds.place(case, by=by, as_of=local_day(case.agency, now), now=now, **data)
    return _("The hold was placed.")


@deed(Permission.CASES_HOLD, "holds")
def hold_lift(case: Case, data: dict[str, Any], *, by: Membership, now: datetime, hold_id: int) -> str:
    holds.lift(get_object_or_404(Hold.objects, id=hold_id, case_id=case.id), by=by, now=now)
    return _("The hold was lifted.")


@deed(Permission.CASES_VIEW, "stage", MoveForm)
def stage_move(case: Case, data: dict[str, Any], *, by: Membership, now: datetime) -> str:
    """The table of transitions says whose role may."""
    transitions.apply(
        case, data["transition"], by=by, as_of=local_day(case.agency, now), now=now, reason=data["reason"],
        close_reason=data["close_reason"] if data["transition"] == "close" else "",
    )  # fmt: skip
    return _("The case is now in the stage “%(stage)s”.") % {"stage": case.get_stage_display()}


@deed(Permission.CASES_WORK, "promise", PromiseForm)
def promise_make(case: Case, data: dict[str, Any], *, by: Membership, now: datetime) -> str:
    made = promises.make_promise(case, by=by, as_of=local_day(case.agency, now), now=now, **data)
    if made.state == Promise.State.AWAITING_APPROVAL:
        return _("The promise waits for a coordinator's approval.")
    return _("The promise was recorded.")


@deed(Permission.CASES_WORK, "promise")
def promise_cancel(case: Case, data: dict[str, Any], *, by: Membership, now: datetime, promise_id: int) -> str:
    promises.cancel(get_object_or_404(Promise.objects, id=promise_id, case_id=case.id), by=by, now=now)
    return _("The promise was cancelled.")


@deed(Permission.PROMISES_APPROVE, "promise")
def promise_approve(case: Case, data: dict[str, Any], *, by: Membership, now: datetime, promise_id: int) -> str:
    promises.approve(get_object_or_404(Promise.objects, id=promise_id, case_id=case.id), by=by, now=now)
    return _("The promise was approved.")


@deed(Permission.PROMISES_APPROVE, "promise")
def promise_refuse(case: Case, data: dict[str, Any], *, by: Membership, now: datetime, promise_id: int) -> str:
    promises.refuse(get_object_or_404(Promise.objects, id=promise_id, case_id=case.id), by=by, now=now)
    return _("The promise was refused.")


@deed(Permission.PAYMENTS_ENTER, "statement", PaymentForm)
def payment_enter(case: Case, data: dict[str, Any], *, by: Membership, now: datetime) -> str:
    entered_payments.enter(case, by=by, now=now, once_key=data.pop("once"), **data)
    return _("The payment was booked.")


@deed(Permission.CASES_MOVE, "statement", ReversalForm)
def payment_reverse(case: Case, data: dict[str, Any], *, by: Membership, now: datetime, entry_id: int) -> str:
    payment = get_object_or_404(Payment.objects.select_related("entry"), entry_id=entry_id, account_id=case.account_id)
    reversals.reverse(case, payment, by=by, now=now, **data)
    return _("The payment was reversed.")


@deed(Permission.CASES_WORK, "points", NoteForm)
def note_add(case: Case, data: dict[str, Any], *, by: Membership, now: datetime) -> str:
    notes.add_note(case, by=by, now=now, **data)
    return _("The note was kept.")


@deed(Permission.DEBTORS_EDIT, "points", PointForm)
def contact_point_add(case: Case, data: dict[str, Any], *, by: Membership, now: datetime) -> str:
    contact_points.add(case.debtor, by=by, now=now, case_id=case.id, **data)
    return _("The contact point was added.")


@deed(Permission.DEBTORS_EDIT, "points", JudgeForm)
def contact_point_judge(case: Case, data: dict[str, Any], *, by: Membership, now: datetime, point_id: int) -> str:
    point = get_object_or_404(ContactPoint.objects, id=point_id, debtor_id=case.debtor_id)
    if data["validity"] == Validity.VALID:
        contact_points.confirm(point, by=by, now=now, case_id=case.id)
        return _("The contact point was confirmed.")
    contact_points.invalidate(point, validity=data["validity"], by=by, now=now, case_id=case.id)
    return _("The contact point is not used any more.")


@deed(Permission.DEBTORS_EDIT, "points", StatusForm)
def status_record(case: Case, data: dict[str, Any], *, by: Membership, now: datetime) -> str:
    statuses.record_status(case.debtor, by=by, now=now, case_id=case.id, **data)
    return _("The status was recorded.")


@deed(Permission.CASES_ALLOCATE, "assign", AssignForm)
def reassign(case: Case, data: dict[str, Any], *, by: Membership, now: datetime) -> str:
    collector = get_object_or_404(Membership.objects, id=data["collector"])
    assignment.reassign(case, collector, by=by, as_of=local_day(case.agency, now), now=now)
    return _("The case was assigned.")
