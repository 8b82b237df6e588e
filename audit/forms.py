from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, User
from audit.record import KINDS
from audit.sentences import outline_of
from common.days import OF_OUR_TIME


class HistoryForm(forms.Form):
    """What the history is narrowed to."""

    kind = forms.ChoiceField(required=False, label=_("What happened"))
    person: Any = forms.ModelChoiceField(None, required=False, label=_("Person"), empty_label="–")
    day = forms.DateField(
        required=False, label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=OF_OUR_TIME,
    )  # fmt: skip
    case = forms.IntegerField(required=False, min_value=1, max_value=2**62, label=_("Case number"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(((code, outline_of(code)) for code in KINDS), key=lambda pair: str(pair[1]))
        self.fields["kind"].choices = [("", "–"), *kinds]  # type: ignore[attr-defined]
        colleagues = Membership.objects.values("user_id")
        self.fields["person"].queryset = User.objects.filter(id__in=colleagues).order_by(  # type: ignore[attr-defined]
            "full_name", "id"
        )
