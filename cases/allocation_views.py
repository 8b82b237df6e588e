"""The coordinator's first page: who has what, what nobody has, a rule, its preview, apply, undo."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases import assignment
from cases.allocation_forms import RuleForm, collectors_of
from cases.models import AllocationBatch, Stage
from cases.next_actions import local_day
from common.refusals import Refused

STAGE_LABEL = dict(Stage.choices)


@require_GET
@requires(Permission.CASES_ALLOCATE)
def allocation(request: HttpRequest) -> HttpResponse:
    """Loads, what is unassigned, and the rule; with a rule in the address, also what it would do."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    asked = "kind" in request.GET
    form = RuleForm(request.GET if asked else None, member=member, initial=_usual(request, member))
    preview, refusal = None, ""
    if asked and form.is_valid() and "preview" in request.GET:
        try:
            preview = assignment.preview(form.rule(as_of=_today(request, now), now=now))
        except Refused as refused:
            refusal = refused.sentence
    return _page(request, form, preview=preview, refusal=refusal, now=now)


@require_POST
@requires(Permission.CASES_ALLOCATE)
def apply(request: HttpRequest) -> HttpResponse:
    """Deal the cases out as the rule says."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    form = RuleForm(request.POST, member=member)
    if not form.is_valid():
        return _page(request, form, now=now, status=422)
    try:
        batch = assignment.allocate(form.rule(as_of=_today(request, now), now=now), by=member, now=now)
    except Refused as refused:
        return _page(request, form, refusal=refused.sentence, now=now, status=refused.status)
    told = ngettext("%(count)s case was assigned.", "%(count)s cases were assigned.", batch.cases)
    messages.success(request, told % {"count": batch.cases})
    return redirect("allocation")


@require_POST
@requires(Permission.CASES_ALLOCATE)
def undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Put the cases of one allocation back."""
    batch = get_object_or_404(AllocationBatch.objects, id=batch_id)
    try:
        back = assignment.undo(batch, by=cast(MemberRequest, request).membership, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        told = ngettext("%(count)s case went back.", "%(count)s cases went back.", back)
        messages.success(request, told % {"count": back})
    return redirect("allocation")


def _page(
    request: HttpRequest,
    form: RuleForm,
    *,
    now: datetime,
    preview: assignment.Preview | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    member = cast(MemberRequest, request).membership
    people = collectors_of(member)
    loads = assignment.loads(people, as_of=_today(request, now))
    batches = AllocationBatch.objects.filter(at__gte=now - assignment.UNDO_WITHIN, cases__gt=0).select_related("by")
    context = {
        "form": form,
        "preview": preview,
        "refusal": refusal,
        "asked": request.GET.urlencode(),
        "fields": [(name, value) for name, values in request.GET.lists() for value in values if name != "preview"],
        "loads": [(person, loads[person.id], _share(person, loads[person.id])) for person in people],
        "unassigned": [row | {"stage_label": STAGE_LABEL[row["stage"]]} for row in assignment.unassigned(member)],
        "batches": [(batch, _undoable(batch, member)) for batch in batches.order_by("-id")[:10]],
        "now": now,
    }
    return render(request, "cases/allocation.html", context, status=status)


def _usual(request: HttpRequest, member: Membership) -> dict[str, Any]:
    """A coordinator deals to everybody of the team, evenly; a link from the table of unassigned cases narrows it."""
    wanted = {name: request.GET.getlist(name) for name in ("portfolio", "stage") if name in request.GET}
    people = [str(person.id) for person in collectors_of(member)] if member.role == "COORDINATOR" else []
    return {"kind": "COLLECTOR", "spread": "BALANCE", "collector": people} | wanted


def _share(person: Membership, load: assignment.Load) -> int:
    return min(round(100 * load.cases / person.capacity), 100) if person.capacity else 100


def _undoable(batch: AllocationBatch, member: Membership) -> bool:
    mine = batch.by_id == member.user_id or member.role == "MANAGER"
    return mine and batch.undone_at is None and batch.at > timezone.now() - timedelta(hours=24)


def _today(request: HttpRequest, now: datetime) -> Any:
    return local_day(cast(MemberRequest, request).agency, now)
