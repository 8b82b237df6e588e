"""The case list's filters: read from the address, so that a list can be shared and a dashboard can point into it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team
from agencies.permissions import Permission
from agencies.roles import ROLES
from cases import queries
from cases.models import Case, ExpertReason, Hold, NextAction, Stage
from portfolios.models import Creditor, Portfolio

SORTS: dict[str, tuple[str, ...]] = {
    "balance": ("balance", "id"),
    "-balance": ("-balance", "id"),
    "dpd": ("-oldest_due_on", "id"),
    "-dpd": ("oldest_due_on", "id"),
    "contract": ("contract_no", "id"),
    "-contract": ("-contract_no", "id"),
    "name": ("debtor__name_key", "id"),
    "-name": ("-debtor__name_key", "id"),
    "next": ("next_action_at", "id"),
    "-next": ("-next_action_at", "id"),
    "worked": ("last_worked_at", "id"),
    "-worked": ("-last_worked_at", "id"),
}
WORKERS = [code for code, role in ROLES.items() if Permission.CASES_WORK in role.permissions]
ANY = ("", _("All"))


class CaseFilterForm(forms.Form):
    """Every field is optional; an unknown value shows as an error and filters nothing out."""

    text = forms.CharField(label=_("Search"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=[ANY, *Stage.choices], required=False)
    creditor: Any = forms.ModelChoiceField(queryset=None, label=_("Creditor"), required=False, empty_label=_("All"))
    portfolio: Any = forms.ModelChoiceField(queryset=None, label=_("Portfolio"), required=False, empty_label=_("All"))
    team: Any = forms.ModelChoiceField(queryset=None, label=_("Team"), required=False, empty_label=_("All"))
    collector = forms.ChoiceField(label=_("Collector"), required=False)
    dpd_from = forms.IntegerField(label=_("Days past due from"), min_value=0, required=False)
    dpd_to = forms.IntegerField(label=_("Days past due to"), min_value=0, required=False)
    balance_from = forms.DecimalField(label=_("Balance from"), required=False)
    balance_to = forms.DecimalField(label=_("Balance to"), required=False)
    next_action = forms.ChoiceField(label=_("Next action"), choices=[ANY, *NextAction.choices], required=False)
    hold = forms.ChoiceField(
        label=_("Hold"),
        choices=[ANY, ("any", _("Any hold")), ("none", _("No hold")), *Hold.Reason.choices],
        required=False,
    )
    experts = forms.ChoiceField(
        label=_("For experts"),
        choices=[ANY, ("any", _("For experts")), ("none", _("Not for experts")), *ExpertReason.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["creditor"].queryset = Creditor.objects.order_by("name")
        fields["portfolio"].queryset = Portfolio.objects.order_by("name")
        fields["team"].queryset = Team.objects.order_by("name")
        people = Membership.objects.filter(role__in=WORKERS, is_active=True).select_related("user")
        named = sorted((str(person.user), person.id) for person in people)
        fields["collector"].choices = [ANY, ("none", _("Nobody")), *((str(pk), name) for name, pk in named)]


def chosen(form: CaseFilterForm, *, member: Membership, as_of: date) -> QuerySet[Case]:
    """The cases a valid form asks for, of those the member's lists may show; closed ones only when asked for."""
    data: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    cases = queries.visible_to(member)
    text = (data.get("text") or "").strip()
    if text:
        cases = cases.filter(id__in=[case.id for case in queries.search(member, text, limit=200)])
    cases = cases.filter(stage=data["stage"]) if data.get("stage") else cases.exclude(stage=Stage.CLOSED)
    for name in ("creditor", "portfolio", "team", "next_action"):
        if data.get(name):
            cases = cases.filter(**{name: data[name]})
    return _hard(_held(_aged(_owned(cases, data), data, as_of), data), data)


def _hard(cases: QuerySet[Case], data: dict[str, Any]) -> QuerySet[Case]:
    wanted = data.get("experts")
    if not wanted:
        return cases
    if wanted in {"any", "none"}:
        return cases.exclude(for_experts="") if wanted == "any" else cases.filter(for_experts="")
    return cases.filter(for_experts=wanted)


def _owned(cases: QuerySet[Case], data: dict[str, Any]) -> QuerySet[Case]:
    if data.get("collector") == "none":
        return cases.filter(collector=None)
    return cases.filter(collector_id=int(data["collector"])) if data.get("collector") else cases


def _aged(cases: QuerySet[Case], data: dict[str, Any], as_of: date) -> QuerySet[Case]:
    if data.get("dpd_from"):
        cases = cases.filter(oldest_due_on__lte=as_of - timedelta(days=data["dpd_from"]))
    if data.get("dpd_to") is not None:
        cases = cases.filter(Q(oldest_due_on__gte=as_of - timedelta(days=data["dpd_to"])) | Q(oldest_due_on=None))
    if data.get("balance_from") is not None:
        cases = cases.filter(balance__gte=data["balance_from"])
    return cases.filter(balance__lte=data["balance_to"]) if data.get("balance_to") is not None else cases


def _held(cases: QuerySet[Case], data: dict[str, Any]) -> QuerySet[Case]:
    wanted = data.get("hold")
    if not wanted:
        return cases
    if wanted in {"any", "none"}:
        return cases.filter(on_hold=wanted == "any")
    return cases.filter(id__in=Hold.objects.filter(reason=wanted, lifted_at=None).values("case_id"))
