"""What a token may be used for: one subject, and whether it only reads. The person's role bounds it on top."""

from collections.abc import Collection, Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission as P


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

_USES: dict[ApiScope, frozenset[P]] = {
    ApiScope.FILES_READ: frozenset({P.FILES_VIEW}),
    ApiScope.FILES_WRITE: frozenset({P.FILES_UPLOAD}),
    ApiScope.CASES_READ: frozenset({P.CASES_VIEW, P.CREDITOR_CASES}),
    ApiScope.CASES_WRITE: frozenset({P.CASES_WORK}),
    ApiScope.PAYMENTS_READ: frozenset({P.CASES_VIEW, P.CREDITOR_CASES}),
    ApiScope.PAYMENTS_WRITE: frozenset({P.STATEMENTS_MATCH, P.CREDITOR_CASES}),
    ApiScope.APPROVALS_READ: frozenset({P.APPROVALS_DECIDE, P.CREDITOR_APPROVE}),
    ApiScope.APPROVALS_WRITE: frozenset({P.APPROVALS_DECIDE, P.CREDITOR_APPROVE}),
    ApiScope.HANDOFFS_READ: frozenset({P.LEGAL_HANDOFF, P.LAW_FIRM}),
    ApiScope.HANDOFFS_WRITE: frozenset({P.LEGAL_HANDOFF, P.LAW_FIRM}),
}
"""One of these a role needs for the scope to be of use."""


def usable_with(permissions: Collection[P]) -> frozenset[ApiScope]:
    """The scopes by which a role of these permissions reaches something."""
    return frozenset(scope for scope, needed in _USES.items() if not needed.isdisjoint(permissions))


def labels_of(scopes: Iterable[str]) -> list[str]:
    """In the order of the list, whatever the order they were chosen in."""
    chosen = set(scopes)
    return [str(scope.label) for scope in ApiScope if scope in chosen]
