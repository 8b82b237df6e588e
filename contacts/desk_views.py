"""Deeds of the desk that touch a contact: begin a call, record its result, take a promise."""

from datetime import datetime, timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases import dispositions, fresh_numbers, paying_ways
from cases.desk_day import today_of
from cases.desk_forms import PromiseForm, RecallForm, WayForm
from cases.desk_script import CHECKS_NEEDED
from cases.desk_views import deed, done, fresh, go_on, show, take_in_hand
from cases.desk_visit import Visit
from cases.models import Case, Disposition, DispositionCode, Party, Promise
from cases.promises import make_promise
from common.refusals import NotUnderstood
from contacts import calls
from contacts.gate import ContactNotAllowed
from debtors.models import ContactPoint

LONGEST_RECALL = timedelta(days=90)
DETAILS = (*dispositions.PAID_DETAILS, "detail_code")


class NoCallWasBegun(NotUnderstood):
    """A result of an outbound call, and no call was begun at this desk."""

    field = "direction"


class NoResultChosen(NotUnderstood):
    field = "code"


class RecallNotPossible(NotUnderstood):
    field = "on"


@requires(Permission.CASES_WORK)
@deed("")
def begin_call(request: HttpRequest, case: Case, point_id: int, *, now: datetime) -> HttpResponse:
    """Ask the gate for a permit to dial this number now; a refusal says why, and until when."""
    people = [case.debtor_id, *Party.objects.filter(case=case).values_list("person_id", flat=True)]
    point = get_object_or_404(ContactPoint.objects, id=point_id, kind="PHONE", debtor_id__in=people)
    member = cast(MemberRequest, request).membership
    visit = Visit(request.session, member)
    try:
        permit = calls.begin_call(case, point, by=member, now=now)
    except ContactNotAllowed as refused:
        return show(request, fresh(request, case), now=now, status=422, refusal=refused.sentence)
    take_in_hand(request, case, now=now)
    visit.dial(case, permit_id=permit.id, point_id=point.id, now=now)
    return done(request, case, now=now, told=_("You may dial %(number)s now.") % {"number": point.value})


@requires(Permission.CASES_WORK)
@deed("")
def record_result(request: HttpRequest, case: Case, *, now: datetime) -> HttpResponse:
    """Record the coded result of the case at hand and go where the collector likes to go next."""
    return _after(request, case, _record(request, case, _code(request), now=now), now=now)


@requires(Permission.CASES_WORK)
@deed("act-recall")
def recall(request: HttpRequest, case: Case, *, now: datetime) -> HttpResponse:
    """A result with the moment at which the case comes back."""
    form = RecallForm(request.POST)
    if not form.is_valid():
        return show(request, case, now=now, status=422, forms={"recall": form}, opened="act-recall")
    at = form.moment(case)
    if not now < at <= now + LONGEST_RECALL:
        raise RecallNotPossible(_("Choose a moment in the next 90 days."))
    return _after(request, case, _record(request, case, _code(request), now=now, recall_at=at), now=now)


@requires(Permission.CASES_WORK)
@deed("act-promise")
def promise(request: HttpRequest, case: Case, *, now: datetime) -> HttpResponse:
    """Take the debtor's word to pay, and record it as the result of the contact."""
    form = PromiseForm(request.POST)
    if not form.is_valid():
        return show(request, case, now=now, status=422, forms={"promise": form}, opened="act-promise")
    member = cast(MemberRequest, request).membership
    way = WayForm(request.POST)
    if not way.is_valid():
        refused = {"promise": form, "way": way}
        return show(request, case, now=now, status=422, forms=refused, opened="act-promise")
    made = make_promise(case, **form.cleaned_data, by=member, as_of=today_of(member, now), now=now)
    terms = way.terms()
    if terms is not None:
        paying_ways.agree(case, terms, promise=made, by=member, now=now)
    code = DispositionCode.objects.filter(effect="PROMISE", is_active=True).order_by("order", "id").first()
    if code is None:
        return done(request, case, now=now, told=_told(made))
    result = _record(request, case, code, now=now)
    return _after(request, case, result, now=now, told=_told(made))


def _told(made: Promise) -> str:
    if made.state == Promise.State.AWAITING_APPROVAL:
        return _("The promise waits for your coordinator's approval.")
    return _("The promise is kept in mind.")


def _record(
    request: HttpRequest, case: Case, code: DispositionCode, *, now: datetime, recall_at: datetime | None = None
) -> Disposition:
    member, typed = cast(MemberRequest, request).membership, request.POST
    visit = Visit(request.session, member)
    call, inbound = visit.call_on(case), typed.get("direction") == "IN"
    spoke = code.outcome != DispositionCode.Outcome.NO_CONTACT
    if spoke and not inbound and not call and not typed.get("unasked"):
        raise NoCallWasBegun(
            _("No call was begun here. Call first, say that the debtor called, or say that you called without asking.")
        )
    checks = typed.getlist("check")
    spoke_with = typed.get("spoke_with", "") or _right_party(code, checks)
    number = fresh_numbers.ask(
        case, code, spoke_with=spoke_with, number=typed.get("new_number", ""),
        not_given=bool(typed.get("number_not_given")), by=member, now=now,
    )  # fmt: skip
    result = calls.record_result(
        case,
        code=code,
        permit_id=None if inbound else call.get("permit"),
        direction="IN" if inbound else "OUT",
        spoke_with=spoke_with,
        reason=_reason(request),
        note=typed.get("note", ""),
        by=member,
        now=now,
        details=_details(request, checks) | ({"number": number} if number else {}),
        recall_at=recall_at,
        argument=typed.get("argument", ""),
    )
    visit.finish(result)
    return result


def _reason(request: HttpRequest) -> str:
    """Why it was not paid: asked in the part of the form that was sent, or beside the results."""
    asked = (request.POST.get(name, "") for name in ("promise-reason", "recall-reason", "reason"))
    return next(filter(None, asked), "")


def _right_party(code: DispositionCode, checks: list[str]) -> str:
    """Who passed the identity checks is the holder."""
    spoke = code.outcome == DispositionCode.Outcome.CONVERSATION
    return "HOLDER" if spoke and len(checks) >= CHECKS_NEEDED else ""


def _details(request: HttpRequest, checks: list[str]) -> dict[str, str]:
    """What the code asks for besides, and which identity checks were passed; empty answers are left out."""
    typed = {name: request.POST.get(name, "").strip() for name in DETAILS}
    return {name: text for name, text in (typed | {"checks": " ".join(checks)}).items() if text}


def _after(request: HttpRequest, case: Case, result: Disposition, *, now: datetime, told: str = "") -> HttpResponse:
    """Next case, same case, or the list, as the person prefers."""
    words = told or _("%(result)s recorded for %(name)s.") % {"result": result.code.label, "name": case.debtor.name}
    undo = reverse("desk-undo", args=[result.id])
    after = cast(MemberRequest, request).user.shortcuts.get("after", "next")
    if after == "next":
        return go_on(request, now=now, told=words, undo=undo)
    return done(request, case if after == "stay" else None, now=now, told=words, undo=undo)


def _code(request: HttpRequest) -> DispositionCode:
    chosen = request.POST.get("code", "")
    if not chosen.isdecimal():
        raise NoResultChosen(_("Choose one of the results."))
    code: DispositionCode = get_object_or_404(DispositionCode.objects, id=int(chosen), is_active=True)
    return code
