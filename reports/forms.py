"""The filter of dashboard and report lists; wrong input falls back to the default with a message beside the field."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team
from portfolios.models import Creditor, Portfolio

LONGEST = timedelta(days=400)


class FilterForm(forms.Form):
    start = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    end = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    creditor: Any = forms.ModelChoiceField(queryset=None, label=_("Creditor"), required=False, empty_label=_("All"))
    portfolio: Any = forms.ModelChoiceField(queryset=None, label=_("Portfolio"), required=False, empty_label=_("All"))
    team: Any = forms.ModelChoiceField(queryset=None, label=_("Team"), required=False, empty_label=_("All"))
    collector: Any = forms.ModelChoiceField(queryset=None, label=_("Collector"), required=False, empty_label=_("All"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "creditor": Creditor.objects.order_by("name", "id"),
            "portfolio": Portfolio.objects.order_by("name", "id"),
            "team": Team.objects.order_by("name", "id"),
            "collector": Membership.objects.select_related("user")
            .filter(role__in=["COLLECTOR", "FIELD_COLLECTOR"])
            .order_by("user__full_name", "id"),
        }
        for name, queryset in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = queryset

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if isinstance(start, date) and isinstance(end, date):
            if end < start:
                self.add_error("end", _("The last day lies before the first."))
            elif end - start > LONGEST:
                self.add_error("end", _("Choose at most 400 days."))
        return data
