"""Creditors, mandates, portfolios and strategies: made and changed by the agency's managers, each change told."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from audit import record
from portfolios.models import Creditor, EscalationRule, Mandate, Portfolio, Strategy

CREDITOR_SAVED = record.kind("terms.creditor_saved", _("Creditor %(name)s was saved."))
MANDATE_SAVED = record.kind("terms.mandate_saved", _("Mandate %(name)s was saved."))
PORTFOLIO_SAVED = record.kind("terms.portfolio_saved", _("Portfolio %(name)s was saved."))
STRATEGY_SAVED = record.kind("terms.strategy_saved", _("Stage limits %(name)s were set from %(effective_on)s on."))
ESCALATION_SAVED = record.kind(
    "terms.escalation_saved", _("Rules of visits and experts were set from %(effective_on)s on.")
)

_KINDS = {
    Creditor: CREDITOR_SAVED, Mandate: MANDATE_SAVED, Portfolio: PORTFOLIO_SAVED, Strategy: STRATEGY_SAVED,
    EscalationRule: ESCALATION_SAVED,
}  # fmt: skip


def save(subject: Any, *, by: Membership, changed: list[str]) -> Any:
    """Write a creditor, mandate, portfolio or strategy and tell it, with the names of what changed."""
    with transaction.atomic():
        subject.save()
        told: dict[str, Any]
        if isinstance(subject, Strategy):
            told = {
                "name": f"{subject.pre_soft_from}/{subject.soft_from}/{subject.field_from}",
                "effective_on": subject.effective_on.isoformat(),
            }
        elif isinstance(subject, EscalationRule):
            told = {"effective_on": subject.effective_on.isoformat()}
        else:
            told = {"name": subject.name}
        record.record(_KINDS[type(subject)], by=by.user, subject_id=subject.id, changed=changed, **told)
    return subject
