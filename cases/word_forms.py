"""Forms of the lists of the desk. They only read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Language
from cases.case_forms import Plain


class SuspicionForm(Plain):
    label = forms.CharField(label=_("What makes you suspect fraud"), max_length=80)


class ArgumentForm(Plain):
    """The agency's words of one step: a name, and a text in each language."""

    label = forms.CharField(label=_("Name of the step"), max_length=80, required=False)

    def __init__(self, *args: Any, texts: dict[str, str], **kwargs: Any) -> None:
        """`texts`: language -> what is said where the agency writes nothing, shown in the empty field."""
        super().__init__(*args, **kwargs)
        for code, name in Language.choices:
            widget = forms.Textarea(attrs={"rows": 2, "lang": code, "placeholder": texts.get(code, ""), "wide": True})
            self.fields[f"text_{code}"] = forms.CharField(label=name, max_length=600, required=False, widget=widget)

    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"text_{code}"] for code, _name in Language.choices}
