"""Campaigns: the list, a new one, its forecast, approval, progress and results."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.models import Case
from common.refusals import Refused
from contacts import campaigns, case_panels, selection, sentences, tasks
from contacts.forms import CampaignForm
from contacts.models import Campaign, Message

FORECAST_AT_ONCE = 3000
"""Larger campaigns are forecast by a task, and the page waits for it."""

_VERBS: dict[str, Any] = {
    "approve": campaigns.approve, "pause": campaigns.pause, "resume": campaigns.resume, "cancel": campaigns.cancel,
}  # fmt: skip


@require_GET
@requires(Permission.CAMPAIGNS_PLAN)
def campaign_list(request: HttpRequest) -> HttpResponse:
    rows = Campaign.objects.select_related("portfolio", "creditor", "created_by").order_by("-id")
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    return render(request, "contacts/campaigns.html", {"page": page})


@requires(Permission.CAMPAIGNS_PLAN)
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Fill in a campaign; its forecast is made at once."""
    member = cast(MemberRequest, request).membership
    form = CampaignForm(request.POST or None, zone=cast(MemberRequest, request).agency.time_zone)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = campaigns.plan(by=member, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            _make_forecast(campaign)
            return redirect("campaign", campaign.id)
    status = 422 if request.method == "POST" else 200
    return render(request, "contacts/campaign_new.html", {"form": form}, status=status)


def _make_forecast(campaign: Campaign) -> None:
    now = timezone.now()
    count = selection.cases_of(campaign, as_of=selection.today(now)).count()
    if count <= FORECAST_AT_ONCE:
        campaigns.forecast(campaign, now=now)
    else:
        transaction.on_commit(lambda: tasks.forecast_campaign.delay(campaign.agency_id, campaign.id))


@require_GET
@requires(Permission.CAMPAIGNS_PLAN)
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One campaign. The part that changes is fetched again by itself while it runs."""
    found = get_object_or_404(
        Campaign.objects.select_related("portfolio", "creditor", "created_by", "approved_by"), id=campaign_id
    )
    part = getattr(request, "htmx", False)
    template = "contacts/campaign_progress.html" if part else "contacts/campaign.html"
    return render(request, template, _shown(request, found))


def _shown(request: HttpRequest, found: Campaign) -> dict[str, Any]:
    state, states = found.state, Campaign.State
    user = cast(MemberRequest, request).user
    progress = campaigns.progress(found)
    return {
        "campaign": found,
        "forecast": found.forecast,
        "buckets": _buckets(found),
        "reasons": [(code, sentences.reason(code, {}), n) for code, n in found.forecast.get("reasons", {}).items()],
        "progress": progress,
        "refusals": [(code, sentences.reason(code, {}), n) for code, n in progress["reasons"]],
        "live": state in (states.PLANNING, states.RUNNING) or (state == states.DRAFT and not found.forecast),
        "may_approve": state == states.FORECAST and found.created_by_id != user.pk,
        "own": state == states.FORECAST and found.created_by_id == user.pk,
        "may_pause": state in (states.APPROVED, states.PLANNING, states.RUNNING),
        "may_resume": state == states.PAUSED,
        "may_cancel": state not in (states.DONE, states.CANCELLED),
    }


def _buckets(found: Campaign) -> list[tuple[str, Any, int, str]]:
    forecast = found.forecast
    return [
        ("GO", _("Go out at the start"), forecast.get("go", 0), "ok"),
        ("DEFER", _("Wait for a lawful moment"), forecast.get("deferred", 0), "info"),
        ("APPROVE", _("Need a second person"), forecast.get("approve", 0), "warn"),
        ("BLOCK", _("Stopped by the gate"), forecast.get("blocked", 0), "bad"),
    ]


@require_GET
@requires(Permission.CAMPAIGNS_PLAN)
def campaign_sample(request: HttpRequest, campaign_id: int, key: str) -> HttpResponse:
    """Some of the cases behind one number of the forecast."""
    found = get_object_or_404(Campaign.objects, id=campaign_id)
    ids = found.forecast.get("samples", {}).get(key, [])
    cases = Case.objects.filter(id__in=ids).select_related("debtor", "creditor").order_by("id")
    labels = {bucket[0]: bucket[1] for bucket in _buckets(found)}
    reason = labels.get(key) or sentences.reason(key, {})
    return render(request, "contacts/campaign_sample.html", {"campaign": found, "cases": cases, "reason": reason})


@require_GET
@requires(Permission.CAMPAIGNS_PLAN)
def campaign_messages(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The messages of a campaign, by state or by the gate's reason."""
    found = get_object_or_404(Campaign.objects, id=campaign_id)
    rows = Message.objects.filter(campaign_run__campaign=found).select_related("case", "debtor").order_by("id")
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if state in Message.State.values:
        rows = rows.filter(state=state)
    if code:
        rows = rows.filter(refusal_codes__0=code)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"campaign": found, "page": page, "rows": case_panels.shown(list(page))}
    return render(request, "contacts/campaign_messages.html", context)


@require_POST
@requires(Permission.CAMPAIGNS_PLAN)
def campaign_forecast(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Make the forecast again."""
    found = get_object_or_404(Campaign.objects, id=campaign_id)
    try:
        _make_forecast(found)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("campaign", found.id)


@require_POST
@requires(Permission.CAMPAIGNS_APPROVE)
def campaign_approve(request: HttpRequest, campaign_id: int) -> HttpResponse:
    return _do(request, campaign_id, "approve", _("The campaign is approved; it starts when its time comes."))


@require_POST
@requires(Permission.CAMPAIGNS_PLAN)
def campaign_move(request: HttpRequest, campaign_id: int, verb: str) -> HttpResponse:
    """Pause, resume or cancel."""
    told = {
        "pause": _("The campaign is paused."), "resume": _("The campaign goes on."),
        "cancel": _("The campaign is cancelled; what waited will not leave."),
    }  # fmt: skip
    return _do(request, campaign_id, verb, told[verb])


def _do(request: HttpRequest, campaign_id: int, verb: str, told: str) -> HttpResponse:
    found = get_object_or_404(Campaign.objects, id=campaign_id)
    try:
        _VERBS[verb](found, by=cast(MemberRequest, request).membership, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, told)
    return redirect("campaign", found.id)
