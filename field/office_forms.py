"""Forms of the field office: they check what was typed, and save nothing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team
from agencies.permissions import Permission
from agencies.roles import ROLES
from common.folding import fold
from field.models import Territory, VisitKind
from field.territories import OutlineNotUnderstood, outline_of

VISITING_ROLES = [code for code, role in ROLES.items() if Permission.FIELD_VISITS in role.permissions]


def visitors() -> Any:
    """People who make visits, field collectors first."""
    people = Membership.objects.filter(role__in=VISITING_ROLES, is_active=True).select_related("user")
    return people.order_by("-role", "user__full_name")


class TerritoryForm(forms.ModelForm):  # type: ignore[type-arg]
    postal_prefixes = forms.CharField(
        label=_("Postal codes that begin with"), required=False, help_text=_("Separated by commas, for example 20, 21.")
    )
    cities = forms.CharField(label=_("Towns"), required=False, help_text=_("Separated by commas."))
    outline = forms.CharField(
        label=_("Outline"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One corner per line: latitude, longitude. For example 47.02, 28.83."),
    )  # fmt: skip

    class Meta:
        model = Territory
        fields = ["name", "country", "postal_prefixes", "cities", "outline", "team", "collector"]
        labels = {
            "name": _("Name"), "country": _("Country"), "team": _("Team"), "collector": _("Field collector"),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        collector: Any = self.fields["collector"]
        team.queryset, collector.queryset = Team.objects.order_by("name"), visitors()
        collector.label_from_instance = lambda person: str(person.user)
        self.initial["postal_prefixes"] = ", ".join(self.instance.postal_prefixes or [])
        self.initial["cities"] = ", ".join(self.instance.cities or [])
        self.initial["outline"] = "\n".join(f"{lat}, {lon}" for lat, lon in self.instance.outline or [])

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if len(country) != 2 or not country.isalpha():
            raise forms.ValidationError(_("Two letters, for example MD."))
        return country

    def clean_postal_prefixes(self) -> list[str]:
        return _words(self.cleaned_data["postal_prefixes"])

    def clean_cities(self) -> list[str]:
        return [fold(word) for word in _words(self.cleaned_data["cities"])]

    def clean_outline(self) -> list[list[float]]:
        try:
            points = outline_of(str(self.cleaned_data["outline"]).splitlines())
        except OutlineNotUnderstood as error:
            raise forms.ValidationError(
                _("Line %(line)s is no pair of latitude and longitude."), params={"line": error.line}
            ) from error
        if points and len(points) < 3:
            raise forms.ValidationError(_("An outline has at least three corners."))
        return points

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if Territory.objects.filter(name=name).exclude(id=self.instance.id).exists():
            raise forms.ValidationError(_("A territory of this name exists already."))
        return name


def _words(text: Any) -> list[str]:
    return [word.strip() for word in str(text).replace(";", ",").replace("\n", ",").split(",") if word.strip()]


class VisitOrderForm(forms.Form):
    """Order a visit by hand. `kinds`: those that the rule admits; with none there is nothing to choose."""

    kind = forms.ChoiceField(label=_("Kind of visit"), required=False)

    due_on = forms.DateField(
        label=_("To be made by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    all_addresses = forms.BooleanField(label=_("Every address"), required=False)

    def __init__(self, *args: Any, kinds: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kinds:
            self.fields["kind"].choices = [(kind, VisitKind(kind).label) for kind in kinds]  # type: ignore[attr-defined]
        else:
            del self.fields["kind"]


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SheetDayForm(forms.Form):
    """For which day the visit sheet is."""

    day = _day(_("Day of the visit"))


class TermForm(forms.Form):
    """On which days a paper is valid."""

    valid_from = _day(_("Valid from"))
    valid_until = _day(_("Valid until"))
