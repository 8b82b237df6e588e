"""The form of one bank account: it validates; `statements.accounts` saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolios.models import Creditor


class BankAccountForm(forms.Form):
    number = forms.CharField(
        label=_("IBAN or account number"), max_length=42, help_text=_("As the bank's statements write it.")
    )
    currency = forms.RegexField(r"^[A-Za-z]{3}$", label=_("Currency"), help_text=_("Three letters, for example EUR."))
    name = forms.CharField(label=_("Name for people"), max_length=80, required=False)
    creditor: Any = forms.ModelChoiceField(
        queryset=None, label=_("Only for debts of"), required=False, empty_label=_("All creditors")
    )
    closed_on = forms.DateField(
        label=_("Closed on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("From then on no statement of this account is taken in."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["creditor"]
        choice.queryset = Creditor.objects.order_by("name", "id")
