"""Verdicts and permits of the gate, the outbox, templates, campaigns, letters, and the record of every contact."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import Language, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case, Disposition, Stage
from common.walls import walls
from debtors.models import ContactPoint, Debtor
from portfolios.models import Channel, Creditor, Portfolio


class MessageKind(models.TextChoices):
    """What a template is for; in lower case it is the packs' `message`."""

    REMINDER = "REMINDER", _("Reminder")
    NOTIFICATION = "NOTIFICATION", _("Notification letter")
    WARNING = "WARNING", _("Warning letter")
    FIRST_NOTICE = "FIRST_NOTICE", _("First notice")
    ASSIGNMENT_NOTICE = "ASSIGNMENT_NOTICE", _("Notice of assignment")
    PROMISE_CONFIRMATION = "PROMISE_CONFIRMATION", _("Confirmation of a promise")
    CONTACT_LETTER = "CONTACT_LETTER", _("Contact letter left at a visit")


class Template(AgencyOwned):
    """One approved version of a text in one language. Versions are never edited; a change is a new version."""

    name = models.CharField(max_length=80)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=5, choices=[*Language.choices, ("ru", "Русский")])
    kind = models.CharField(max_length=20, choices=MessageKind.choices, default=MessageKind.REMINDER)
    version = models.PositiveIntegerField(default=1)
    subject = models.CharField(max_length=160, blank=True)
    body = models.TextField()
    """Liquid text with the documented variables (`contacts.templating`)."""
    elements = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    """Content elements the text contains, as the packs name them (amounts_itemised, opt_out, …)."""
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    approved_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("contacts_template"),
            models.UniqueConstraint(
                fields=["agency", "name", "channel", "language", "version"], name="contacts_template_version_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language}, v{self.version})"


class Campaign(AgencyOwned):
    """A scheduled set of contacts: cases of a portfolio and stage, one channel, one template name in all languages."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", pgettext_lazy("state of a campaign", "Draft")
        FORECAST = "FORECAST", pgettext_lazy("state of a campaign", "Forecast made")
        APPROVED = "APPROVED", pgettext_lazy("state of a campaign", "Approved")
        PLANNING = "PLANNING", pgettext_lazy("state of a campaign", "Being planned")
        RUNNING = "RUNNING", pgettext_lazy("state of a campaign", "Running")
        PAUSED = "PAUSED", pgettext_lazy("state of a campaign", "Paused")
        DONE = "DONE", pgettext_lazy("state of a campaign", "Done")
        CANCELLED = "CANCELLED", pgettext_lazy("state of a campaign", "Cancelled")

    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    template_name = models.CharField(max_length=80)
    portfolio = AgencyForeignKey(Portfolio, null=True, blank=True)
    creditor = AgencyForeignKey(Creditor, null=True, blank=True)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    min_dpd = models.PositiveIntegerField(null=True, blank=True)
    max_dpd = models.PositiveIntegerField(null=True, blank=True)
    min_balance = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    starts_at = models.DateTimeField()
    repeat_days = models.PositiveSmallIntegerField(default=0)
    """0 = once; otherwise a new run so many days after the last one started."""
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    forecast: Any = models.JSONField(default=dict)
    """{"cases", "go", "deferred", "blocked", "approve", "reasons": {code: n}, "cost": {...}, "made_at"}"""
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    approved_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("contacts_campaign", portfolio="portfolios_portfolio", creditor="portfolios_creditor"),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="contacts_campaign_approval_pair",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "starts_at"], name="contacts_campaign_due")]

    def __str__(self) -> str:
        return self.name


class CampaignRun(AgencyOwned):
    """One execution of a campaign; planned in chunks, resumable from `planned_up_to`."""

    campaign = AgencyForeignKey(Campaign)
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    planned_up_to = models.BigIntegerField(default=0)
    planned_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    counts: Any = models.JSONField(default=dict)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("contacts_campaignrun", campaign="contacts_campaign"),
            models.UniqueConstraint(fields=["agency", "campaign", "number"], name="contacts_campaignrun_number_key"),
        ]


class Verdict(models.TextChoices):
    ALLOW = "ALLOW", _("Allowed")
    DEFER = "DEFER", _("Not yet")
    APPROVE = "APPROVE", _("Needs approval")
    BLOCK = "BLOCK", _("Not allowed")


class Decision(AgencyOwned):
    """One stored verdict of the gate, denials too: append-only evidence that can be replayed with its packs."""

    case = AgencyForeignKey(Case)
    debtor = AgencyForeignKey(Debtor)
    contact_point = AgencyForeignKey(ContactPoint, null=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    party = models.CharField(max_length=20)
    place = models.CharField(max_length=24)
    message_kind = models.CharField(max_length=20)
    purpose = models.CharField(
        max_length=8, choices=[("FORECAST", _("Forecast")), ("SEND", _("Sending")), ("ASK", _("Question"))]
    )
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    codes = ArrayField(models.CharField(max_length=40), default=list)
    until = models.DateTimeField(null=True)
    findings: Any = models.JSONField(default=list)
    obligations = ArrayField(models.CharField(max_length=60), default=list)
    packs: Any = models.JSONField(default=list)
    zone = models.CharField(max_length=40, blank=True, default="")
    """The debtor's clock the strictest answer was read on; "" when it is not known."""
    intent: Any = models.JSONField(default=dict)
    """The evaluator's question, for replay; holds codes, days and counts, no name, number or text."""
    decided_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    campaign_run = AgencyForeignKey(CampaignRun, null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "contacts_decision", case="cases_case", debtor="debtors_debtor",
                contact_point="debtors_contactpoint", campaign_run="contacts_campaignrun",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "case", "-id"], name="contacts_decision_case"),
            models.Index(fields=["agency", "campaign_run", "verdict"], name="contacts_decision_run"),
        ]


