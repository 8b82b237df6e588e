"""What the case page shows of agreements and documents. Forms stand on pages of their own."""

from typing import Any, cast

from django.http import HttpRequest

from agencies.access import MemberRequest
from agencies.permissions import Permission
from cases import deeds, documents, plan_judging, settlements, waivers
from cases.models import Case, Plan, Settlement, Stage, Waiver
from common.panels import Panel, register_panel

MOST_DOCUMENTS = 100


def agreements_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    member = cast(MemberRequest, request).membership
    plan = Plan.objects.filter(case=case).select_related("format").order_by("-id").first()
    settlement = Settlement.objects.filter(case=case).order_by("-id").first()
    waiver = Waiver.objects.filter(case=case).order_by("-id").first()
    free = (plan is None or plan.state not in plan_judging.OPEN) and (
        settlement is None or settlement.state not in settlements.OPEN
    )
    asks = free and case.stage != Stage.CLOSED
    return {
        "plan": plan,
        "whole": plan.advance + plan.total if plan else None,
        "deed": deeds.of_plan(plan) if plan is not None and plan.amount else None,
        "may_deed": member.may(Permission.RESTRUCTURING),
        "settlement": settlement,
        "waiver": waiver,
        "may_waive": case.stage != Stage.CLOSED
        and case.mandate.max_discount_percent > 0
        and member.may(Permission.SETTLEMENTS_OFFER)
        and (waiver is None or waiver.state != Waiver.State.AWAITING_APPROVAL)
        and (settlement is None or settlement.state not in settlements.OPEN),
        "may_drop_waiver": waiver is not None
        and waiver.state == Waiver.State.AWAITING_APPROVAL
        and waivers.may_cancel(waiver, member),
        "may_take_back": waiver is not None
        and waiver.state == Waiver.State.POSTED
        and case.stage != Stage.CLOSED
        and member.may(Permission.APPROVALS_DECIDE),
        "may_ask": asks and member.may(Permission.CASES_WORK),
        "may_offer": asks and case.mandate.max_discount_percent > 0 and member.may(Permission.SETTLEMENTS_OFFER),
        "may_draft": plan is not None and plan.state == Plan.State.DRAFTING and member.may(Permission.RESTRUCTURING),
        "may_cancel": settlement is not None
        and settlement.state in settlements.OPEN
        and settlements.may_cancel(settlement, member),
    }


def documents_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    found = documents.current(case).select_related("made_by").order_by("-id")[:MOST_DOCUMENTS]
    return {"documents": list(found), "may_add": cast(MemberRequest, request).membership.may(Permission.CASES_WORK)}


PANELS = (
    Panel("case-rail", "agreements", "cases/panels/agreements.html", agreements_panel, order=45),
    Panel("case", "documents", "cases/panels/documents.html", documents_panel, order=70),
)


def register() -> None:
    for panel in PANELS:
        register_panel(panel)
