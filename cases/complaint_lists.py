"""Reads of the register of complaints: the list by its filters, what is late, and what a creditor sees of its cases."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from django import forms
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team
from cases.case_forms import Plain, day_field
from cases.creditor_cases import cases_of
from cases.debtor_complaints import HANDLERS
from cases.models import Case, DebtorComplaint
from portfolios.models import Creditor, Portfolio

State, Kind = DebtorComplaint.State, DebtorComplaint.Kind
SOON = timedelta(days=5)
"""An answer due within these days is an alarm."""
ANY = ("", _("All"))
_RELATED = ("case__debtor", "case__creditor", "owner__user", "about__user", "recorded_by")


class Period(Protocol):
    """What a dashboard tells of its filters: days, and the cases they let through."""

    start: date
    end: date

    def cases(self) -> QuerySet[Case]: ...


@dataclass(frozen=True)
class Alarms:
    """How many open complaints are late, and how many are due soon."""

    late: int
    soon: int
    open: int


class ComplaintFilter(Plain):
    """Every field is optional; an unknown value filters nothing out."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[ANY, ("UNANSWERED", _("Not closed")), ("LATE", _("Late")), ("SOON", _("Due soon")), *State.choices,
                 ("WAS_LATE", _("Answered late"))],
        required=False,
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("About what"), choices=[ANY, *Kind.choices], required=False)
    source = forms.ChoiceField(
        label=_("Who complains"), choices=[ANY, *DebtorComplaint.Source.choices], required=False
    )  # fmt: skip
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[ANY, *DebtorComplaint.Outcome.choices], required=False)
    creditor: Any = forms.ModelChoiceField(queryset=None, label=_("Creditor"), required=False, empty_label=_("All"))
    portfolio: Any = forms.ModelChoiceField(queryset=None, label=_("Portfolio"), required=False, empty_label=_("All"))
    team: Any = forms.ModelChoiceField(queryset=None, label=_("Team"), required=False, empty_label=_("All"))
    collector: Any = forms.ModelChoiceField(
        queryset=None, label=_("Collector of the case"), required=False, empty_label=_("All")
    )
    owner: Any = forms.ModelChoiceField(queryset=None, label=_("Works on it"), required=False, empty_label=_("All"))
    about: Any = forms.ModelChoiceField(queryset=None, label=_("About whom"), required=False, empty_label=_("All"))
    start = day_field(_("Received from"), required=False)
    end = day_field(_("Received to"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["creditor"].queryset = Creditor.objects.order_by("name", "id")
        fields["portfolio"].queryset = Portfolio.objects.order_by("name", "id")
        fields["team"].queryset = Team.objects.order_by("name", "id")
        fields["owner"].queryset = workers().filter(role__in=HANDLERS)
        fields["about"].queryset = fields["collector"].queryset = workers()


def workers() -> Any:
    """People of the agency whose conduct a complaint may be about."""
    people = Membership.objects.select_related("user").exclude(role__in=("CREDITOR_USER", "LAW_FIRM_USER"))
    return people.order_by("user__full_name", "id")


def register() -> Any:
    """Every complaint of the agency with what lists show of it."""
    return DebtorComplaint.objects.select_related(*_RELATED)


def found(filled: ComplaintFilter, *, as_of: date) -> Any:
    """Complaints as the filter asks for them, those to be answered first."""
    rows = register()
    if not filled.is_valid():
        return rows.order_by(*ORDER)
    told = filled.cleaned_data
    rows = rows.filter(**{name: told[name] for name in ("kind", "source", "outcome", "owner", "about") if told[name]})
    for name, field in (
        ("creditor", "case__creditor"), ("portfolio", "case__portfolio"), ("team", "case__team"),
        ("collector", "case__collector"), ("start", "received_on__gte"), ("end", "received_on__lte"),
    ):  # fmt: skip
        if told[name]:
            rows = rows.filter(**{field: told[name]})
    return _in_state(rows, told["state"], as_of).order_by(*ORDER)


ORDER = (F("closed_at").desc(nulls_first=True), "answer_due_on", "id")


def _in_state(rows: Any, state: str, as_of: date) -> Any:
    if state == "UNANSWERED":
        return rows.exclude(state=State.CLOSED)
    if state == "LATE":
        return rows.exclude(state=State.CLOSED).filter(answer_due_on__lt=as_of)
    if state == "SOON":
        return rows.exclude(state=State.CLOSED).filter(answer_due_on__range=(as_of, as_of + SOON))
    if state == "WAS_LATE":
        return rows.filter(answered_on__gt=F("answer_due_on"))
    return rows.filter(state=state) if state else rows


def alarms(*, as_of: date) -> Alarms:
    """What must not wait any longer, over the whole agency."""
    waiting = DebtorComplaint.objects.exclude(state=State.CLOSED)
    counts = waiting.aggregate(
        late=Count("id", filter=Q(answer_due_on__lt=as_of)),
        soon=Count("id", filter=Q(answer_due_on__range=(as_of, as_of + SOON))),
        open=Count("id"),
    )
    return Alarms(**counts)


def of_period(period: Period) -> Any:
    """Complaints received in the days of a dashboard, about the cases its filters let through."""
    return DebtorComplaint.objects.filter(
        received_on__range=(period.start, period.end), case__in=period.cases()
    )  # fmt: skip


def counts(rows: Any) -> list[tuple[str, str, int]]:
    """(kind, label, how many), the most frequent first."""
    numbers = dict(rows.order_by().values_list("kind").annotate(n=Count("id")).order_by("-n", "kind"))
    return [(kind, str(Kind(kind).label), number) for kind, number in numbers.items()]


def of_creditor(member: Membership) -> Any:
    """Complaints about the cases of the creditor whose user the member is; none for anybody else."""
    return DebtorComplaint.objects.filter(case__in=cases_of(member).order_by().values("id")).select_related("case")