class Permit(AgencyOwned):
    """What the gate gives: single use, bound to case, person, contact point, channel and content, short-lived."""

    decision = AgencyForeignKey(Decision)
    case = AgencyForeignKey(Case)
    debtor = AgencyForeignKey(Debtor)
    contact_point = AgencyForeignKey(ContactPoint, null=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    content_digest = models.BinaryField()
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "contacts_permit", decision="contacts_decision", case="cases_case", debtor="debtors_debtor",
                contact_point="debtors_contactpoint",
            ),
            models.UniqueConstraint(fields=["agency", "decision"], name="contacts_permit_decision_key"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("granted_at")), name="contacts_permit_expires_later"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "debtor"], name="contacts_permit_open", condition=Q(used_at=None)),
        ]


class PrintBatch(AgencyOwned):
    """Letters handed to the print house as one document; the hash of the PDF is the claim."""

    made_at = models.DateTimeField()
    letters = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=240)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    handed_over_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "print batches"
        constraints = [*walls("contacts_printbatch")]


class Message(AgencyOwned):
    """The outbox: an SMS, voice message, e-mail or letter to be sent, and what became of it. See `docs/sending.md`."""

    class State(models.TextChoices):
        PENDING = "PENDING", pgettext_lazy("state of a message", "Waiting")
        SENDING = "SENDING", pgettext_lazy("state of a message", "Being sent")
        SENT = "SENT", pgettext_lazy("state of a message", "Sent")
        DELIVERED = "DELIVERED", pgettext_lazy("state of a message", "Delivered")
        FAILED = "FAILED", pgettext_lazy("state of a message", "Failed")
        UNKNOWN = "UNKNOWN", pgettext_lazy("state of a message", "Fate unknown")
        REFUSED = "REFUSED", pgettext_lazy("state of a message", "Refused by the gate")
        DECIDE = "DECIDE", pgettext_lazy("state of a message", "Waits for a person's decision")

    case = AgencyForeignKey(Case)
    debtor = AgencyForeignKey(Debtor)
    contact_point = AgencyForeignKey(ContactPoint)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    template = AgencyForeignKey(Template)
    campaign_run = AgencyForeignKey(CampaignRun, null=True)
    dedupe_key = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    permit = AgencyForeignKey(Permit, null=True)
    refusal_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    provider_sid = models.CharField(max_length=64, blank=True)
    provider_status = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=12, blank=True)
    pressed = models.CharField(max_length=8, blank=True)
    """Digits the debtor pressed in a voice message."""
    cost = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=240, blank=True)
    print_batch = AgencyForeignKey(PrintBatch, null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "contacts_message", case="cases_case", debtor="debtors_debtor", contact_point="debtors_contactpoint",
                template="contacts_template", campaign_run="contacts_campaignrun", permit="contacts_permit",
                print_batch="contacts_printbatch",
            ),
            models.UniqueConstraint(fields=["agency", "dedupe_key"], name="contacts_message_once"),
            models.UniqueConstraint(
                fields=["agency", "permit"], condition=Q(permit__isnull=False), name="contacts_message_permit_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PENDING", "REFUSED", "FAILED", "DECIDE"]) | Q(permit__isnull=False),
                name="contacts_message_leaves_with_permit",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["agency", "state", "not_before", "id"], name="contacts_message_due",
                condition=Q(state__in=["PENDING", "SENDING", "UNKNOWN"]),
            ),
            models.Index(fields=["agency", "case", "-id"], name="contacts_message_case"),
            models.Index(fields=["agency", "campaign_run", "state"], name="contacts_message_run"),
            models.Index(fields=["agency", "provider_sid"], name="contacts_message_sid"),
        ]  # fmt: skip


