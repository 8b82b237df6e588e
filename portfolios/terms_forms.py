"""Forms of creditors, mandates, portfolios and strategies: they validate; `portfolios.terms` saves."""

from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.scope import current_agency_id
from jurisdictions import packs
from portfolios import dropping
from portfolios.models import Channel, Creditor, Mandate, Portfolio, Strategy
from portfolios.visible import uploaders_for

APPROVALS = [
    ("BOOT", _("Wheel boot")), ("COMPLAINT", _("Criminal complaint")), ("DISCOUNT", _("Discount")),
    ("PLAN", _("Payment plan")), ("LAWSUIT", _("Lawsuit")), ("PROMISE", _("Promise to pay")),
]  # fmt: skip


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class _Owned(forms.ModelForm):  # type: ignore[type-arg]
    """Lets unique keys that begin with the agency be checked before the database refuses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.agency_id is None:
            self.instance.agency_id = current_agency_id()
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = _Day()

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"agency", "creditor", "portfolio"}  # type: ignore[misc,no-any-return]


class CreditorForm(_Owned):
    class Meta:
        model = Creditor
        fields = ["name", "registration_no", "country", "address", "contact_name", "contact_email", "payment_iban"]
        labels = {
            "name": _("Name"), "registration_no": _("Registration number"), "country": _("Country (two letters)"),
            "address": _("Address"), "contact_name": _("Contact person"), "contact_email": _("Contact e-mail"),
            "payment_iban": _("IBAN for remittances"),
        }  # fmt: skip

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if len(country) != 2 or not country.isalpha():
            raise forms.ValidationError(_("Two letters, for example MD."))
        return country


RATES = ("interest_percent", "penalty_percent_daily", "penalty_cap_percent")
MOST_DAYS = {"promise_days": 7, "promise_days_approved": 30}
"""S004-43, S004-44: no mandate reaches further."""
PARTS_OF_DEBT = ("PRINCIPAL", "INTEREST", "PENALTY", "FEES", "COSTS")
"""The buckets of the ledger, which lies above this floor; a test there keeps both in step."""


class MandateForm(_Owned):
    jurisdiction = forms.ChoiceField(label=_("Law of the contract"))
    allowed_channels = forms.MultipleChoiceField(
        label=_("Allowed channels"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    approvals = forms.MultipleChoiceField(
        label=_("Needs the creditor's approval"), choices=APPROVALS, required=False, widget=forms.CheckboxSelectMultiple
    )
    allocation_order = forms.CharField(
        label=_("Order in which a payment covers the debt"),
        required=False,
        help_text=_("Empty: as the law has it. Otherwise all five: COSTS, FEES, PENALTY, INTEREST, PRINCIPAL."),
    )
    other_currencies = forms.CharField(
        label=_("Other currencies"), required=False, help_text=_("For example EUR, USD.")
    )

    class Meta:
        model = Mandate
        fields = [
            "name", "starts_on", "ends_on", "jurisdiction", "currency", "other_currencies", "debt_kind", "ownership",
            "original_creditor", "assignment_notice_required", "min_days_past_due", "requires_secured", "persons_only",
            "auto_confirm", "commission_percent", "allowed_channels", "approvals", "max_discount_percent",
            "max_plan_months", "promise_days", "promise_days_approved", "interest_percent", "penalty_percent_daily",
            "penalty_cap_percent", "allocation_order", "visit_within_hours", "visit_all_addresses",
        ]  # fmt: skip
        labels = {
            "name": _("Name"), "starts_on": _("Starts on"), "ends_on": _("Ends on"), "currency": _("Currency"),
            "debt_kind": _("Kind of debt"), "ownership": _("Who owns the debt"),
            "original_creditor": _("Original creditor, if another"),
            "assignment_notice_required": _("A notice of assignment must have been sent before the takeover"),
            "min_days_past_due": _("Takes cases from so many days past due"),
            "requires_secured": _("Secured debts only"),
            "persons_only": _("Persons only, no companies"),
            "auto_confirm": _("Open accepted rows at once, without confirmation"),
            "commission_percent": _("Commission, %"), "max_discount_percent": _("Largest discount, %"),
            "max_plan_months": _("Longest payment plan, months"), "promise_days": _("Promise: days ahead"),
            "promise_days_approved": _("Promise: days ahead with approval"),
            "visit_within_hours": _("Visit within so many hours of the takeover"),
            "visit_all_addresses": _("Visit every address"),
            "interest_percent": _("Interest, % a year on the principal"),
            "penalty_percent_daily": _("Penalty, % a day on what is past due"),
            "penalty_cap_percent": _("Largest penalty, % of the principal"),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = sorted(packs.load_packs())
        self.fields["jurisdiction"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        for name in RATES:
            self.fields[name].required = False
        for name, most in MOST_DAYS.items():
            self.fields[name].validators.append(MaxValueValidator(most))
            self.fields[name].widget.attrs["max"] = most
        self.initial["allocation_order"] = ", ".join(self.instance.allocation_order or [])
        self.initial["other_currencies"] = ", ".join(self.instance.other_currencies or [])

    def clean_currency(self) -> str:
        return _currency(str(self.cleaned_data["currency"]))

    def clean(self) -> dict[str, Any]:
        """A rate left empty is the usual one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in RATES:
            if cleaned.get(name) is None and name not in self.errors:
                cleaned[name] = cast("models.Field[Any, Any]", Mandate._meta.get_field(name)).default
        return cleaned

    def clean_allocation_order(self) -> list[str]:
        words = [word.strip().upper() for word in str(self.cleaned_data["allocation_order"]).split(",") if word.strip()]
        if words and sorted(words) != sorted(PARTS_OF_DEBT):
            raise forms.ValidationError(_("Name each part once: COSTS, FEES, PENALTY, INTEREST, PRINCIPAL."))
        return words

    def clean_other_currencies(self) -> list[str]:
        words = str(self.cleaned_data["other_currencies"]).replace(";", ",").split(",")
        return [_currency(word) for word in words if word.strip()]


