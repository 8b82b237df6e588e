"""Visits that were made, and rules of visits and experts."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from contacts.models import Decision, Permit
from debtors.models import ContactPoint
from field.models import Visit, VisitOrder, VisitStop
from portfolios.models import EscalationRule
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def rule(**fields):
    values = {
        "soft_visit_in": ["IN_FORCE", "ACCELERATED"], "hard_visit_in": ["TERMINATED"], "hard_visit_after": 2,
        "effective_on": TODAY,
    }  # fmt: skip
    return EscalationRule.objects.create(**(values | fields))


def visited(case, collector, *, outcome="NOBODY", kind="SOFT", days_ago=10):
    """A made visit of the case."""
    at = NOW - timedelta(days=days_ago)
    order = VisitOrder.objects.create(
        case=case, trigger="PERSON", kind=kind, opened_at=at, due_at=at, state="DONE", closed_at=at
    )
    address = ContactPoint.objects.filter(debtor_id=case.debtor_id, kind="ADDRESS").first()
    stop = VisitStop.objects.create(order=order, address=address, state="VISITED")
    decision = Decision.objects.create(
        case=case, debtor=case.debtor, channel="VISIT", party="debtor", place="home", message_kind="REMINDER",
        purpose="SEND", verdict="ALLOW", decided_at=at,
    )  # fmt: skip
    permit = Permit.objects.create(
        decision=decision, case=case, debtor=case.debtor, contact_point=address, channel="VISIT", content_digest=b"",
        granted_at=at, expires_at=at + timedelta(minutes=5),
    )  # fmt: skip
    return Visit.objects.create(
        order=order, stop=stop, case=case, address=address, collector=collector, permit=permit, draft_key=uuid4(),
        started_at=at, entered_at=at, outcome=outcome,
    )  # fmt: skip