class CarrierNews(AgencyOwned):
    """One status the carrier reported, stored once per (sid, status); unknown sids are kept too."""

    message = AgencyForeignKey(Message, null=True)
    provider_sid = models.CharField(max_length=64)
    status = models.CharField(max_length=24)
    error_code = models.CharField(max_length=12, blank=True)
    data: Any = models.JSONField(default=dict)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("contacts_carriernews", message="contacts_message"),
            models.UniqueConstraint(fields=["agency", "provider_sid", "status"], name="contacts_carriernews_once"),
        ]


class Contact(AgencyOwned):
    """One attempt or conversation, as the gate counts it. Outbound ones carry a permit, or stand out as unpermitted."""

    class Kind(models.TextChoices):
        """In lower case these are the packs' counted events."""

        CALL_ATTEMPT = "CALL_ATTEMPT", _("Call without conversation")
        CONVERSATION = "CONVERSATION", _("Conversation")
        SMS = "SMS", _("SMS")
        IVM = "IVM", _("Voice message")
        EMAIL = "EMAIL", _("E-mail")
        LETTER = "LETTER", _("Letter")
        VISIT = "VISIT", _("Visit")

    case = AgencyForeignKey(Case)
    debtor = AgencyForeignKey(Debtor)
    contact_point = AgencyForeignKey(ContactPoint, null=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    direction = models.CharField(max_length=3, choices=[("OUT", _("Outbound")), ("IN", _("Inbound"))])
    at = models.DateTimeField()
    permit = AgencyForeignKey(Permit, null=True)
    unpermitted = models.BooleanField(default=False)
    message = AgencyForeignKey(Message, null=True)
    disposition = AgencyForeignKey(Disposition, null=True)
    message_kind = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    cost = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "contacts_contact", case="cases_case", debtor="debtors_debtor", contact_point="debtors_contactpoint",
                permit="contacts_permit", message="contacts_message", disposition="cases_disposition",
            ),
            models.UniqueConstraint(
                fields=["agency", "permit"], condition=Q(permit__isnull=False), name="contacts_contact_permit_once"
            ),
            models.CheckConstraint(
                condition=Q(direction="IN") | Q(permit__isnull=False) | Q(unpermitted=True),
                name="contacts_contact_leaves_with_permit",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "debtor", "at"], name="contacts_contact_person"),
            models.Index(fields=["agency", "case", "-id"], name="contacts_contact_case"),
            models.Index(fields=["agency", "at"], name="contacts_contact_day"),
        ]


class ApprovalRequest(AgencyOwned):
    """A contact the gate allows only with a second person's approval."""

    decision = AgencyForeignKey(Decision)
    case = AgencyForeignKey(Case)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    reason = models.CharField(max_length=240, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("contacts_approvalrequest", decision="contacts_decision", case="cases_case"),
            models.UniqueConstraint(fields=["agency", "decision"], name="contacts_approvalrequest_key"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="contacts_approvalrequest_second_person",
            ),
        ]
