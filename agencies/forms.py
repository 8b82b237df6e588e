"""Forms of the agency's pages: they check what was typed; the domain decides."""

import re
from datetime import date
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import shortcuts
from agencies.api_scopes import READING, ApiScope, usable_with
from agencies.invitations import creditor_choices, law_firm_choices
from agencies.models import Agency, Language, Membership, Team, User
from agencies.permissions import Permission
from agencies.roles import ROLE_CHOICES
from agencies.tokens import may_issue_for
from jurisdictions.schema import PackError, tenant_rule


class InviteForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    role = forms.ChoiceField(choices=ROLE_CHOICES, label=gettext_lazy("Role"))
    team: Any = forms.ModelChoiceField(None, required=False, empty_label="–", label=gettext_lazy("Team"))
    creditor = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, label=gettext_lazy("Creditor"),
        help_text=gettext_lazy("Only for a creditor user."),
    )  # fmt: skip
    law_firm = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, label=gettext_lazy("Law firm"),
        help_text=gettext_lazy("Only for a law-firm user; firms are set up on the legal pages."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.order_by("name", "id")  # type: ignore[attr-defined]
        self.fields["creditor"].choices = [("", "–"), *creditor_choices()]  # type: ignore[attr-defined]
        self.fields["law_firm"].choices = [("", "–"), *law_firm_choices()]  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    role = forms.ChoiceField(choices=ROLE_CHOICES, label=gettext_lazy("Role"))
    team: Any = forms.ModelChoiceField(None, required=False, empty_label="–", label=gettext_lazy("Team"))
    capacity = forms.IntegerField(
        min_value=0, max_value=100_000, label=gettext_lazy("Capacity"),
        help_text=gettext_lazy("How many cases may lie on this desk at most."),
    )  # fmt: skip
    is_expert = forms.BooleanField(
        required=False, label=gettext_lazy("Expert negotiator"),
        help_text=gettext_lazy("Gets cases marked for experts. A team of experts makes all its members so."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.order_by("name", "id")  # type: ignore[attr-defined]


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Team
        fields = ("name", "kind")
        labels: ClassVar[dict[str, Any]] = {"name": gettext_lazy("Name"), "kind": gettext_lazy("Kind")}


class JoinForm(forms.Form):
    full_name = forms.CharField(
        max_length=120, label=gettext_lazy("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters. A few words are easier to remember than signs."),
    )  # fmt: skip

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(full_name=self.cleaned_data.get("full_name", "")))
        return password


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("full_name", "language", "theme", "density")
        labels: ClassVar[dict[str, Any]] = {
            "full_name": gettext_lazy("Name"), "language": gettext_lazy("Language"),
            "theme": gettext_lazy("Colours"), "density": gettext_lazy("Density"),
        }  # fmt: skip


class ShortcutsForm(forms.Form):
    on = forms.BooleanField(required=False, label=gettext_lazy("Keys of single letters work outside of fields"))
    after = forms.ChoiceField(choices=shortcuts.AFTER, label=gettext_lazy("After a result is recorded"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for action in shortcuts.actions():
            self.fields[f"key_{action.code}"] = forms.CharField(max_length=1, label=action.label)

    @classmethod
    def of(cls, user: User) -> "ShortcutsForm":
        keys = {f"key_{code}": key for code, key in shortcuts.keys_of(user).items()}
        saved = user.shortcuts
        return cls(initial={"on": not saved.get("off", False), "after": saved.get("after", "next"), **keys})

    @property
    def key_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("key_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        keys = {name: value for name, value in data.items() if name.startswith("key_")}
        key = shortcuts.clash(keys)
        if key:
            raise ValidationError(_("The key “%(key)s” is taken twice or belongs to every page.") % {"key": key})
        return data

    def chosen(self) -> dict[str, Any]:
        """What is stored on the user; only keys that differ from the usual ones."""
        usual = {action.code: action.key for action in shortcuts.actions()}
        keys = {code: self.cleaned_data[f"key_{code}"] for code in usual}
        return {
            "off": not self.cleaned_data["on"], "after": self.cleaned_data["after"],
            "keys": {code: key for code, key in keys.items() if key != usual[code]},
        }  # fmt: skip


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=80, label=gettext_lazy("Name"), help_text=gettext_lazy("Which machine will use it.")
    )
    membership: Any = forms.ModelChoiceField(None, label=gettext_lazy("Acts as"))
    scopes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label=gettext_lazy("May"),
        help_text=gettext_lazy("Never more than the person may."),
    )  # fmt: skip
    days = forms.TypedChoiceField(
        coerce=int, label=gettext_lazy("Valid for"),
        choices=[(90, gettext_lazy("90 days")), (365, gettext_lazy("One year")), (0, gettext_lazy("Until revoked"))],
    )  # fmt: skip

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everyone = Membership.objects.select_related("user").filter(is_active=True)
        allowed = [member.pk for member in everyone if may_issue_for(member, by=by)]
        field = self.fields["membership"]
        field.queryset = everyone.filter(pk__in=allowed).order_by("id")  # type: ignore[attr-defined]
        field.initial = by.pk
        reached = set(ApiScope) if by.may(Permission.TEAM_MANAGE) else usable_with(by.role_class.permissions)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(scope.value, scope.label) for scope in ApiScope if scope in reached]
        scopes.initial = [scope.value for scope in READING if scope in reached]


FLAGS = [
    ("profile:RO_SATURDAY_OK", gettext_lazy("Romania: contact on Saturdays, as the agency's own reading of the law")),
]
_DAY_LINE = re.compile(r"([A-Z]{2})\s+(\d{4}-\d{2}-\d{2})\Z")


class AgencyForm(forms.ModelForm):  # type: ignore[type-arg]
    flags = forms.MultipleChoiceField(
        choices=FLAGS, required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Reading of the law")
    )
    holidays = forms.CharField(
        required=False, strip=True, widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
        label=gettext_lazy("Further days without contact"),
        help_text=gettext_lazy("One a line: the country and the day, such as MD 2026-10-14."),
    )  # fmt: skip
    tighten = forms.JSONField(
        required=False, widget=forms.Textarea(attrs={"rows": 4, "wide": True, "spellcheck": "false"}),
        label=gettext_lazy("Rules stricter than the law"),
        help_text=gettext_lazy("A list of rules in the schema of the policy packs; ids begin with TENANT."),
    )  # fmt: skip

    class Meta:
        model = Agency
        fields = (
            "name", "address", "phone", "email", "registration_no", "licence_no", "language", "payment_iban",
            "requires_mfa", "sms_sender", "voice_caller", "call_cost", "sms_cost", "letter_cost",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy("Name"), "address": gettext_lazy("Address"), "phone": gettext_lazy("Phone"),
            "email": gettext_lazy("E-mail"), "registration_no": gettext_lazy("Registration number"),
            "licence_no": gettext_lazy("Licence number"), "language": gettext_lazy("Language"),
            "payment_iban": gettext_lazy("Account for payments (IBAN)"),
            "requires_mfa": gettext_lazy("Everyone signs in with a second factor"),
            "sms_sender": gettext_lazy("Sender of SMS"), "voice_caller": gettext_lazy("Number calls come from"),
            "call_cost": gettext_lazy("Cost of a call"), "sms_cost": gettext_lazy("Cost of an SMS"),
            "letter_cost": gettext_lazy("Cost of a letter"),
        }  # fmt: skip

    IDENTITY = ("name", "registration_no", "licence_no", "address", "phone", "email", "language", "payment_iban")
    SENDING = ("sms_sender", "voice_caller", "call_cost", "sms_cost", "letter_cost")
    LAW = ("flags", "holidays", "tighten")

    def __init__(self, data: Any = None, *, instance: Agency) -> None:
        profile = instance.contact_profile
        lines = [f"{country} {day}" for country, days in sorted(profile.get("holidays", {}).items()) for day in days]
        initial = {
            "flags": profile.get("flags", []), "holidays": "\n".join(lines), "tighten": profile.get("tighten", [])
        }  # fmt: skip
        super().__init__(data, instance=instance, initial=initial)

    def _group(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    def identity(self) -> list[forms.BoundField]:
        return self._group(self.IDENTITY)

    def sending(self) -> list[forms.BoundField]:
        return self._group(self.SENDING)

    def law(self) -> list[forms.BoundField]:
        return self._group(self.LAW)

    def clean_holidays(self) -> dict[str, list[str]]:
        days: dict[str, list[str]] = {}
        for line in filter(None, (line.strip() for line in self.cleaned_data["holidays"].splitlines())):
            found = _DAY_LINE.match(line)
            try:
                country, day = found.groups() if found else ("", "")
                days.setdefault(country, []).append(date.fromisoformat(day).isoformat())
            except ValueError as error:
                raise ValidationError(_("“%(line)s” is not a country and a day.") % {"line": line}) from error
        return days

    def clean_tighten(self) -> list[Any]:
        rules = self.cleaned_data["tighten"] or []
        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            raise ValidationError(_("This is a list of rules."))
        try:
            for rule in rules:
                tenant_rule(rule)
        except PackError as error:
            raise ValidationError(_("A rule does not follow the schema: %(why)s") % {"why": error}) from error
        return rules

    def values(self) -> dict[str, Any]:
        """What `settings.change_settings` takes."""
        data = {name: self.cleaned_data[name] for name in self.Meta.fields}
        law = {name: self.cleaned_data[name] for name in self.LAW}
        kept = {name: value for name, value in self.instance.contact_profile.items() if name not in self.LAW}
        return {**data, "contact_profile": kept | {name: value for name, value in law.items() if value}}


class NewAgencyForm(forms.Form):
    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    slug = forms.SlugField(
        label=gettext_lazy("Short name"), help_text=gettext_lazy("Small letters and dashes, unique on this platform.")
    )
    country = forms.CharField(
        min_length=2, max_length=2, label=gettext_lazy("Country"), help_text=gettext_lazy("Two letters, such as MD.")
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    currency = forms.CharField(
        min_length=3,
        max_length=3,
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("Three letters, such as MDL."),
    )
    language = forms.ChoiceField(choices=Language.choices, label=gettext_lazy("Language"))
    admin_email = forms.EmailField(label=gettext_lazy("E-mail of the administrator"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()
