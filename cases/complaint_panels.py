"""Where complaints show: on the case, and on the dashboard with alarms and the numbers of its period."""

from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from agencies.access import MemberRequest
from agencies.permissions import Permission
from cases import complaint_lists
from cases.models import Case, DebtorComplaint
from cases.next_actions import local_day
from common.panels import Panel, register_panel

SHOWN = 3


def case_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The latest complaints about the case, and the way to record one."""
    member = cast(MemberRequest, request).membership
    as_of = local_day(case.agency, timezone.now())
    rows = DebtorComplaint.objects.filter(case=case).order_by("-id")[:SHOWN]
    return {
        "rows": [(row, row.days_left(as_of)) for row in rows], "may_record": member.may(Permission.CASES_WORK),
        "may_open": member.may(Permission.COMPLAINTS_HANDLE),
    }  # fmt: skip


def alarm_panel(request: HttpRequest, _period: complaint_lists.Period) -> dict[str, Any] | None:
    """Answers that are late or due soon; nothing while none is."""
    found = complaint_lists.alarms(as_of=local_day(cast(MemberRequest, request).agency, timezone.now()))
    return {"alarms": found, "register": reverse("debtor-complaints")} if found.late or found.soon else None


def dashboard_panel(request: HttpRequest, period: complaint_lists.Period) -> dict[str, Any] | None:
    """The complaints received in the period by kind, and how many are open today."""
    as_of = local_day(cast(MemberRequest, request).agency, timezone.now())
    rows = complaint_lists.of_period(period)
    link = reverse("debtor-complaints") + "?"
    asked = {"start": period.start.isoformat(), "end": period.end.isoformat()} | {
        name: str(value)
        for name in ("creditor", "portfolio", "team", "collector")
        if (value := getattr(period, f"{name}_id", None))
    }  # fmt: skip
    found = complaint_lists.counts(rows)
    return {
        "alarms": complaint_lists.alarms(as_of=as_of), "received": sum(number for _kind, _label, number in found),
        "kinds": [(label, number, link + urlencode(asked | {"kind": kind})) for kind, label, number in found],
        "link": link + urlencode(asked), "link_upheld": link + urlencode(asked | {"outcome": "UPHELD"}),
        "upheld": rows.filter(outcome="UPHELD").count(), "register": reverse("debtor-complaints"),
    }  # fmt: skip


def register() -> None:
    register_panel(Panel("case-rail", "complaints", "cases/complaints/case_panel.html", case_panel, order=65))
    register_panel(
        Panel(
            "dashboard-alarms", "complaints", "cases/complaints/alarm_panel.html", alarm_panel,
            permission=Permission.COMPLAINTS_HANDLE, order=50,
        )
    )  # fmt: skip
    register_panel(
        Panel(
            "dashboard", "complaints", "cases/complaints/dashboard_panel.html", dashboard_panel,
            permission=Permission.COMPLAINTS_HANDLE, order=50,
        )
    )  # fmt: skip
