"""Forms of complaints: what came in, who works on it, how it was decided and answered. They only read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.case_forms import Plain, day_field
from cases.complaint_lists import workers
from cases.debtor_complaints import HANDLERS
from cases.models import DebtorComplaint

WORDS = {"rows": 4, "wide": True}


class ReceivedForm(Plain):
    kind = forms.ChoiceField(label=_("About what"), choices=DebtorComplaint.Kind.choices)
    source = forms.ChoiceField(label=_("Who complains"), choices=DebtorComplaint.Source.choices)
    complainant = forms.CharField(
        label=_("Name of whoever complains"), max_length=160, required=False,
        help_text=_("Where it is not the debtor."),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("Came by"), choices=DebtorComplaint.Way.choices)
    received_on = day_field(_("Came in on"))
    about: Any = forms.ModelChoiceField(
        queryset=None, label=_("About whom"), required=False, empty_label=_("Nobody named")
    )
    answer_due_on = day_field(
        _("Answer by"), required=False, help_text=_("Only where a regulator names a day; otherwise the rule sets it.")
    )
    with_hold = forms.BooleanField(
        label=_("Put the case on hold"), required=False,
        help_text=_("Only where the claim is contested: amount or wrong person. The hold is “Debt disputed”."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What is complained about"), max_length=4000, widget=forms.Textarea(attrs=WORDS),
        help_text=_("As near to the words of whoever complains as you can."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].queryset = workers()  # type: ignore[attr-defined]


class GiveForm(Plain):
    owner: Any = forms.ModelChoiceField(queryset=None, label=_("Works on it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = workers().filter(role__in=HANDLERS, is_active=True)  # type: ignore[attr-defined]


class StepForm(Plain):
    text = forms.CharField(
        label=_("What was done or found"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2, "wide": True})
    )


class DecisionForm(Plain):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", "–"), *DebtorComplaint.Outcome.choices])
    measures = forms.CharField(
        label=_("What was found and done"), max_length=2000, widget=forms.Textarea(attrs=WORDS),
        help_text=_("The creditor of the case reads this."),
    )  # fmt: skip


class AnswerForm(Plain):
    file = forms.FileField(label=_("The answer"), help_text=_("PDF or picture; it is kept with the case."))
    way = forms.ChoiceField(label=_("Left by"), choices=DebtorComplaint.Way.choices)
    answered_on = day_field(_("Left on"))
    lift_hold = forms.BooleanField(label=_("Lift the hold"), required=False)
