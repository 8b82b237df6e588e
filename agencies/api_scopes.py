"""What a token may be used for: one subject, and whether it only reads. The person's role bounds it on top."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApiScope(TextChoices):
    """`<subject>:read` or `<subject>:write`; each view of the API names its subject."""

    FILES_READ = "files:read", _("Read case files")
    FILES_WRITE = "files:write", _("Send case files")
    CASES_READ = "cases:read", _("Read cases, agreements, visits and complaints")
    CASES_WRITE = "cases:write", _("Record promises")
    PAYMENTS_READ = "payments:read", _("Read payments and bank statements")
    PAYMENTS_WRITE = "payments:write", _("Report payments and send bank statements")
    APPROVALS_READ = "approvals:read", _("Read what waits for a yes")
    APPROVALS_WRITE = "approvals:write", _("Approve and refuse")
    HANDOFFS_READ = "handoffs:read", _("Read cases with law firms")
    HANDOFFS_WRITE = "handoffs:write", _("Work on cases with law firms")


PERSONAL = frozenset({ApiScope.APPROVALS_WRITE})
"""A yes is a person's own: only a token that people issued for themselves gives it."""
READING = tuple(scope for scope in ApiScope if scope.endswith(":read"))
SUBJECTS = frozenset(scope.partition(":")[0] for scope in ApiScope.values)


def labels_of(scopes: Iterable[str]) -> list[str]:
    """In the order of the list, whatever the order they were chosen in."""
    chosen = set(scopes)
    return [str(scope.label) for scope in ApiScope if scope in chosen]
