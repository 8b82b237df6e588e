"""What reports hang into the pages of other floors: the own target in the desk's strip of the day."""

from typing import Any, cast

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from agencies.access import MemberRequest
from cases.desk_day import today_of
from reports.models.targets import Target
from reports.targets import attainments

KEPT_SECONDS = 300
"""The strip is drawn with every case; what was reached is counted anew so often."""


def own_target(request: HttpRequest, _subject: Any) -> dict[str, Any] | None:
    """The targets of the member that run today; None when there are none."""
    member = cast(MemberRequest, request).membership
    today = today_of(member, timezone.now())
    running = Target.objects.filter(member=member, starts_on__lte=today).select_related("member__user")
    targets = [target for target in running.order_by("-starts_on", "id")[:4] if target.ends_on >= today]
    if not targets:
        return None
    newest = max(target.set_at for target in targets)
    key = f"own-target:{member.agency_id}:{member.id}:{today}:{newest:%Y%m%d%H%M%S}:{len(targets)}"
    rows = cache.get(key)
    if rows is None:
        rows = [
            {
                "id": row.target.id, "amount": row.target.amount, "reached": row.reached, "percent": row.percent,
                "currency": row.target.currency, "period": row.target.period, "bar": min(int(row.percent), 100),
            }
            for row in attainments(targets, zone=member.agency.time_zone, as_of=today)
        ]  # fmt: skip
        cache.set(key, rows, KEPT_SECONDS)
    return {"rows": rows}
