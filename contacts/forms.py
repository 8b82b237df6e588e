"""What people fill in about campaigns, templates and decisions. Forms check; the domain decides."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Stage
from contacts import templating
from contacts.models import MessageKind, Template
from portfolios.models import Channel, Creditor, Portfolio

CAMPAIGN_CHANNELS = [Channel.SMS, Channel.IVM, Channel.EMAIL, Channel.LETTER]


class DateTimeField(forms.DateTimeField):
    """A moment on the agency's clock, as browsers give it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%dT%H:%M"]


class CampaignForm(forms.Form):
    """A campaign: whom, by which channel, with which text, from when."""

    name = forms.CharField(label=_("Name"), max_length=120)
    portfolio: Any = forms.ModelChoiceField(None, label=_("Portfolio"), required=False, empty_label=_("All"))
    creditor: Any = forms.ModelChoiceField(None, label=_("Creditor"), required=False, empty_label=_("All"))
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[(one.value, one.label) for one in Stage if one != Stage.CLOSED],
        initial=Stage.PRE_SOFT,
    )
    min_dpd = forms.IntegerField(label=_("Days past due from"), min_value=0, required=False)
    max_dpd = forms.IntegerField(label=_("Days past due to"), min_value=0, required=False)
    min_balance = forms.DecimalField(
        label=_("Balance from"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=[(one.value, one.label) for one in CAMPAIGN_CHANNELS])
    template_name: Any = forms.ChoiceField(label=_("Text"))
    starts_at = DateTimeField(label=_("Start"), help_text=_("On the agency's clock; each debtor's own hours are kept."))
    repeat_days = forms.IntegerField(
        label=_("Repeat every … days"), min_value=0, max_value=365, initial=0, help_text=_("0: once.")
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)
        fields: dict[str, Any] = self.fields
        fields["portfolio"].queryset = Portfolio.objects.filter(closed_on=None).order_by("name")
        fields["creditor"].queryset = Creditor.objects.order_by("name")
        texts = Template.objects.filter(retired_at=None).exclude(approved_at=None)
        pairs = sorted(
            set(texts.filter(channel__in=CAMPAIGN_CHANNELS).values_list("name", "channel")),
            key=lambda pair: (CAMPAIGN_CHANNELS.index(pair[1]), pair[0]),
        )
        self._channels = dict(pairs)
        fields["template_name"].choices = [(name, f"{Channel(channel).label}: {name}") for name, channel in pairs]
        fields["starts_at"].initial = datetime.now(self._zone).strftime("%Y-%m-%dT%H:%M")

    def clean_starts_at(self) -> datetime:
        given: datetime = self.cleaned_data["starts_at"]
        return timezone.make_naive(given).replace(tzinfo=self._zone)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        low, high = data.get("min_dpd"), data.get("max_dpd")
        if low is not None and high is not None and low > high:
            self.add_error("max_dpd", _("This must not be less than the days past due from."))
        name = data.get("template_name")
        if name and data.get("channel") and self._channels.get(name) != data["channel"]:
            self.add_error("template_name", _("This text is for another channel."))
        return data


class TemplateForm(forms.Form):
    """One text in one language."""

    name = forms.SlugField(
        label=_("Name"), max_length=80, help_text=_("Small letters and dashes, the same in all languages.")
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=[(one.value, one.label) for one in CAMPAIGN_CHANNELS])
    language = forms.ChoiceField(label=_("Language"), choices=Template._meta.get_field("language").choices or [])
    kind = forms.ChoiceField(label=_("Kind of message"), choices=MessageKind.choices)
    subject = forms.CharField(
        label=_("Subject"), max_length=160, required=False, help_text=_("For letters and e-mails.")
    )
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 14, "wide": True}), max_length=10_000)
    elements = forms.MultipleChoiceField(
        label=_("The text…"), choices=list(templating.DECLARABLE.items()), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"wide": True}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