class PortfolioForm(_Owned):
    class Meta:
        model = Portfolio
        fields = ["name", "mandate", "received_on", "closed_on"]
        labels = {
            "name": _("Name"), "mandate": _("Mandate"), "received_on": _("Taken over on"), "closed_on": _("Closed on"),
        }  # fmt: skip

    def __init__(self, *args: Any, creditor: Creditor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.creditor = creditor
        self.fields["mandate"].queryset = Mandate.objects.filter(creditor=creditor).order_by("name")  # type: ignore[attr-defined]
        if folder := dropping.place_of(self.instance) if self.instance.id else "":
            self.fields["drops_by"] = forms.ModelChoiceField(
                uploaders_for(creditor), label=_("Take files from the folder in the name of"), required=False,
                empty_label=_("Nobody: the folder is not looked at"), initial=self.instance.drops_by_id,
                help_text=_("Files laid into %(folder)s are taken within two minutes.") % {"folder": folder},
            )  # fmt: skip

    def clean(self) -> Any:
        cleaned = super().clean()
        if "drops_by" in self.fields:
            self.instance.drops_by = self.cleaned_data.get("drops_by")
        return cleaned


class StrategyForm(_Owned):
    level = forms.ChoiceField(label=_("For"))

    class Meta:
        model = Strategy
        fields = [
            "pre_soft_from", "soft_from", "field_from", "field_by_days", "broken_promises_to_field", "effective_on",
        ]  # fmt: skip
        labels = {
            "pre_soft_from": _("Pre-soft from day"), "soft_from": _("Soft from day"), "field_from": _("Field from day"),
            "field_by_days": _("Move to field by days alone"),
            "broken_promises_to_field": _("Broken promises in a row that open field"),
            "effective_on": _("In force from"),
        }  # fmt: skip

    field_order = ["level"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        creditors = Creditor.objects.order_by("name")
        portfolios = Portfolio.objects.select_related("creditor").order_by("creditor__name", "name")
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            ("agency", _("The whole agency")),
            *((f"creditor-{c.id}", c.name) for c in creditors),
            *((f"portfolio-{p.id}", f"{p.creditor.name} · {p.name}") for p in portfolios),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind, _dash, number = str(data.get("level", "")).partition("-")
        self.instance.creditor_id = int(number) if kind == "creditor" else None
        self.instance.portfolio_id = int(number) if kind == "portfolio" else None
        days = [data.get(name) for name in ("pre_soft_from", "soft_from", "field_from")]
        if None not in days and not days[0] < days[1] < days[2]:  # type: ignore[operator]
            self.add_error("soft_from", _("The days must rise from pre-soft to field."))
        same = Q(creditor_id=self.instance.creditor_id, portfolio_id=self.instance.portfolio_id)
        if Strategy.objects.filter(same, effective_on=data.get("effective_on")).exclude(id=self.instance.id).exists():
            self.add_error("effective_on", _("There are limits from this day on already."))
        return data


def _currency(text: str) -> str:
    code = text.strip().upper()
    if len(code) != 3 or not code.isalpha():
        raise forms.ValidationError(_("Three letters, for example MDL."))
    return code
