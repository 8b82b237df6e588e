"""Forms of the legal pages: they read what was typed; the domain decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from cases.case_forms import MONEY, Plain, day_field
from cases.models import Case, ContractStatus, DocumentKind
from cases.queries import visible_to
from legal import checklists
from legal.lawsuits import Tick
from legal.models import CheckState, Complaint, CostKind, CourtReason, LawFirm, Proceeding
from legal.proceeding_rules import Kind
from legal.uploads import ACCEPTED
from portfolios.models import Creditor, Portfolio

SHARED_KINDS = ("COURT", "CONTRACT", "AGREEMENT", "PAYMENT_PROOF", "OTHER")


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


def text_field(label: Any, *, most: int = 4000, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def file_field(label: Any, **kwargs: Any) -> forms.FileField:
    return forms.FileField(label=label, widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}), **kwargs)


class ContractForm(Plain):
    status = forms.ChoiceField(label=_("Status of the contract"), choices=ContractStatus.choices)
    notice_on = day_field(_("Day of the notice"), required=False, help_text=_("Of an acceleration."))
    effective_on = day_field(_("Effective from"))
    file = file_field(_("Document"), required=False)


class DraftForm(Plain):
    """The decision with one tick and one explanation per item of the country's checklist."""

    reasons = forms.MultipleChoiceField(
        label=_("Why only a court helps"), choices=CourtReason.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    text = text_field(_("In your words"), required=False)
    limitation_on = day_field(_("Time-barred after"), required=False)
    limitation_note = forms.CharField(
        label=_("Why another day than counted"), max_length=240, required=False,
        help_text=_("An acknowledgement or a payment began the term anew, for example."),
    )  # fmt: skip

    way = forms.CharField(required=False, widget=forms.HiddenInput)
    """"deed": the notarial deed is enforced without a lawsuit."""

    def __init__(self, case: Case, *args: Any, by_deed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_deed = by_deed
        self.items = checklists.items_of(case.jurisdiction, by_deed=by_deed)
        for item in self.items:
            self.fields[f"why_{item.code}"] = forms.CharField(
                label=_("If it is missing, why that is no obstacle"), max_length=400, required=False
            )
            if item.code in checklists.BY_HAND:
                self.fields[f"met_{item.code}"] = forms.BooleanField(label=_("This was done"), required=False)

    def ticks(self) -> dict[str, Tick]:
        data = self.cleaned_data
        return {
            item.code: Tick(bool(data.get(f"met_{item.code}")), data.get(f"why_{item.code}", "")) for item in self.items
        }

    def rows(self, states: dict[str, CheckState]) -> list[dict[str, Any]]:
        """One row per item: what it is, how it stands, and its fields."""
        return [
            {
                "label": checklists.LABELS[item.code], "source": item.source, "why": self[f"why_{item.code}"],
                "state": states[item.code],
                "met": self[f"met_{item.code}"] if item.code in checklists.BY_HAND else None,
            }
            for item in self.items
        ]  # fmt: skip


class NoteForm(Plain):
    note = forms.CharField(label=_("Why"), max_length=240)


class WordForm(Plain):
    text = text_field(_("Message"))


class FirmForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LawFirm
        fields = ("name", "country", "contact_name", "contact_email", "contact_phone", "creditor", "is_active")
        labels = {
            "name": _("Name"), "country": _("Country (two letters)"), "contact_name": _("Contact person"),
            "contact_email": _("E-mail"), "contact_phone": _("Phone"),
            "creditor": _("Trusted by this creditor alone"), "is_active": _("Takes new cases"),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        creditor = self.fields["creditor"]
        creditor.queryset = Creditor.objects.order_by("name", "id")  # type: ignore[attr-defined]
        creditor.empty_label = _("No: any creditor")  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def _get_validation_exclusions(self) -> set[str]:
        """The database alone sees that names are unique in the agency."""
        return super()._get_validation_exclusions() | {"name"}  # type: ignore[misc,no-any-return]


class PrepareForm(Plain):
    firm: Any = forms.ModelChoiceField(queryset=None, label=_("Law firm"))
    payment_note = forms.CharField(
        label=_("Why the case is handed over all the same"), max_length=240, required=False,
        help_text=_("Or withdraw the decision below and ask anew with the sum that is owed now."),
    )  # fmt: skip

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms = LawFirm.objects.filter(is_active=True)
        mine = firms.filter(creditor=None) | firms.filter(creditor_id=case.creditor_id)
        self.fields["firm"].queryset = mine.order_by("name", "id")  # type: ignore[attr-defined]


class ShareForm(Plain):
    kind = forms.ChoiceField(
        label=_("Kind"), initial=DocumentKind.COURT,
        choices=[(kind, DocumentKind(kind).label) for kind in SHARED_KINDS],
    )  # fmt: skip
    title = forms.CharField(label=_("Title"), max_length=160, required=False)
    file = file_field(_("File"))


class CostForm(Plain):
    kind = forms.ChoiceField(label=_("Kind"), choices=CostKind.choices)
    amount = forms.DecimalField(label=_("Amount"), widget=forms.TextInput(attrs=MONEY), localize=True)
    incurred_on = day_field(_("Day"))
    note = forms.CharField(label=_("Note"), max_length=140, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    """Made with the page: the same costs sent twice are charged once."""


class CostBackForm(Plain):
    reason = forms.CharField(label=_("Why"), max_length=240)


class CorrectionForm(Plain):
    done_on = day_field(_("Right day"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=240)


class ProceedingForm(Plain):
    kind = forms.ChoiceField(label=_("Proceeding"))
    court = forms.CharField(label=_("Court or bailiff"), max_length=160, required=False)
    file_no = forms.CharField(label=_("File number"), max_length=60, required=False)
    opened_on = day_field(_("Opened on"))

    def __init__(self, kinds: list[Kind], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class StepForm(Plain):
    done_on = day_field(_("Done on"))
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
    file = file_field(_("Document"), required=False)


class DueForm(Plain):
    due_on = day_field(_("Day set by the court"))


class EndForm(Plain):
    state = forms.ChoiceField(
        label=_("How it ended"), choices=[choice for choice in Proceeding.State.choices if choice[0] != "OPEN"]
    )
    ended_on = day_field(_("Ended on"))


class ComplaintForm(Plain):
    reason = forms.ChoiceField(label=_("Reason"), choices=Complaint.Reason.choices)
    place = forms.CharField(label=_("To be filed at"), max_length=160)
    wording = text_field(_("Wording"), rows=5)
    requirements = text_field(_("Creditor's requirements"), required=False, rows=2)


class FilingForm(Plain):
    filed_on = day_field(_("Filed on"))
    police_no = forms.CharField(label=_("Number given by the police"), max_length=60, required=False)
    payment_note = forms.CharField(
        label=_("If a payment came in: why it is filed all the same"), max_length=240, required=False
    )


class NewsForm(Plain):
    on = day_field(_("Day"))
    text = text_field(_("What was said"), most=400, rows=2)
    file = file_field(_("Document"), required=False)
