"""What waits for a second person: promises beyond the short limit, and what other floors hang into the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases import promises
from cases.approvals import visible_to
from cases.case_panels import rendered
from cases.inbox_views import back_to
from cases.models import Approval, ApprovalKind, Promise
from cases.next_actions import local_day
from common.refusals import Refused

PAGE_SIZE = 50


@dataclass(frozen=True)
class Waiting:
    """One promise to be decided, with what the decision needs."""

    promise: Promise
    days: int
    covers_due: bool
    kept: int
    broken: int
    own: bool


@require_GET
@requires(Permission.PROMISES_APPROVE)
def approvals(request: HttpRequest) -> HttpResponse:
    """Promises that wait, the soonest day first, and the other floors' requests."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **typed: Any) -> HttpResponse:
    member, now = cast(MemberRequest, request).membership, timezone.now()
    page = Paginator(waiting(member), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_of(page, member, as_of=local_day(cast(MemberRequest, request).agency, now))
    shown = {"rows": rows, "page": page, "panels": rendered(request, "approvals", None)}
    context = shown | {"ticked": (), "reason": ""} | typed
    return render(request, "cases/approvals.html", context, status=status)


def waiting(member: Membership) -> QuerySet[Promise]:
    """What this member may decide: a coordinator their team's cases and those of no team, a manager all."""
    asked = Approval.objects.filter(
        kind=ApprovalKind.PROMISE, side=Approval.Side.COORDINATOR, state=Approval.State.WAITING
    )
    found = Promise.objects.filter(
        state=Promise.State.AWAITING_APPROVAL, id__in=asked.values("subject_id")
    ).select_related("case__debtor", "case__creditor", "case__mandate", "made_by")
    if member.role == "COORDINATOR" and member.team_id is not None:
        found = found.filter(Q(case__team_id=member.team_id) | Q(case__team=None))
    return found.order_by("due_on", "id")


def rows_of(rows: Iterable[Promise], member: Membership, *, as_of: date) -> list[Waiting]:
    rows = list(rows)
    past = {
        row["case_id"]: row
        for row in Promise.objects.filter(case_id__in=[p.case_id for p in rows])
        .values("case_id")
        .annotate(kept=Count("id", filter=Q(state="KEPT")), broken=Count("id", filter=Q(state="BROKEN")))
        .order_by("case_id")
    }
    return [
        Waiting(
            promise=promise, days=(promise.due_on - promise.made_on).days,
            covers_due=promise.amount >= promises.due_sum(promise.case, as_of), kept=past[promise.case_id]["kept"],
            broken=past[promise.case_id]["broken"], own=promise.made_by_id == member.user_id,
        )
        for promise in rows
    ]  # fmt: skip


@require_POST
@requires(Permission.PROMISES_APPROVE)
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or refuse one promise (its own button) or the ticked ones; what cannot be is told by its sentence."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    word, _sep, one = request.POST.get("decide", "").partition(":")
    ids = [int(pk) for pk in ([one] if one else request.POST.getlist("promise")) if pk.isdecimal()]
    if word not in {"approve", "refuse"}:
        messages.error(request, _("Nothing was decided yet: press the button that says what you decide."))
        return _page(request, status=422, ticked=ids, reason=request.POST.get("reason", ""))
    mine = visible_to(member).filter(kind="PROMISE", subject_id__in=ids).values("subject_id")
    chosen = Promise.objects.filter(id__in=mine).select_related("case__agency")
    done, refused = 0, set()
    for promise in chosen.order_by("id")[:PAGE_SIZE]:
        try:
            if word == "approve":
                promises.approve(promise, by=member, now=now)
            else:
                promises.refuse(promise, by=member, now=now, reason=request.POST.get("reason", ""))
            done += 1
        except Refused as refusal:
            refused.add(refusal.sentence)
    for sentence in sorted(refused):
        messages.error(request, sentence)
    if done:
        messages.success(request, _told(word, done))
    elif not refused:
        messages.error(request, _("Tick the promises first."))
    return back_to("approvals", request)


def _told(word: str, done: int) -> str:
    if word == "approve":
        return ngettext("%(count)s promise was approved.", "%(count)s promises were approved.", done) % {"count": done}
    return ngettext("%(count)s promise was refused.", "%(count)s promises were refused.", done) % {"count": done}
