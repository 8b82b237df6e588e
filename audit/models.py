"""Events are inserted and never changed: the grant, a trigger and a chain of seals see to it."""

from django.db import models

from agencies.models import User
from agencies.owned import AgencyOwned
from common.walls import walls


class Event(AgencyOwned):
    """One thing that happened. `data` holds codes, ids, amounts and days, never names, numbers or free text of people."""

    kind = models.CharField(max_length=48)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    case_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True, default="")

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("audit_event")]
        indexes = [
            models.Index(fields=["agency", "case_id", "-id"], name="audit_event_case"),
            models.Index(fields=["agency", "kind", "at"], name="audit_event_kind"),
        ]


class Seal(AgencyOwned):
    """SHA-256 over the events (from_id, to_id] and the seal before: an altered or missing event breaks the chain."""

    from_id = models.BigIntegerField()
    to_id = models.BigIntegerField()
    events = models.PositiveIntegerField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("audit_seal"),
            models.UniqueConstraint(fields=["agency", "to_id"], name="audit_seal_to_key"),
        ]


class OnceKey(AgencyOwned):
    """A request's idempotency key: the same key gives the first answer again, another body under it is refused."""

    scope = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    request_digest = models.BinaryField()
    response = models.JSONField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("audit_oncekey"),
            models.UniqueConstraint(fields=["agency", "scope", "key"], name="audit_oncekey_key"),
        ]
