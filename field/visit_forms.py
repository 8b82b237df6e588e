"""The form of a visit as it is filled in at the door, and the small forms of the financed object. They only read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from cases.models import DispositionCode, PartyRole, ReasonForNonPayment
from common.refusals import Refused
from debtors.models import PayingWay
from field import photos
from field.letters_left import LetterRules, Relation
from field.models import Asset, FinancedObject, Letter, Outcome, Photo, Recommendation
from field.visit_asks import Asked
from field.visiting import AssetFound, Report

MONEY = {"inputmode": "decimal", "autocomplete": "off"}
Effect = DispositionCode.Effect
TALKED = (
    Effect.NONE, Effect.PROMISE, Effect.CLAIMS_PAID, Effect.DISPUTE, Effect.CEASE, Effect.HARDSHIP,
    Effect.REPRESENTED,
)  # fmt: skip
"""Results of a talk that can be recorded at the door; suspected fraud is recorded on the case with its details."""
PICTURES = (
    ("photos_residence", Photo.Kind.RESIDENCE),
    ("photos_object", Photo.Kind.OBJECT),
    ("photos_other", Photo.Kind.OTHER),
)
"""Inputs of the form and the kind of photo each takes."""


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of photos, each looked at; the value is a list of `photos.Picture`."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        super().__init__(required=False, widget=ManyFiles(), **kwargs)
        self.kind, self.time_zone = kind, "UTC"

    def clean(self, data: Any, initial: Any = None) -> list[photos.Picture]:
        files = data if isinstance(data, list | tuple) else [data]
        found = []
        for file in files:
            if file:
                one = super().clean(file, initial)
                try:
                    if one.size > photos.MOST_BYTES:
                        raise photos.PhotoNotTaken(_("A photo may have 15 MB at most."))
                    found.append(photos.read(one.read(), kind=self.kind, time_zone=self.time_zone))
                except Refused as refused:
                    raise forms.ValidationError(refused.sentence) from refused
        return found


def _photos(label: Any, kind: str) -> PhotosField:
    return PhotosField(label=label, kind=kind)


def _text(label: Any, most: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, **kwargs)


class VisitForm(forms.Form):
    draft_key = forms.UUIDField(widget=forms.HiddenInput)
    started_at = forms.CharField(
        label=gettext_lazy("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    outcome = forms.ChoiceField(label=gettext_lazy("What happened?"), choices=Outcome.choices, widget=forms.RadioSelect)
    result = forms.ModelChoiceField(
        DispositionCode.objects.none(), label=gettext_lazy("How did the talk end?"), required=False,
        widget=forms.RadioSelect, empty_label=None,
    )  # fmt: skip
    amount = forms.DecimalField(
        label=gettext_lazy("Amount promised or paid"), required=False, min_value=0, max_digits=14, decimal_places=2,
        localize=True, widget=forms.TextInput(attrs=MONEY),
    )  # fmt: skip
    on = forms.DateField(
        label=gettext_lazy("On which day"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    way = forms.ChoiceField(
        label=gettext_lazy("How it will be paid"), required=False, choices=[("", "–"), *PayingWay.choices]
    )
    new_number = _text(
        gettext_lazy("New number from the holder"), 40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    number_not_given = forms.BooleanField(label=gettext_lazy("Asked, and none was given"), required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("Why was it not paid?"), required=False, choices=[("", "–"), *ReasonForNonPayment.choices]
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("Who is the person to the debtor?"), required=False, choices=Relation.choices,
        widget=forms.RadioSelect, help_text=gettext_lazy("No name is asked. Do not speak of the debt."),
    )  # fmt: skip
    person_role = forms.ChoiceField(
        label=gettext_lazy("Somebody of the case?"), required=False,
        choices=[("", gettext_lazy("No, a third person")), *(one for one in PartyRole.choices if one[0] != "HOLDER")],
    )  # fmt: skip
    letter = forms.ChoiceField(
        label=gettext_lazy("Contact letter in a closed envelope"), choices=Letter.choices, widget=forms.RadioSelect,
        initial=Letter.NONE,
    )  # fmt: skip
    business_card = forms.BooleanField(label=gettext_lazy("Business card handed over"), required=False)
    rights_explained = forms.BooleanField(label=gettext_lazy("Rights and options explained"), required=False)
    note = _text(gettext_lazy("Note"), 2000, widget=forms.Textarea(attrs={"rows": 4}))
    photos_residence = _photos(gettext_lazy("Photos of the residence"), Photo.Kind.RESIDENCE)
    photos_object = _photos(gettext_lazy("Photos of the financed object"), Photo.Kind.OBJECT)
    photos_other = _photos(gettext_lazy("Other photos"), Photo.Kind.OTHER)
    latitude = forms.DecimalField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.DecimalField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    accuracy_m = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, widget=forms.HiddenInput)
    occupants = forms.IntegerField(
        label=gettext_lazy("People living there"), required=False, min_value=0, max_value=999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    upkeep_arrears = forms.NullBooleanField(label=gettext_lazy("Arrears on building maintenance"), required=False)
    employer = _text(gettext_lazy("Employer"), 120)
    monthly_income = forms.DecimalField(
        label=gettext_lazy("Monthly income"), required=False, min_value=0, max_digits=14, decimal_places=2,
        localize=True, widget=forms.TextInput(attrs=MONEY),
    )  # fmt: skip
    asset_kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, choices=[("", "–"), *Asset.Kind.choices])
    asset_description = _text(gettext_lazy("What is it"), 240)
    asset_value = forms.DecimalField(
        label=gettext_lazy("Value"), required=False, min_value=0, max_digits=14, decimal_places=2, localize=True,
        widget=forms.TextInput(attrs=MONEY),
    )  # fmt: skip
    asset_encumbered = forms.BooleanField(label=gettext_lazy("Encumbered"), required=False)
    differs_what = _text(gettext_lazy("What differs"), 80)
    differs_recorded = _text(gettext_lazy("As recorded"), 240)
    differs_found = _text(gettext_lazy("As found"), 240)
    incident = _text(
        gettext_lazy("What happened, and how it was calmed"), 1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    recommends = forms.ChoiceField(
        label=gettext_lazy("What should happen next"), required=False, choices=[("", "–"), *Recommendation.Kind.choices]
    )
    recommends_why = forms.ChoiceField(
        label=gettext_lazy("Why"), required=False, choices=[("", "–"), *Recommendation.Why.choices]
    )
    recommends_note = _text(gettext_lazy("In a few words"), 400)
    made = forms.BooleanField(
        label=gettext_lazy("The visit was made all the same: keep it and tell the coordinator"), required=False
    )
    signer = _text(gettext_lazy("Name of the person who signs"), 120)
    signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, agency: Agency, rules: LetterRules, recommends: bool = True, numbers_dead: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("auto_id", "visit_%s")
        super().__init__(*args, **kwargs)
        self.agency = agency
        codes = DispositionCode.objects.filter(
            is_active=True, outcome=DispositionCode.Outcome.CONVERSATION, effect__in=TALKED
        )
        self.fields["result"].queryset = codes.order_by("order", "id")  # type: ignore[attr-defined]
        shut = {Letter.DOOR} if not rules.door else set()
        if rules.workplace:
            shut = {Letter.DOOR, Letter.MAILBOX}
        if not numbers_dead:
            del self.fields["new_number"], self.fields["number_not_given"]
        self.fields["letter"].choices = [one for one in Letter.choices if one[0] not in shut]  # type: ignore[attr-defined]
        if not recommends:
            for name in ("recommends", "recommends_why", "recommends_note"):
                del self.fields[name]
        for name, _kind in PICTURES:
            self.fields[name].time_zone = agency.time_zone  # type: ignore[attr-defined]

    def clean_started_at(self) -> datetime:
        """With an offset as the script sends it, else by the agency's clock."""
        try:
            moment = datetime.fromisoformat(self.cleaned_data["started_at"].strip())
        except ValueError as error:
            raise forms.ValidationError(_("Write the day and the hour of the visit.")) from error
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(self.agency.time_zone))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for first, second, sentence in (
            ("asset_kind", "asset_description", _("Say what kind of asset it is, and describe it.")),
            ("differs_what", "differs_found", _("Say what differs and what was found.")),
            ("recommends", "recommends_why", _("Say what should happen next, and why.")),
        ):
            if first in self.fields and bool(data.get(first)) != bool(data.get(second)):
                self.add_error(first if not data.get(first) else second, sentence)
        result = data.get("result")
        if result is not None and result.effect in (Effect.PROMISE, Effect.CLAIMS_PAID):
            for name in ("amount", "on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Say how much and on which day."))
        return data

    def report(self, asked: Asked | None = None) -> Report:
        """What was filled in, for `visiting.record_visit`. The form is valid."""
        data = self.cleaned_data
        met_debtor = data["outcome"] == Outcome.MET_DEBTOR
        met_other = data["outcome"] == Outcome.MET_OTHER
        assets: tuple[AssetFound, ...] = ()
        if data["asset_kind"]:
            assets = (
                AssetFound(
                    data["asset_kind"], data["asset_description"], data["asset_value"], data["asset_encumbered"]
                ),
            )  # fmt: skip
        plain = (
            "letter", "note", "business_card", "rights_explained", "occupants", "upkeep_arrears", "employer",
            "monthly_income", "latitude", "longitude", "accuracy_m", "incident", "signature", "signer",
        )  # fmt: skip
        return Report(
            outcome=data["outcome"],
            result=data["result"] if met_debtor else None,
            amount=data["amount"] if met_debtor else None,
            on=data["on"] if met_debtor else None,
            way=data["way"] if met_debtor else "",
            new_number=data.get("new_number", "") if met_debtor else "",
            number_not_given=bool(data.get("number_not_given")) and met_debtor,
            asked=asked if met_debtor else None,
            reason=data["reason"] if met_debtor else "",
            relation=data["relation"] if met_other and not data["person_role"] else "",
            person_role=data["person_role"] if met_other else "",
            assets=assets,
            differs=_three(data, "differs_what", "differs_recorded", "differs_found"),
            recommends=_three(data, "recommends", "recommends_why", "recommends_note"),
            photos=tuple(one for name, _kind in PICTURES for one in data[name]),
            **{name: data[name] for name in plain},
        )


