"""Papers of the field: from when until when one taken along is worth something, and final reports of closed cases."""

from django.db import models
from django.db.models import F, Q

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case, Document
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


class FinalReport(AgencyOwned):
    """The final report of a visited case (S003-13): wanted when the case closes, made once for that, and made anew when
    it is closed again or something is added to it."""

    case = AgencyForeignKey(Case)
    wanted_at = models.DateTimeField()
    document = AgencyForeignKey(Document, null=True, blank=True)
    """None until it is made."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("field_finalreport", case="cases_case", document="cases_document"),
            models.UniqueConstraint(fields=["agency", "case"], name="field_finalreport_one"),
        ]
        indexes = [
            models.Index(fields=["agency", "case"], name="field_finalreport_owed", condition=Q(document=None)),
        ]
