"""The form of the rules of visits and experts. It validates; `portfolios.terms` saves."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.scope import current_agency_id
from portfolios.models import Creditor, EscalationRule, Portfolio

LABELS = {
    "IN_FORCE": _("In force"), "ACCELERATED": _("Accelerated"), "TERMINATED": _("Terminated"),
    "IN_LITIGATION": _("In litigation"), "BEING_ASSIGNED": _("Being assigned"),
}  # fmt: skip


def _statuses(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(LABELS.items()), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )  # fmt: skip


class EscalationForm(forms.ModelForm):  # type: ignore[type-arg]
    level = forms.ChoiceField(label=_("For"))
    soft_visit_in = _statuses(
        _("Soft visits while the contract is"), _("With no tick here and below, every visit is admitted.")
    )
    hard_visit_in = _statuses(_("Hard visits while the contract is"), "")

    class Meta:
        model = EscalationRule
        fields = [
            "soft_visit_in", "hard_visit_in", "hard_visit_after", "expert_calls", "expert_visits",
            "expert_after_visits", "expert_accelerated", "effective_on",
        ]  # fmt: skip
        labels = {
            "hard_visit_after": _("Softer visits in vain before a hard one"),
            "expert_calls": _("Experts before termination: after so many calls"),
            "expert_visits": _("… and so many visits in vain"),
            "expert_after_visits": _("Experts after so many visits in vain, whatever the contract's status"),
            "expert_accelerated": _("Experts once the contract is accelerated"),
            "effective_on": _("In force from"),
        }  # fmt: skip

    field_order = ["level"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agency_id = self.instance.agency_id or current_agency_id()
        self.fields["effective_on"].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        creditors = Creditor.objects.order_by("name")
        portfolios = Portfolio.objects.select_related("creditor").order_by("creditor__name", "name")
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("agency", _("The whole agency")),
            *((f"creditor-{c.id}", c.name) for c in creditors),
            *((f"portfolio-{p.id}", f"{p.creditor.name} · {p.name}") for p in portfolios),
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind, _dash, number = str(data.get("level", "")).partition("-")
        self.instance.creditor_id = int(number) if kind == "creditor" else None
        self.instance.portfolio_id = int(number) if kind == "portfolio" else None
        if (data.get("expert_calls") is None) != (data.get("expert_visits") is None):
            self.add_error("expert_visits", _("Calls and visits belong together: enter both or none."))
        same = Q(creditor_id=self.instance.creditor_id, portfolio_id=self.instance.portfolio_id)
        if EscalationRule.objects.filter(same, effective_on=data.get("effective_on")).exists():
            self.add_error("effective_on", _("There is a rule from this day on already."))
        return data


def labels_of(statuses: list[str]) -> list[str]:
    return [str(LABELS[status]) for status in statuses if status in LABELS]
