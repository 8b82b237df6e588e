"""What a case shows of the field: visits with outcomes and photos, the financed object, assets, the final report."""

from typing import Any

from django.http import HttpRequest

from cases.models import Case, Stage
from field import letters_left, objects, reporting
from field.models import Asset, FinancedObject, ObjectStep, Photo, Visit, VisitOrder, VisitStop

SHOWN_VISITS, SHOWN_PHOTOS = 10, 12


def field_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """None when the field has nothing to say of the case, so that desks of young cases stay short."""
    visits = list(
        Visit.objects.filter(case=case).select_related("address", "collector__user").order_by("-id")[:SHOWN_VISITS]
    )
    order = VisitOrder.objects.filter(case=case, state=VisitOrder.State.OPEN).select_related("collector__user").first()
    found = list(FinancedObject.objects.filter(case=case).order_by("id"))
    closed = case.stage == Stage.CLOSED
    if not (visits or order or found or closed or case.stage == Stage.FIELD):
        return None
    pending = VisitStop.objects.filter(order=order, state=VisitStop.State.PENDING).order_by("id") if order else []
    steps: dict[int, list[ObjectStep]] = {}
    if found:
        for step in ObjectStep.objects.filter(case=case).order_by("id"):
            steps.setdefault(step.object_id, []).append(step)
    return {
        "case": case,
        "order": order,
        "pending": list(pending),
        "visits": [(one, letters_left.relation_label(one.relation)) for one in visits],
        "negative": reporting.negative_count(case) if visits else 0,
        "photos": list(Photo.objects.filter(case=case).order_by("-id")[:SHOWN_PHOTOS]) if visits else [],
        "objects": [(one, steps.get(one.id, []), one.state in objects.COMPLAINT_LIKELY) for one in found],
        "assets": list(Asset.objects.filter(case=case).order_by("-id")[:SHOWN_VISITS]),
        "closed": closed,
    }
