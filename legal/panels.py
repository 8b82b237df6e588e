"""What the case page shows of this floor: the decision behind the legal stage."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from cases.models import Case, Stage
from legal import queries


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
