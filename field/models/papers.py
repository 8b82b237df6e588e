"""From when until when a paper taken along on a visit is worth something."""

from django.db import models
from django.db.models import F, Q

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Document
from common.walls import walls


class PaperTerm(AgencyOwned):
    """The days on which a power of attorney or a proof of the claim is valid (S003-14); an empty side has no end."""

    document = AgencyForeignKey(Document)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("field_paperterm", document="cases_document"),
            models.UniqueConstraint(fields=["agency", "document"], name="field_paperterm_one"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="field_paperterm_ends_later",
            ),
        ]
