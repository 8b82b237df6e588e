"""The phone's pages: stops to visit, the form of a visit, the visit with its photos, and the financed object."""

from datetime import datetime
from pathlib import PurePath
from typing import Any, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases.models import Approval, Case, Document, DocumentKind, Stage
from cases.next_actions import local_day
from cases.queries import case_of, open_to
from common import kept_files
from common.refusals import Refused
from contacts import gate
from debtors import contact_points
from field import going, kept_visits, letters_left, objects, photos, reporting, trip_stops, visiting
from field.models import (
    Asset,
    Discrepancy,
    FinancedObject,
    Incident,
    ObjectStep,
    Photo,
    Recommendation,
    Signature,
    Visit,
    VisitStop,
)
from field.visit_asks import AskForm
from field.visit_forms import ObjectForm, PhotoForm, StepForm, VisitForm
from portfolios.models import Channel

STOPS_A_PAGE = 30


def _member(request: HttpRequest) -> Membership:
    return cast(MemberRequest, request).membership


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@require_GET
@requires(Permission.FIELD_VISITS)
def stops(request: HttpRequest) -> HttpResponse:
    """Addresses still to be visited, the soonest due first, each with a button that opens the form."""
    found = visiting.pending_of(_member(request)).select_related("order__case__creditor")
    page = Paginator(found, STOPS_A_PAGE).get_page(request.GET.get("page"))
    halts = going.halted_cases([stop.order.case_id for stop in page])
    return render(request, "field/visit/stops.html", {"page": page, "now": timezone.now(), "halts": halts})


@require_http_methods(["GET", "POST"])
@requires(Permission.FIELD_VISITS)
def visit_form(request: HttpRequest, stop_id: int) -> HttpResponse:
    """The form of one visit. Sent by script it is answered in JSON, else by the visit's page or the form again."""
    member, now = _member(request), timezone.now()
    stop = get_object_or_404(visiting.sent_by(member), id=stop_id)
    case = stop.order.case
    agency = cast(MemberRequest, request).agency
    rules = letters_left.rules_for(case, stop.address, now=now)
    about: dict[str, Any] = {
        "agency": agency, "rules": rules, "numbers_dead": contact_points.dead(case.debtor),
        "recommends": not Recommendation.objects.filter(case=case, state=Recommendation.State.OPEN).exists(),
    }  # fmt: skip
    asks = AskForm(request.POST or None, case=case, by=member, as_of=local_day(agency, now))
    if request.method == "POST":
        form = VisitForm(request.POST, request.FILES, **about)
        answer = _send(request, stop, form, asks, member, now)
        if answer is not None:
            return answer
        return render(request, "field/visit/form.html", _about(stop, form, asks, rules, now), status=422)
    done = Visit.objects.filter(stop=stop).first() if stop.state != VisitStop.State.PENDING else None
    if done is not None and "again" not in request.GET:  # the phone may hold another report of the same address
        return redirect("visit", done.id)
    first = {"draft_key": uuid4(), "started_at": now.astimezone(ZoneInfo(agency.time_zone)).strftime("%Y-%m-%dT%H:%M")}
    form = VisitForm(initial=first, **about)
    return render(request, "field/visit/form.html", _about(stop, form, asks, rules, now))


def _send(
    request: HttpRequest, stop: VisitStop, form: VisitForm, asks: AskForm, member: Membership, now: datetime
) -> HttpResponse | None:
    """Record what the form holds; None when the form is to be shown again with what is wrong."""
    if not all([form.is_valid(), asks.is_valid()]):
        if not _wants_json(request):
            return None
        told = [
            {"field": part.add_prefix(name), "sentence": str(text)}
            for part in (form, asks)
            for name, texts in part.errors.items()
            for text in texts
        ]
        return JsonResponse({"errors": told}, status=422)
    try:
        record = kept_visits.keep_visit if form.cleaned_data["made"] else visiting.record_visit
        visit = record(
            stop, draft_key=form.cleaned_data["draft_key"], started_at=form.cleaned_data["started_at"],
            report=form.report(asks.asked()), by=member, now=now,
        )  # fmt: skip
    except Refused as refused:
        field = "made" if isinstance(refused, kept_visits.MAY_BE_KEPT) else refused.field
        if _wants_json(request):
            return JsonResponse({"errors": [{"field": field, "sentence": refused.sentence}]}, status=refused.status)
        part = asks if asks.asked() and field in asks.fields else form
        part.add_error(field if field in part.fields else None, refused.sentence)
        return None
    url = reverse("visit", args=[visit.id])
    if _wants_json(request):
        return JsonResponse({"visit": visit.id, "url": url, "photos": reverse("visit-photo-add", args=[visit.id])})
    messages.success(request, _("The visit was recorded."))
    return redirect(url)


