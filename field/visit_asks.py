"""What a debtor asks for at the door and others must approve: a discount, a payment plan.

A promise beyond the short limit asks by itself. All of it stands in the same inbox as what desks ask for.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from cases import plan_formats, plans, promises, settlements
from cases.models import Case, PlanFormat

MONEY = {"inputmode": "decimal", "autocomplete": "off"}
DAY = {"type": "date"}
PLAN, DISCOUNT = "PLAN", "DISCOUNT"
NEEDS = {PLAN: ("format", "advance", "advance_by"), DISCOUNT: ("discount_percent", "pay_by")}


@dataclass(frozen=True)
class Asked:
    """One wish: of a plan its format and the advance instalment, of a discount its percent and the day of payment."""

    kind: str
    format: PlanFormat | None = None
    advance: Decimal | None = None
    advance_by: date | None = None
    discount_percent: Decimal | None = None
    pay_by: date | None = None


class AskForm(forms.Form):
    """The part of the visit form in which an approval is asked for; what the mandate does not know is not offered."""

    kind = forms.ChoiceField(label=gettext_lazy("Ask for"), required=False)
    format = forms.ModelChoiceField(PlanFormat.objects.none(), label=gettext_lazy("Plan format"), required=False)
    advance = forms.DecimalField(
        label=gettext_lazy("Advance instalment"), required=False, min_value=0, max_digits=14, decimal_places=2,
        localize=True, widget=forms.TextInput(attrs=MONEY),
    )  # fmt: skip
    advance_by = forms.DateField(
        label=gettext_lazy("Advance by"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    discount_percent = forms.DecimalField(
        label=gettext_lazy("Discount, %"), required=False, min_value=0, max_digits=5, decimal_places=2, localize=True,
        widget=forms.TextInput(attrs=MONEY),
    )  # fmt: skip
    pay_by = forms.DateField(
        label=gettext_lazy("The rest by"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, case: Case, by: Membership, as_of: date, **kwargs: Any) -> None:
        kwargs |= {"prefix": "ask", "label_suffix": "", "auto_id": "visit_%s", "use_required_attribute": False}
        super().__init__(*args, **kwargs)
        self.limits = promises.limits(case, as_of)
        formats = plan_formats.usable(case.mandate)
        self.fields["format"].queryset = formats  # type: ignore[attr-defined]
        offered: list[tuple[str, Any]] = [("", gettext_lazy("Nothing"))]
        if formats:
            offered.append((PLAN, gettext_lazy("Payment plan")))
        if case.mandate.max_discount_percent > 0 and by.may(Permission.SETTLEMENTS_OFFER):
            offered.append((DISCOUNT, gettext_lazy("Discount against full payment")))
        self.fields["kind"].choices = offered  # type: ignore[attr-defined]
        self.offers = len(offered) > 1

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in NEEDS.get(data.get("kind", ""), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Without it nobody can decide."))
        return data

    def asked(self) -> Asked | None:
        """The wish; None: nothing is asked for. The form is valid."""
        kind = self.cleaned_data["kind"]
        return Asked(kind, **{name: self.cleaned_data[name] for name in NEEDS[kind]}) if kind else None


def ask(case: Case, asked: Asked, *, by: Membership, as_of: date, now: datetime) -> None:
    """Ask as a desk asks, with the same limits.

    Raises:
        What `plans.request` and `settlements.offer` refuse.
    """
    if asked.kind == PLAN and asked.format is not None and asked.advance is not None and asked.advance_by is not None:
        plans.request(
            case, format=asked.format, advance=asked.advance, advance_by=asked.advance_by, by=by, as_of=as_of, now=now
        )
    elif asked.discount_percent is not None and asked.pay_by is not None:
        settlements.offer(
            case, discount_percent=asked.discount_percent, pay_by=asked.pay_by, by=by, as_of=as_of, now=now
        )
