"""Reads of judged conversations: who may see which, the list by its filters, and the figures of results."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Avg, Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team
from cases.case_forms import Plain, day_field
from cases.models import ConversationReview, ItemMark, ScoreItem
from cases.quality_cards import label_of
from cases.quality_sampling import JUDGED_ROLES

State = ConversationReview.State
ANY = ("", _("All"))
_RELATED = ("case__debtor", "disposition__code", "collector__user", "team", "judge__user", "card")
_ONE_DECIMAL = Decimal("0.1")


class ReviewFilter(Plain):
    """Every field is optional; `item` and `sample` come from the links of results alone."""

    state = forms.ChoiceField(label=_("State"), choices=[ANY, *State.choices], required=False)
    collector: Any = forms.ModelChoiceField(queryset=None, label=_("Who spoke"), required=False, empty_label=_("All"))
    team: Any = forms.ModelChoiceField(queryset=None, label=_("Team"), required=False, empty_label=_("All"))
    what = forms.ChoiceField(
        label=_("Result"),
        choices=[ANY, ("FAILED", _("Failed by a fatal item")), ("REPLIED", _("With a comment of the person judged"))],
        required=False,
    )
    start = day_field(_("Held from"), required=False)
    end = day_field(_("Held to"), required=False)
    sample = forms.IntegerField(required=False, widget=forms.HiddenInput)
    item = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        people = Membership.objects.select_related("user").filter(role__in=JUDGED_ROLES)
        fields["collector"].queryset = people.order_by("user__full_name", "id")
        fields["team"].queryset = Team.objects.order_by("name", "id")


def visible_to(member: Membership) -> Any:
    """Judged conversations: a coordinator sees their team's and those of no team, a manager all of them."""
    rows = ConversationReview.objects.select_related(*_RELATED)
    if member.role == "COORDINATOR" and member.team_id is not None:
        rows = rows.filter(Q(team_id=member.team_id) | Q(team=None))
    return rows


def own_of(member: Membership) -> Any:
    """What was judged of the member's own conversations."""
    rows = ConversationReview.objects.select_related(*_RELATED)
    return rows.filter(collector=member, state=State.CLOSED)


def found(member: Membership, filled: ReviewFilter) -> Any:
    """Conversations as the filter asks for them, those to be judged first."""
    rows = visible_to(member)
    if filled.is_valid():
        told = filled.cleaned_data
        rows = rows.filter(**{name: told[name] for name in ("state", "collector", "team", "sample") if told[name]})
        rows = between(rows, told["start"], told["end"], zone=member.agency.time_zone)
        if told["what"] == "FAILED":
            rows = rows.filter(failed=True)
        elif told["what"] == "REPLIED":
            rows = rows.filter(replied_at__isnull=False)
        if told["item"]:
            rows = rows.filter(id__in=_missing_points(told["item"]))
    return rows.order_by("-state", "-held_at", "-id")


def between(rows: Any, start: date | None, end: date | None, *, zone: str) -> Any:
    """Held on days from `start` to `end`, both included, on the agency's clock."""
    if start:
        rows = rows.filter(held_at__gte=datetime.combine(start, time.min, ZoneInfo(zone)))
    if end:
        rows = rows.filter(held_at__lt=datetime.combine(end + timedelta(days=1), time.min, ZoneInfo(zone)))
    return rows


@dataclass(frozen=True)
class Figure:
    """How one group of conversations was judged. `average` in per cent with one decimal."""

    key: Any
    label: str
    average: Decimal
    judged: int
    failed: int


@dataclass(frozen=True)
class Weak:
    """How an item was kept: per cent of its points, over the conversations that gave occasion for it."""

    item_id: int
    label: str
    average: Decimal
    judged: int
    missed: int


def by_collector(judged: Any) -> list[Figure]:
    rows = _grouped(judged, "collector_id", "collector__user__full_name", "collector__user__email")
    return sorted(
        (_figure(row, row["collector_id"], row["collector__user__full_name"] or row["collector__user__email"])
         for row in rows),
        key=lambda figure: (-figure.average, figure.label),
    )  # fmt: skip


def by_team(judged: Any) -> list[Figure]:
    rows = _grouped(judged, "team_id", "team__name")
    return sorted((_figure(row, row["team_id"], row["team__name"] or "") for row in rows), key=lambda one: one.label)


def by_month(judged: Any, *, zone: str) -> list[Figure]:
    """Averages by the month a conversation was held in, oldest first; `key` is the month's first day."""
    months = judged.annotate(month=TruncMonth("held_at", tzinfo=ZoneInfo(zone)))
    rows = _grouped(months, "month")
    return sorted((_figure(row, row["month"].date(), "") for row in rows), key=lambda figure: figure.key)


def by_collector_and_month(judged: Any, *, zone: str) -> dict[tuple[int, date], Figure]:
    months = judged.annotate(month=TruncMonth("held_at", tzinfo=ZoneInfo(zone)))
    rows = _grouped(months, "collector_id", "month")
    return {(row["collector_id"], row["month"].date()): _figure(row, None, "") for row in rows}


def whole(judged: Any) -> Figure | None:
    """All together; None while nothing is judged."""
    row = judged.order_by().aggregate(average=Avg("score"), n=Count("id"), failed=Count("id", filter=Q(failed=True)))
    return _figure(row, None, "") if row["n"] else None


def by_item(judged: Any) -> list[Weak]:
    """Items of the cards used, the weakest first."""
    marks = ItemMark.objects.filter(review__in=judged.order_by().values("id"), points__isnull=False)
    rows = marks.order_by().values("item_id").annotate(
        n=Count("id"), points_sum=Sum("points"), missed=Count("id", filter=Q(points__lt=2))
    )  # fmt: skip
    items = ScoreItem.objects.in_bulk([row["item_id"] for row in rows])
    weak = [
        Weak(
            row["item_id"], label_of(items[row["item_id"]]), _rounded(Decimal(row["points_sum"]) * 50 / row["n"]),
            row["n"], row["missed"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(weak, key=lambda one: (one.average, one.label))


def _missing_points(item_id: int) -> Any:
    return ItemMark.objects.filter(item_id=item_id, points__lt=2).values("review_id")


def _grouped(judged: Any, *by: str) -> Any:
    rows = judged.filter(state=State.CLOSED).order_by().values(*by)
    return rows.annotate(average=Avg("score"), n=Count("id"), failed=Count("id", filter=Q(failed=True)))


def _figure(row: dict[str, Any], key: Any, label: str) -> Figure:
    return Figure(key, label, _rounded(row["average"]), row["n"], row["failed"])


def _rounded(value: Decimal) -> Decimal:
    return Decimal(value).quantize(_ONE_DECIMAL, ROUND_HALF_UP)
