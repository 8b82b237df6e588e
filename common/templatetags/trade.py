"""Template filters for money, days and permissions. Loaded in every template."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from django import template
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


def _locale() -> str:
    return (translation.get_language() or "en").replace("-", "_").split("_")[0]


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """1234.5 -> "1 234,50 MDL" in the reader's language; "–" for nothing."""
    if amount is None:
        return "–"
    return _money(amount, currency, _locale())


@lru_cache(maxsize=20_000)
def _money(amount: Decimal, currency: str, locale: str) -> str:
    if not currency:
        return str(format_decimal(amount, format="#,##0.00", locale=locale))
    return str(format_currency(amount, currency, format="#,##0.00 ¤¤", locale=locale))


@register.filter
def whole(number: int | None) -> str:
    """1909 -> "1,909" in the reader's language; "–" for nothing. For counts, never for numbers that name something."""
    return "–" if number is None else str(format_decimal(number, format="#,##0", locale=_locale()))


@register.filter
def plain(number: Decimal | str) -> str:
    """1.50 -> "1,5" in the reader's language: as many digits as say something. For percents and other settings."""
    return str(format_decimal(Decimal(number), format="#,##0.####", locale=_locale()))


@register.filter
def day(value: date | None) -> str:
    """A day in the reader's language, medium length; "–" for none."""
    return _day(value.year, value.month, value.day, _locale()) if value else "–"


@lru_cache(maxsize=5_000)
def _day(year: int, month: int, of_month: int, locale: str) -> str:
    return str(format_date(date(year, month, of_month), format="medium", locale=locale))


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the reader's language and the active time zone."""
    if not value:
        return "–"
    there = timezone.localtime(value)
    return f"{_day(there.year, there.month, there.day, _locale())} {there:%H:%M}"


@register.filter
def clock(value: datetime | None, zone: str) -> str:
    """The hour of a moment on a clock of `zone`: "09:15"."""
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M") if value else ""


@register.filter
def weekday_clock(value: datetime | None, zone: str) -> str:
    """Day of the week and hour of a moment on a clock of `zone`: "Mon 09:15"."""
    if not value:
        return ""
    return str(format_datetime(value, "EEE HH:mm", tzinfo=ZoneInfo(zone), locale=_locale()))


@register.filter
def countdown(until: datetime | None, now: datetime | None = None) -> str:
    """How long until a moment, or how late it is: "in 2 days 4 h", "in 40 min", "3 days late". The one way to say it.

    Hours are told within a week; what is late by days tells days alone.
    """
    if until is None:
        return "–"
    left = int((until - (now or timezone.now())).total_seconds())
    days, rest = divmod(abs(left), 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    said = {"days": days, "hours": hours, "minutes": minutes}
    if left < 0:
        if days:
            return ngettext("%(days)d day late", "%(days)d days late", days) % said
        return (_("%(hours)d h late") if hours else _("%(minutes)d min late")) % said
    if days and (days >= 7 or not hours):
        return ngettext("in %(days)d day", "in %(days)d days", days) % said
    if days:
        return ngettext("in %(days)d day %(hours)d h", "in %(days)d days %(hours)d h", days) % said
    return (_("in %(hours)d h") if hours else _("in %(minutes)d min")) % said


@register.filter
def may(membership: Any, permission: str) -> bool:
    """Whether the member's role grants the permission of this code."""
    return bool(membership and membership.may(permission))


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]` with a variable key; "" when absent."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag
def same_with(request: Any, **changes: Any) -> str:
    """The query string of this page with some members changed (None removes one): "?stage=SOFT&page=2"."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def at_page(request: Any, number: int, name: str = "") -> str:
    """The query string of this page at another page of a list; `name`: which list, where there are two."""
    return same_with(request, **{name or "page": number})