def _three(data: Mapping[str, Any], *names: str) -> tuple[str, str, str] | None:
    first, second, third = (data.get(name) or "" for name in names)
    return (first, second, third) if first else None


class PhotoForm(forms.Form):
    """One photo of a visit that is already recorded, as the phone sends them one by one."""

    photo = forms.FileField()
    kind = forms.ChoiceField(choices=Photo.Kind.choices)


class ObjectForm(forms.Form):
    description = forms.CharField(label=gettext_lazy("What is it"), max_length=160)
    plate = _text(gettext_lazy("Plate"), 20)
    vin = _text("VIN", 20)
    place = _text(gettext_lazy("Where it is expected"), 160)


class StepForm(forms.Form):
    """`step` comes from the button that was pressed; BOOT asks the creditor."""

    sent_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    step = forms.ChoiceField(choices=[("ASK_BOOT", "ASK_BOOT"), *FinancedObject.State.choices])
    note = _text(gettext_lazy("Condition and remarks"), 400)
    place = _text(gettext_lazy("Where it is now"), 160)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the protocol"), required=False,
        choices=[("", gettext_lazy("The debtor's")), ("agency", gettext_lazy("The agency's"))],
    )  # fmt: skip
    photos = _photos(gettext_lazy("Photos of the financed object"), Photo.Kind.OBJECT)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("auto_id", False)
        super().__init__(*args, **kwargs)
        self.fields["photos"].time_zone = agency.time_zone  # type: ignore[attr-defined]