@require_POST
@requires(Permission.FIELD_VISITS)
def stop_left_out(request: HttpRequest, stop_id: int) -> HttpResponse:
    """This address cannot be visited, because…"""
    member = _member(request)
    stop = get_object_or_404(visiting.stops_of(member), id=stop_id)
    try:
        trip_stops.leave_out(stop, reason=request.POST.get("reason", ""), by=member, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("visit-form", stop.id)
    messages.success(request, _("The address is left out. Another one of the debtor follows if there is one."))
    return redirect("field-stops")


def _about(
    stop: VisitStop, form: VisitForm, asks: AskForm, rules: letters_left.LetterRules, now: datetime
) -> dict[str, Any]:
    case = stop.order.case
    answer = gate.ask(case, channel=Channel.VISIT, contact_point=stop.address, now=now)
    halt = going.halted([stop.order]).get(stop.order_id)
    return {"stop": stop, "case": case, "form": form, "asks": asks, "rules": rules, "answer": answer, "halt": halt}


@require_GET
@requires(Permission.CASES_VIEW)
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    one = _visit_or_404(request, visit_id)
    context = {
        "visit": one,
        "case": one.case,
        "relation": letters_left.relation_label(one.relation),
        "workplace": letters_left.is_workplace(one.address),
        "asked": list(Approval.objects.filter(case=one.case, asked_at=one.entered_at).order_by("kind", "id")),
        "photos": list(Photo.objects.filter(visit=one).order_by("id")),
        "signature": Signature.objects.filter(visit=one).select_related("document").first(),
        "assets": list(Asset.objects.filter(visit=one).order_by("id")),
        "differences": list(Discrepancy.objects.filter(visit=one).order_by("id")),
        "incidents": list(Incident.objects.filter(visit=one).order_by("id")),
        "recommendations": list(Recommendation.objects.filter(visit=one).order_by("id")),
        "protocols": list(
            Document.objects.filter(
                case_id=one.case_id, kind=DocumentKind.VISIT_PROTOCOL, subject_id=one.id
            ).order_by("-id")
        ),
    }  # fmt: skip
    return render(request, "field/visit/visit.html", context)


def _visit_or_404(request: HttpRequest, visit_id: int) -> Visit:
    related = ("case__debtor", "case__creditor", "case__agency", "address", "collector__user")
    visits = Visit.objects.select_related(*related)
    found: Visit = get_object_or_404(visits.filter(case_id__in=open_to(_member(request)).values("id")), id=visit_id)
    return found


@require_POST
@requires(Permission.FIELD_VISITS)
def photo_add(request: HttpRequest, visit_id: int) -> HttpResponse:
    """One more photo of a visit, in JSON: 200 once it is kept, also when it was kept before."""
    member = _member(request)
    own = Q(collector=member) | Q(stop_id__in=visiting.stops_of(member).values("id"))
    one = get_object_or_404(Visit.objects.filter(own), id=visit_id)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"errors": [{"field": "photos", "sentence": _("Choose a photo.")}]}, status=422)
    try:
        if form.cleaned_data["photo"].size > photos.MOST_BYTES:
            raise photos.PhotoNotTaken(_("A photo may have 15 MB at most."))
        picture = photos.read(
            form.cleaned_data["photo"].read(), kind=form.cleaned_data["kind"],
            time_zone=cast(MemberRequest, request).agency.time_zone,
        )  # fmt: skip
        photo = photos.add(one, picture, by=member, now=timezone.now())
    except Refused as refused:
        return JsonResponse({"errors": [{"field": refused.field, "sentence": refused.sentence}]}, status=refused.status)
    return JsonResponse({"photo": photo.id})


@require_GET
@requires(Permission.CASES_VIEW)
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """The copy that may be shown, without the data of the original."""
    found = get_object_or_404(Photo.objects, id=photo_id, case_id__in=open_to(_member(request)).values("id"))
    try:
        content = photos.shown_content(found)
    except kept_files.FileIsNotAsKept as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="photo-{found.id}.jpg"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def photo_original(request: HttpRequest, photo_id: int) -> HttpResponse:
    """The sealed original as a download, for those who bring cases to court; the case's history tells it."""
    member = _member(request)
    found = get_object_or_404(Photo.objects, id=photo_id, case_id__in=open_to(member).values("id"))
    try:
        content = photos.hand_out(found, by=member, now=timezone.now())
    except kept_files.FileIsNotAsKept as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="application/octet-stream")
    name = f"photo-{found.id}{PurePath(found.original_path).suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@requires(Permission.CASES_VIEW)
