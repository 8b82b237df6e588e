"""What the case page shows beside the desk: statement, promise, stage, holds, assignment, contact points."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from agencies.access import MemberRequest
from agencies.permissions import Permission
from cases import holds, inbox_views, promises, transitions
from cases.allocation_forms import collectors_of
from cases.case_forms import HoldForm, JudgeForm, MoveForm, PointForm, ReversalForm
from cases.desk_lists import words_for
from cases.models import Case, Promise, Stage
from cases.next_actions import local_day
from cases.reversals import Cause
from common.panels import Panel, panels_for, register_panel
from debtors.contact_points import points_of
from debtors.models import ContactPoint, Validity
from ledger.queries import statement, upcoming_dues

Context = dict[str, Any] | None


def statement_panel(request: HttpRequest, case: Case) -> Context:
    member = cast(MemberRequest, request).membership
    rows = statement(case.account)
    return {
        "rows": rows,
        "dues": upcoming_dues(case.account, after=local_day(case.agency, timezone.now())),
        "may_reverse": member.may(Permission.CASES_MOVE) and any(row.reversible for row in rows),
        "form": ReversalForm(),
        "causes": Cause.choices,
    }


def promise_panel(request: HttpRequest, case: Case) -> Context:
    known: dict[int, Promise | None] = request.__dict__.get("open_promises", {})
    promise = known[case.id] if case.id in known else promises.open_promise(case)
    if promise is None:
        return None
    member = cast(MemberRequest, request).membership
    waits = promise.state == "AWAITING_APPROVAL"
    return {
        "promise": promise,
        "waits": waits,
        "may_decide": waits and member.may(Permission.PROMISES_APPROVE) and promise.made_by_id != member.user_id,
    }


def stage_panel(request: HttpRequest, case: Case) -> Context:
    member = cast(MemberRequest, request).membership
    as_of = local_day(case.agency, timezone.now())
    offered = transitions.available(case, role=member.role, as_of=as_of)
    return {"offered": offered, "form": MoveForm()} if offered else None


def holds_panel(request: HttpRequest, case: Case) -> Context:
    if case.stage == Stage.CLOSED:
        return None
    return {"holds": holds.open_holds(case), "form": HoldForm(words=words_for(request))}


def assign_panel(request: HttpRequest, case: Case) -> Context:
    if case.stage == Stage.CLOSED:
        return None
    return {"collectors": collectors_of(cast(MemberRequest, request).membership)}


def points_panel(request: HttpRequest, case: Case) -> Context:
    known: dict[int, list[ContactPoint]] = request.__dict__.get("contact_points", {})
    points = known[case.id] if case.id in known else points_of(case.debtor_id)
    return {
        "points": [(point, point.validity == Validity.UNCONFIRMED) for point in points],
        "form": PointForm(initial={"source": "DEBTOR"}),
        "judge": JudgeForm(),
    }


PANELS = (
    Panel(
        "approvals", "inbox", "cases/panels/approval_inbox.html", inbox_views.inbox_panel,
        permission=Permission.APPROVALS_DECIDE, order=10,
    ),
    Panel("case", "approvals", "cases/panels/approvals.html", inbox_views.case_panel, order=65),
    Panel("case", "statement", "cases/panels/statement.html", statement_panel, order=60),
    Panel("case-rail", "promise", "cases/panels/promise.html", promise_panel, order=40),
    Panel("case-rail", "stage", "cases/panels/stage.html", stage_panel, order=60),
    Panel("case-rail", "holds", "cases/panels/holds.html", holds_panel, permission=Permission.CASES_HOLD, order=70),
    Panel(
        "case-rail", "assign", "cases/panels/assign.html", assign_panel, permission=Permission.CASES_ALLOCATE, order=80
    ),
    Panel(
        "case-rail", "points", "cases/panels/points.html", points_panel, permission=Permission.DEBTORS_EDIT, order=90
    ),
)  # fmt: skip
BY_NAME: dict[str, Panel] = {panel.name: panel for panel in PANELS}


def register() -> None:
    for panel in PANELS:
        register_panel(panel)


def render_panel(request: HttpRequest, name: str, case: Case, **more: Any) -> str:
    """One panel, as the page shows it; `more` adds a refused form and its sentence."""
    panel = BY_NAME[name]
    context = panel.context(request, case)
    member = cast(MemberRequest, request).membership
    return render_to_string(panel.template, {"case": case, "member": member} | (context or {}) | more, request)


def rendered(request: HttpRequest, slot: str, subject: Any) -> list[SafeString]:
    """What every app registered for a slot, for whoever may see it."""
    member = cast(MemberRequest, request).membership
    found = []
    for panel in panels_for(slot):
        if panel.permission and not member.may(panel.permission):
            continue
        context = panel.context(request, subject)
        if context is not None:
            found.append(SafeString(render_to_string(panel.template, {"member": member} | context, request)))
    return found


PanelContext = Callable[[HttpRequest, Case], Context]
