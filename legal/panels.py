"""What the case page shows of this floor: the decision behind the legal stage, and how contract and court stand."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from cases import contract_status
from cases.models import Case, Stage
from cases.next_actions import local_day
from legal import limitation, queries
from legal.models import Complaint, Handoff, LawsuitDecision


def decision(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Since when the case is in legal, who decided it and why; nothing for a case in another stage."""
    if case.stage != Stage.LEGAL:
        return None
    today = timezone.localdate()
    return {
        "since": case.stage_since,
        "days": max((today - case.stage_since).days, 0),
        "decision": queries.decisions_of([case.id]).get(case.id),
    }


def legal_file(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Contract, decision, handoff and complaint in a few lines, with the way to the legal page."""
    today = local_day(case.agency, timezone.now())
    last = LawsuitDecision.objects.filter(case=case).order_by("-id").first()
    limit = last.limitation_on if last else None
    return {
        "case": case, "dpd": case.dpd(today), "legal_dpd": contract_status.days_since_acceleration(case, today),
        "differs": contract_status.differs(case), "lawsuit": last,
        "alarm": limitation.alarm(limit, today) if last and case.stage != Stage.CLOSED else "",
        "handoff": Handoff.objects.filter(case=case).select_related("firm").order_by("-id").first(),
        "complaint": Complaint.objects.filter(case=case).order_by("-id").first(),
    }  # fmt: skip
