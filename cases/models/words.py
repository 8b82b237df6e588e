"""The agency's own words in the lists of the desk: steps of its ladder of arguments, and codes of suspicion."""

from django.db import models
from django.utils.translation import pgettext_lazy

from agencies.owned import AgencyOwned
from common.walls import walls


class DeskWord(AgencyOwned):
    """One word. It is retired and never deleted: what was recorded with it goes on saying what it said."""

    class Kind(models.TextChoices):
        ARGUMENT = "ARGUMENT", pgettext_lazy("list of the desk", "Ladder of arguments")
        SUSPICION = "SUSPICION", pgettext_lazy("list of the desk", "Codes of suspicion")

    kind = models.CharField(max_length=9, choices=Kind.choices)
    code = models.CharField(max_length=24)
    place = models.PositiveSmallIntegerField(default=0)
    """Of an argument: its step."""
    label = models.CharField(max_length=80, blank=True)
    """In the agency's words; "" for one of the product's own arguments, which every reader sees in their language."""
    texts = models.JSONField(default=dict, blank=True)
    """Of an argument: language -> what the collector says. Where one is missing the product's text stands."""
    is_active = models.BooleanField(default=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_deskword"),
            models.UniqueConstraint(fields=["agency", "kind", "code"], name="cases_deskword_key"),
        ]

    def __str__(self) -> str:
        return self.label or self.code
