"""Forms of the panels beside the desk: holds, stage, promise, payment, contact points, statuses. They only read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import arguments, suspicions
from cases.entered_payments import PaymentFields
from cases.models import CloseReason, DeskWord, Hold
from cases.reversals import Cause
from cases.stage_rules import RULES
from common.days import OF_OUR_TIME
from debtors.contact_points import HOLDER_ASKED, SOURCES
from debtors.models import USABLE, ContactPointKind, OwnerRole, PersonStatus, Validity

DAY = {"type": "date"}
MONEY = {"inputmode": "decimal", "autocomplete": "off"}
BAD = [choice for choice in Validity.choices if choice[0] not in USABLE and choice[0] != Validity.UNCONFIRMED]
BY_HAND = [choice for choice in CloseReason.choices if choice[0] != CloseReason.SOLD]
"""A sold debt closes by its sale, once the creditor confirmed it."""


class Plain(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=OF_OUR_TIME, **kwargs)


class HoldForm(Plain):
    reason = forms.ChoiceField(label=_("Reason"), choices=Hold.Reason.choices)
    detail_code = forms.ChoiceField(label=_("Of fraud: what"), choices=[], required=False)
    until = day_field(_("Until and including"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)

    def __init__(self, *args: Any, words: Sequence[DeskWord] | None = None, **kwargs: Any) -> None:
        """`words`: the agency's own words of the desk, where the page has read them already."""
        super().__init__(*args, **kwargs)
        codes = suspicions.of(arguments.all_words() if words is None else words)
        self.fields["detail_code"].choices = [("", "–"), *codes.items()]  # type: ignore[attr-defined]


class MoveForm(Plain):
    """`transition` comes from the button that was pressed."""

    transition = forms.ChoiceField(choices=[(name, name) for name in RULES], widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why"), max_length=1000, required=False)
    close_reason = forms.ChoiceField(label=_("Closed because"), choices=[("", "–"), *BY_HAND], required=False)


class PromiseForm(Plain):
    amount = forms.DecimalField(label=_("Amount"), widget=forms.TextInput(attrs=MONEY), localize=True)
    due_on = day_field(_("By"))


class PaymentForm(PaymentFields, Plain):
    field_order = ("amount", "received_on", "source", "reference", "once")

    amount = forms.DecimalField(label=_("Amount"), widget=forms.TextInput(attrs=MONEY), localize=True)
    received_on = day_field(_("Received on"))
    reference = forms.CharField(label=_("Reference"), max_length=140, required=False)


class ReversalForm(Plain):
    cause = forms.ChoiceField(label=_("What happened"), choices=Cause.choices)
    reason = forms.CharField(label=_("Why"), max_length=140)


class NoteForm(Plain):
    text = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    pinned = forms.BooleanField(label=_("Keep on top"), required=False)


class PointForm(Plain):
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactPointKind.choices)
    value = forms.CharField(label=_("Number, e-mail or address"), max_length=240)
    source = forms.ChoiceField(
        label=_("Given by"), choices=[one for one in SOURCES.items() if one[0] != HOLDER_ASKED], initial="DEBTOR"
    )
    owner_role = forms.ChoiceField(label=_("Whose"), choices=OwnerRole.choices)


class JudgeForm(Plain):
    """Valid: it is the debtor's own. Anything else says what is wrong."""

    validity = forms.ChoiceField(label=_("Mark as"), choices=[(Validity.VALID, _("Confirmed")), *BAD])


class StatusForm(Plain):
    code = forms.ChoiceField(label=_("Status"), choices=PersonStatus.Code.choices)
    since = day_field(_("Since"))
    note = forms.CharField(label=_("Note"), max_length=400, required=False)


class AssignForm(Plain):
    collector = forms.IntegerField(label=_("Collector"))
