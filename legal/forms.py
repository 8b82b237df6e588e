from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from cases.queries import visible_to
from portfolios.models import Creditor, Portfolio


class LegalFilter(forms.Form):
    """Creditor and portfolio of the cases to list; only those the member sees cases of are offered."""

    creditor: "forms.ModelChoiceField[Creditor]" = forms.ModelChoiceField(
        queryset=None, label=_("Creditor"), required=False, empty_label=_("All")
    )
    portfolio: "forms.ModelChoiceField[Portfolio]" = forms.ModelChoiceField(
        queryset=None, label=_("Portfolio"), required=False, empty_label=_("All")
    )

    def __init__(self, member: Membership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        legal = visible_to(member).filter(stage="LEGAL")
        choices = {
            "creditor": Creditor.objects.filter(id__in=legal.values("creditor_id")),
            "portfolio": Portfolio.objects.filter(id__in=legal.values("portfolio_id")),
        }
        for name, queryset in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = queryset.order_by("name", "id")
