"""The way of paying on the case: shown beside promise and plan, changed by whoever works the case."""

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases import paying_ways, plan_judging, promises
from cases.desk_forms import WayForm
from cases.desk_views import deed, done, show
from cases.models import Case, Plan, Stage
from common.panels import Panel, register_panel


@requires(Permission.CASES_WORK)
@deed("panel-way")
def agree(request: HttpRequest, case: Case, *, now: datetime) -> HttpResponse:
    """Keep another way, or the facts of a mandate that was signed; it belongs to the open promise, else to the plan."""
    form = WayForm(request.POST)
    terms = form.terms() if form.is_valid() else None
    if terms is None:
        words = _first_error(form) or _("Choose one of the ways of paying.")
        return show(request, case, now=now, status=422, refusal=words, opened="panel-way")
    promise = promises.open_promise(case)
    plan = None
    if promise is None:
        plan = Plan.objects.filter(case=case, state__in=plan_judging.OPEN).first()
    member = cast(MemberRequest, request).membership
    paying_ways.agree(case, terms, promise=promise, plan=plan, by=member, now=now)
    return done(request, case, now=now, told=_("The way of paying is kept."))


def _first_error(form: WayForm) -> str:
    for name, errors in form.errors.items():
        return f"{form.fields[name].label}: {errors[0]}"
    return ""


def way_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    member = cast(MemberRequest, request).membership
    way = paying_ways.current(case)
    works = case.stage != Stage.CLOSED and member.may(Permission.CASES_WORK)
    if way is None and not works:
        return None
    first = {name: getattr(way, name) for name in WayForm.base_fields} if way else {"way": case.debtor.pays_by}
    typed = request.method == "POST" and "way-way" in request.POST
    return {
        "way": way,
        "form": (
            WayForm(request.POST, auto_id="panelway_%s") if typed else WayForm(initial=first, auto_id="panelway_%s")
        )
        if works
        else None,
        "preferred": case.debtor.get_pays_by_display() if way is None else "",
    }


def register() -> None:
    register_panel(Panel("case-rail", "way", "cases/panels/way.html", way_panel, order=42))