def protocol_make(request: HttpRequest, visit_id: int) -> HttpResponse:
    one = _visit_or_404(request, visit_id)
    reporting.visit_protocol(one, by=_member(request), now=timezone.now())
    messages.success(request, _("The visit protocol was made."))
    return redirect("visit", one.id)


@require_POST
@requires(Permission.CASES_VIEW)
def final_report_make(request: HttpRequest, case_id: int) -> HttpResponse:
    case = _case_or_404(request, case_id)
    try:
        reporting.final_report(case, by=_member(request), now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The final report was made. It is among the documents of the case."))
    return redirect("case", case.id)


def _case_or_404(request: HttpRequest, case_id: int) -> Case:
    try:
        return case_of(_member(request), case_id)
    except Case.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "POST"])
@requires(Permission.FIELD_VISITS)
def case_objects(request: HttpRequest, case_id: int) -> HttpResponse:
    """The financed objects of a case with their steps, and a form to register one."""
    case = _case_or_404(request, case_id)
    form = ObjectForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            objects.register(case, by=_member(request), now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.success(request, _("The object was registered."))
            return redirect("case-objects", case.id)
    return _objects_page(request, case, form, status=422 if request.method == "POST" else 200)


def _objects_page(request: HttpRequest, case: Case, form: ObjectForm, *, status: int = 200) -> HttpResponse:
    steps: dict[int, list[ObjectStep]] = {}
    for step in ObjectStep.objects.filter(case=case).select_related("done_by", "protocol").order_by("id"):
        steps.setdefault(step.object_id, []).append(step)
    taken: dict[int, list[Photo]] = {}
    for picture in Photo.objects.filter(case=case, visit=None).order_by("id"):
        taken.setdefault(picture.step_id, []).append(picture)
    rows, halts = [], []
    for one in FinancedObject.objects.filter(case=case).order_by("id"):
        stops = going.step_stops(one, case)
        rows.append(
            (
                one, steps.get(one.id, []), objects.possible(one, stopped=bool(stops)),
                not stops and objects.may_ask_for_boot(one), one.state in objects.COMPLAINT_LIKELY,
                uuid4(),
            )
        )  # fmt: skip
        halts += [stop for stop in stops if stop not in halts]
    context = {
        "case": case, "rows": rows, "form": form, "halts": halts, "taken": taken,
        "step": StepForm(agency=cast(MemberRequest, request).agency),
        "paid": any(stop.code == "PAYMENT" for stop in halts), "closed": case.stage == Stage.CLOSED,
    }  # fmt: skip
    return render(request, "field/visit/objects.html", context, status=status)


@require_POST
@requires(Permission.FIELD_VISITS)
def object_step(request: HttpRequest, object_id: int) -> HttpResponse:
    """Record a step with the object, or ask the creditor for a boot; sent by script it is answered in JSON, so that a
    refused form stays as it was filled in."""
    member, now = _member(request), timezone.now()
    found = get_object_or_404(FinancedObject.objects, id=object_id, case_id__in=open_to(member).values("id"))
    form = StepForm(request.POST, request.FILES, agency=cast(MemberRequest, request).agency)
    case = _case_or_404(request, found.case_id)
    url = reverse("case-objects", args=[case.id])
    wrong = ""
    if form.is_valid():
        try:
            messages.success(request, _take(found, form.cleaned_data, case, member, now))
        except Refused as refused:
            wrong = refused.sentence
    else:
        wrong = " ".join(map(str, form.errors.get("photos", [_("This step is not known.")])))
    if _wants_json(request):
        if wrong:
            return JsonResponse({"errors": [{"field": "", "sentence": wrong}]}, status=409 if form.is_valid() else 422)
        return JsonResponse({"url": url})
    if wrong:
        messages.error(request, wrong)
    return redirect(url)


def _take(found: FinancedObject, data: dict[str, Any], case: Case, by: Membership, now: datetime) -> str:
    """Do what the button says; returns the sentence about it."""
    told: dict[str, Any] = {"note": data["note"], "pictures": data["photos"], "sent_key": data["sent_key"]}
    if data["step"] == "ASK_BOOT":
        objects.ask_for_boot(found, by=by, now=now, **told)
        return _("The creditor was asked to approve the wheel boot.")
    language = case.agency.language if data["language"] == "agency" else ""
    objects.take_step(found, data["step"], place=data["place"], language=language, by=by, now=now, **told)
    return _("The step was recorded, and its protocol made.")
