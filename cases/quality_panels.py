"""The quality of conversations on the dashboard: the average of the period with the way to its conversations."""

from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from agencies.access import MemberRequest
from agencies.permissions import Permission
from cases import quality_lists
from cases.complaint_lists import Period
from common.panels import Panel, register_panel


def dashboard_panel(request: HttpRequest, period: Period) -> dict[str, Any] | None:
    """Judged conversations that were held in the period, within the dashboard's team and collector."""
    member = cast(MemberRequest, request).membership
    rows = quality_lists.between(
        quality_lists.visible_to(member), period.start, period.end, zone=member.agency.time_zone
    )  # fmt: skip
    chosen = {name: getattr(period, f"{name}_id", None) for name in ("team", "collector")}
    rows = rows.filter(**{f"{name}_id": value for name, value in chosen.items() if value})
    asked = {"start": period.start, "end": period.end} | {name: value for name, value in chosen.items() if value}
    link = reverse("quality-reviews") + "?"
    return {
        "whole": quality_lists.whole(rows.filter(state="CLOSED")), "waiting": rows.filter(state="WAITING").count(),
        "link": link + urlencode(asked | {"state": "CLOSED"}),
        "link_waiting": link + urlencode(asked | {"state": "WAITING"}),
        "link_failed": link + urlencode(asked | {"what": "FAILED"}), "results": reverse("quality-results"),
    }  # fmt: skip


def register() -> None:
    register_panel(
        Panel(
            "dashboard", "quality", "cases/quality/dashboard_panel.html", dashboard_panel,
            permission=Permission.QUALITY_JUDGE, order=60,
        )
    )  # fmt: skip
