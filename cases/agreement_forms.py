"""Forms of plans, settlements, plan formats and documents. They only read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.case_forms import MONEY, Plain, day_field
from cases.models import Case, DocumentKind
from cases.plan_formats import usable

BY_HAND = (
    DocumentKind.PAYMENT_PROOF, DocumentKind.AUTHORISATION, DocumentKind.DEATH_CERTIFICATE, DocumentKind.CONTRACT,
    DocumentKind.POWER_OF_ATTORNEY, DocumentKind.ASSIGNMENT_NOTICE, DocumentKind.AGREEMENT, DocumentKind.COURT,
    DocumentKind.OTHER,
)  # fmt: skip
"""What people bring; the other kinds are made here."""


def _money(label: Any, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, widget=forms.TextInput(attrs=MONEY), localize=True, **kwargs)


class PlanRequestForm(Plain):
    format: Any = forms.ModelChoiceField(queryset=None, label=_("Plan format"), empty_label=None)
    advance = _money(_("Advance instalment"))
    advance_by = day_field(_("To be paid by"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].queryset = usable(case.mandate)  # type: ignore[attr-defined]


class DraftForm(Plain):
    amount = _money(_("Put into instalments"))
    months = forms.IntegerField(label=_("Monthly instalments"), min_value=1)
    first_on = day_field(_("First instalment on"))
    instalment = _money(
        _("Each instalment"), required=False,
        help_text=_("Empty: equal instalments. Otherwise the last one is what remains."),
    )  # fmt: skip


class SettlementForm(Plain):
    discount_percent = _money(_("Discount, %"))
    pay_by = day_field(_("To be paid by"))


class FormatForm(Plain):
    name = forms.CharField(label=_("Name"), max_length=80)
    max_months = forms.IntegerField(label=_("Longest plan, months"), min_value=1, max_value=12, initial=12)
    interest_percent = _money(_("Interest, % a year on what is left"), min_value=0, max_value=100, initial=0)
    fee_percent = _money(_("Convenience fee, % of the sum, once"), min_value=0, max_value=100, initial=0)
    minimum_percent = forms.IntegerField(
        label=_("Smallest instalment, % of the original one"), min_value=100, max_value=1000, initial=100
    )
    grace_days = forms.IntegerField(label=_("Days of grace"), min_value=0, max_value=30, initial=3)
    balloon_allowed = forms.BooleanField(label=_("The last instalment may be larger than the others"), required=False)


class DocumentForm(Plain):
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in BY_HAND])
    title = forms.CharField(label=_("Title"), max_length=160, required=False)
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, JPEG, PNG or WebP, up to 15 MB."),
        widget=forms.ClearableFileInput({"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )  # fmt: skip
