"""The filter of dashboard and report lists; wrong input falls back to the default with a message beside the field."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team
from common.days import OF_OUR_TIME
from portfolios.models import Creditor, Portfolio

LONGEST = timedelta(days=400)


class FilterForm(forms.Form):
    start = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=OF_OUR_TIME,
    )  # fmt: skip
    end = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=OF_OUR_TIME,
    )  # fmt: skip
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


class MonthField(forms.CharField):
    """A month as `<input type="month">` writes it, given as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"type": "month", "pattern": "[0-9]{4}-[0-9]{2}", "placeholder": "2026-10"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", str(text))
        if not found:
            raise forms.ValidationError(_("Give a month, for example 2026-10."))
        return date(int(found[1]), int(found[2]), 1)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class MonthFilterForm(FilterForm):
    """The filter of pages that show one month."""

    start = None  # type: ignore[assignment]
    end = None  # type: ignore[assignment]
    month = MonthField(label=_("Month"), required=False)
    field_order = ("month", "creditor", "portfolio", "team", "collector")


class ProductivityFilterForm(FilterForm):
    """The filter of what people got done; `team` and `collector` choose people here, not cases."""

    by = forms.ChoiceField(
        label=_("Show"), choices=[("all", _("Whole period")), ("week", _("By week")), ("day", _("By day"))],
        required=False, initial="week",
    )  # fmt: skip
    field_order = ("start", "end", "by")
