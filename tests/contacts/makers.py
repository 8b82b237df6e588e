"""Makers of what surrounds a contact: earlier contacts, parties, templates."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cases.models import Case, Hold, Party
from contacts.models import Contact, Template
from debtors.models import ContactPoint, Debtor
from tests import factories

LONG_AGO = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def phone_of(case: Case) -> ContactPoint:
    return ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")


def address_of(case: Case) -> ContactPoint:
    return ContactPoint.objects.get(debtor_id=case.debtor_id, kind="ADDRESS")


def make_contact(case: Case, *, at: datetime = LONG_AGO, kind: str = "LETTER", **fields: Any) -> Contact:
    """A contact that was made some time ago; it carries no permit of ours, so it stands out as unpermitted."""
    channel = {"CALL_ATTEMPT": "CALL", "CONVERSATION": "CALL"}.get(kind, kind)
    values: dict[str, Any] = {
        "debtor_id": case.debtor_id, "channel": channel, "direction": "OUT", "unpermitted": True,
    }  # fmt: skip
    return Contact.objects.create(case=case, at=at, kind=kind, **(values | fields))


def make_hold(case: Case, reason: str, **fields: Any) -> Hold:
    return Hold.objects.create(case=case, reason=reason, **({"since": factories.TODAY - timedelta(days=3)} | fields))


def make_party(case: Case, role: str, *, person: Debtor | None = None, **fields: Any) -> Party:
    person = person or factories.make_debtor(country=case.debtor.country)
    if role == "PROXY":
        fields = {"authorised_by_document": "Power of attorney 12/2026"} | fields
    return Party.objects.create(case=case, person=person, role=role, **fields)


def make_template(**fields: Any) -> Template:
    values: dict[str, Any] = {
        "name": "reminder", "channel": "SMS", "language": "ro", "kind": "REMINDER",
        "body": "{{ debtor.name }}: {{ case.overdue }}, {{ agency.name }} {{ agency.phone }}",
        "approved_by": factories.make_user(), "approved_at": LONG_AGO,
    }  # fmt: skip
    return Template.objects.create(**(values | fields))
