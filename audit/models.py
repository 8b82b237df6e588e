"""Events are inserted and never changed: the grant, a trigger and a chain of seals see to it."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.expressions import RawSQL

from agencies.models import User
from agencies.owned import AgencyOwned
from common.walls import walls


class Event(AgencyOwned):
    """One thing that happened. `data` holds codes, ids, amounts and days, never names, numbers or texts of people."""

    kind = models.CharField(max_length=48)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    case_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True, default="")
    xact = models.BigIntegerField(db_default=RawSQL("pg_current_xact_id()::text::bigint", []), editable=False)
    """The transaction that wrote the event; ids alone do not tell what may still arrive. See `audit.sealing`."""

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("audit_event")]
        indexes = [
            models.Index(fields=["agency", "case_id", "-id"], name="audit_event_case"),
            models.Index(fields=["agency", "kind", "at"], name="audit_event_kind"),
            BrinIndex(fields=["agency", "xact", "at"], name="audit_event_written", pages_per_range=32),
        ]


class Seal(AgencyOwned):
    """SHA-256 over the events of a span of transactions and the seal before: what is altered or missing breaks it."""

    from_id = models.BigIntegerField()
    to_id = models.BigIntegerField()
    """Lowest and highest id inside."""
    from_xact = models.BigIntegerField(default=0)
    to_xact = models.BigIntegerField(default=0)
    """Written by transactions from `from_xact` (included) to `to_xact` (not included)."""
    after_id = models.BigIntegerField(default=0)
    """Events up to this id belong to seals of an earlier life of the database, before it was restored elsewhere."""
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
