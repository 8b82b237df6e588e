"""Forms of notarial deeds and of the list of concluded agreements. They only read."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cases.case_forms import Plain, day_field
from portfolios.models import Creditor

KINDS = [("", _("All")), ("deed", _("Notarial deeds")), ("calendar", _("Payment calendars without a deed"))]


class DeedDraftForm(Plain):
    language = forms.ChoiceField(
        label=_("Language of the deed"), choices=settings.LANGUAGES, help_text=_("The language the notary writes in.")
    )
    notary = forms.CharField(label=_("Notary"), max_length=160, required=False, help_text=_("Name and seat, if known."))


class DeedConcludeForm(Plain):
    notary = forms.CharField(label=_("Notary"), max_length=160)
    deed_no = forms.CharField(label=_("Number of the deed"), max_length=60)
    concluded_on = day_field(_("Concluded on"))
    file = forms.FileField(
        label=_("Scan of the deed"), help_text=_("PDF, JPEG, PNG or WebP, up to 15 MB."),
        widget=forms.ClearableFileInput({"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )  # fmt: skip


class ConcludedFilter(Plain):
    """Read from the address; an unknown value filters nothing out."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, required=False)
    creditor: Any = forms.ModelChoiceField(queryset=None, label=_("Creditor"), required=False, empty_label=_("All"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["creditor"].queryset = Creditor.objects.order_by("name", "id")  # type: ignore[attr-defined]
