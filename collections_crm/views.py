"""Pages of the product itself, of no agency: the style guide."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.access import public
from cases.models import Stage
from common.charts import bar_chart, column_chart, line_chart


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As it stands in the contract."))
    amount = forms.DecimalField(label=_("Amount"), min_value=1)
    due_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("SMS", _("SMS")), ("LETTER", _("Letter"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3, "wide": True}), required=False)
    pinned = forms.BooleanField(label=_("Keep on top"), required=False)


@dataclass(frozen=True)
class Tone:
    code: str
    label: Any


TONES = [
    Tone("ok", _("Good")),
    Tone("warn", _("Careful")),
    Tone("bad", _("Stopped")),
    Tone("info", _("For your information")),
    Tone("neutral", _("Neutral")),
]


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component once, in both themes, for people who build pages and for the tests that look at them."""
    theme = request.GET.get("theme", "")
    stages = [{"stage": label, "cases": 40 + 37 * n % 90} for n, (_code, label) in enumerate(Stage.choices)]
    days = [
        {"day": f"{day} Nov", "sum": (day * 37) % 90 + 10 * way, "way": name}
        for day in range(1, 25)
        for way, name in enumerate((_("Cash desk"), _("Transfer")))
    ]
    page = Paginator(range(95), 10).page(3)
    context = {
        "theme": theme if theme in ("light", "dark") else "",
        "form": SampleForm(initial={"amount": "1250.00"}),
        "refused": SampleForm({"name": "", "amount": "-5", "stage": "SOFT", "channel": "SMS"}),
        "tones": TONES,
        "stages": Stage.choices,
        "page": page,
        "bars": bar_chart(stages, x="stage", y="cases", title=_("Cases by stage"), links=lambda row: "#charts"),
        "columns": column_chart(
            days, x="day", y="sum", series="way", title=_("Recovered by day"), unit="MDL", links=lambda row: "#charts"
        ),
        "lines": line_chart(days, x="day", y="sum", series="way", title=_("Recovered by day"), unit="MDL"),
    }
    return render(request, "styleguide/page.html", context)
