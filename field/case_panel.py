"""What a case shows of the field: visits with outcomes and photos, the financed object, assets, the final report."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from cases.models import Case, Stage
from field import letters_left, objects, reporting
from field.models import Asset, FinancedObject, ObjectStep, Photo, Visit, VisitOrder, VisitStop

SHOWN_VISITS, SHOWN_PHOTOS = 10, 12


def field_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """None when the field has nothing to say of the case, so that desks of young cases stay short."""
    visited, ordered, has_object = _has(case)
    closed = case.stage == Stage.CLOSED
    if not (visited or ordered or has_object or closed or case.stage == Stage.FIELD):
        return None
    rows = Visit.objects.filter(case=case).select_related("address", "collector__user").order_by("-id")
    visits = list(rows[:SHOWN_VISITS]) if visited else []
    found = list(FinancedObject.objects.filter(case=case).order_by("id")) if has_object else []
    pending = VisitStop.objects.filter(
        order__case=case, order__state=VisitOrder.State.OPEN, state=VisitStop.State.PENDING
    ).order_by("id")
    steps: dict[int, list[ObjectStep]] = {}
    if found:
        for step in ObjectStep.objects.filter(case=case).order_by("id"):
            steps.setdefault(step.object_id, []).append(step)
    return {
        "case": case,
        "pending": list(pending) if ordered else [],
        "visits": [(one, letters_left.relation_label(one.relation)) for one in visits],
        "negative": reporting.negative_count(case) if visits else 0,
        "photos": list(Photo.objects.filter(case=case).order_by("-id")[:SHOWN_PHOTOS]) if visits or found else [],
        "objects": [(one, steps.get(one.id, []), one.state in objects.COMPLAINT_LIKELY) for one in found],
        "assets": list(Asset.objects.filter(case=case).order_by("-id")[:SHOWN_VISITS]) if visits else [],
        "closed": closed,
    }


def _has(case: Case) -> tuple[bool, bool, bool]:
    """Whether the case has visits, an open order, an object: one statement for the many cases that have none."""
    mine = {"case": OuterRef("pk")}
    found: tuple[bool, bool, bool] = (
        Case.objects.filter(id=case.id)
        .values_list(
            Exists(Visit.objects.filter(**mine)),
            Exists(VisitOrder.objects.filter(state=VisitOrder.State.OPEN, **mine)),
            Exists(FinancedObject.objects.filter(**mine)),
        )
        .get()
    )
    return found
