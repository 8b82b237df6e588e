"""Pages of quality: samples drawn by lot, conversations judged, what whoever was judged reads and says."""

import secrets
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases import quality_cards, quality_lists, quality_reviews, quality_sampling
from cases.models import ConversationReview, QualitySample
from cases.next_actions import local_day
from cases.quality_forms import JudgeForm, ReplyForm, SampleForm
from cases.quality_lists import ReviewFilter
from common.refusals import Refused

PAGE_SIZE = 50
SEEDS = 2**53
USUAL_NUMBER, USUAL_DAYS = 5, 30


@require_GET
@requires(Permission.QUALITY_JUDGE)
def reviews(request: HttpRequest) -> HttpResponse:
    """Conversations drawn to be judged, as the address asks for them."""
    member, form = _member(request), ReviewFilter(request.GET)
    page = Paginator(quality_lists.found(member, form), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "card": quality_cards.in_use(), "narrowed": any(request.GET.values()),
        "samples": samples_of(member)[:5], "may_card": member.may(Permission.QUALITY_CARDS), "here": "reviews",
    }  # fmt: skip
    return render(request, "cases/quality/reviews.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.QUALITY_JUDGE)
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a sample by lot."""
    member, now = _member(request), timezone.now()
    yesterday = local_day(member.agency, now) - timedelta(days=1)
    proposed = {
        "starts_on": yesterday - timedelta(days=USUAL_DAYS - 1), "ends_on": yesterday, "per_person": USUAL_NUMBER,
    }  # fmt: skip
    own_team = member.team_id if member.role == "COORDINATOR" else None
    form = SampleForm(request.POST or None, initial=proposed, own_team=own_team)
    if request.method == "POST" and form.is_valid():
        wanted = quality_sampling.Wanted(**form.cleaned_data)
        try:
            sample = quality_sampling.draw(wanted, seed=secrets.randbelow(SEEDS), by=member, now=now)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            told = ngettext("%(n)s conversation was drawn.", "%(n)s conversations were drawn.", sample.drawn)
            messages.success(request, told % {"n": sample.drawn})
            return redirect("quality-sample", sample.id)
    context = {"form": form, "card": quality_cards.in_use(), "may_card": member.may(Permission.QUALITY_CARDS)}
    return render(request, "cases/quality/draw.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Permission.QUALITY_JUDGE)
def sample(request: HttpRequest, sample_id: int) -> HttpResponse:
    """One draw: from how many, how many of each person, how far the judging is; `check` draws again and compares."""
    found: QualitySample = get_object_or_404(samples_of(_member(request)), id=sample_id)
    drawn = quality_lists.visible_to(_member(request)).filter(sample=found).order_by("collector_id", "held_at", "id")
    people: dict[int, dict[str, Any]] = {}
    for review in drawn:
        person = people.setdefault(
            review.collector_id,
            {"who": review.collector.user, "held": found.population.get(str(review.collector_id), 0), "rows": []},
        )
        person["rows"].append(review)
    context = {
        "sample": found, "people": list(people.values()),
        "same": quality_sampling.draws_the_same(found) if request.GET.get("check") else None,
        "held": sum(found.population.values()),
        "judged": sum(row.state == ConversationReview.State.CLOSED for one in people.values() for row in one["rows"]),
    }  # fmt: skip
    return render(request, "cases/quality/sample.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.QUALITY_JUDGE)
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Judge one conversation, or read how it was judged."""
    member = _member(request)
    found: ConversationReview = get_object_or_404(quality_lists.visible_to(member), id=review_id)
    items, marks = quality_cards.items_of(found.card), quality_reviews.marks_of(found)
    form = JudgeForm(
        request.POST or None, items=items, marks=marks,
        initial={"comment": found.comment, "recording": found.recording},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        close = request.POST.get("do") == "close"
        told = {name: form.cleaned_data[name] for name in ("comment", "recording")}
        try:
            judged = quality_reviews.judge(
                found, form.given(), close=close, by=member, now=timezone.now(), **told
            )  # fmt: skip
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            return _on(request, judged, close=close)
    context = _told(found, items, marks) | {
        "form": form, "own": found.collector_id == member.id, "next": _next(member, found),
    }  # fmt: skip
    return render(request, "cases/quality/review.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Permission.QUALITY_OWN)
def own(request: HttpRequest) -> HttpResponse:
    """What was judged of one's own conversations."""
    rows = quality_lists.own_of(_member(request))
    page = Paginator(rows.order_by("-judged_at", "-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "whole": quality_lists.whole(rows), "weak": quality_lists.by_item(rows)}
    return render(request, "cases/quality/own.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.QUALITY_OWN)
def own_review(request: HttpRequest, review_id: int) -> HttpResponse:
    """How one of one's own conversations was judged, with one comment."""
    member = _member(request)
    found: ConversationReview = get_object_or_404(quality_lists.own_of(member), id=review_id)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            quality_reviews.reply(found, by=member, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("Your comment stands beside the judgement."))
            return redirect("quality-own-review", found.id)
    context = _told(found, quality_cards.items_of(found.card), quality_reviews.marks_of(found)) | {"form": form}
    return render(request, "cases/quality/own_review.html", context, status=422 if form.errors else 200)


def samples_of(member: Membership) -> Any:
    """Draws a member may open: a coordinator those of their team and of all teams."""
    rows = QualitySample.objects.select_related("team", "drawn_by", "card", "agency").order_by("-id")
    if member.role == "COORDINATOR" and member.team_id is not None:
        rows = rows.filter(team_id__in=[member.team_id]) | rows.filter(team=None)
    return rows


def _told(found: ConversationReview, items: Any, marks: Any) -> dict[str, Any]:
    """What every page of a judged conversation shows."""
    rows = [(item, quality_cards.label_of(item), marks.get(item.id)) for item in items]
    return {"review": found, "rows": rows, "closed": found.state == ConversationReview.State.CLOSED}


def _on(request: HttpRequest, judged: ConversationReview, *, close: bool) -> HttpResponse:
    """After closing the next one that waits in the sample; after keeping the same page."""
    if not close:
        messages.success(request, _("The marks are kept. Close the judgement when you are done."))
        return redirect("quality-review", judged.id)
    messages.success(request, _("Judged: %(score)s per cent.") % {"score": judged.score})
    following = _next(_member(request), judged)
    return redirect("quality-review", following) if following else redirect("quality-sample", judged.sample_id)


def _next(member: Membership, found: ConversationReview) -> int | None:
    """Another conversation of the sample that waits, and is not the judge's own."""
    waiting = quality_lists.visible_to(member).filter(sample_id=found.sample_id, state="WAITING")
    waiting = waiting.exclude(id=found.id).exclude(collector=member)
    return cast("int | None", waiting.order_by("id").values_list("id", flat=True).first())


def _member(request: HttpRequest) -> Membership:
    return cast(MemberRequest, request).membership


def _refuse(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
