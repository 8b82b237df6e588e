"""Complaints and conversations for tests of quality."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.models import Membership
from cases import debtor_complaints, documents
from cases.models import Case, DebtorComplaint, Disposition
from tests import factories


def today() -> Any:
    return factories.agency_day()


def complain(case: Case, by: Membership, *, with_hold: bool = False, **told: Any) -> DebtorComplaint:
    """A complaint that came in today about the tone of a call, unless told otherwise."""
    values = {
        "kind": "TONE", "source": "DEBTOR", "way": "PHONE", "received_on": today(), "text": "He shouted at me.",
    } | told  # fmt: skip
    return debtor_complaints.receive(
        case, debtor_complaints.Received(**values), by=by, as_of=today(), now=timezone.now(), with_hold=with_hold
    )


def decide(complaint: DebtorComplaint, by: Membership, *, outcome: str = "UPHELD") -> DebtorComplaint:
    return debtor_complaints.decide(
        complaint, outcome=outcome, measures="The talk was heard; he was trained.", by=by, now=timezone.now()
    )


def answer(complaint: DebtorComplaint, by: Membership, **told: Any) -> DebtorComplaint:
    now = timezone.now()
    document = documents.add(
        complaint.case, kind="OTHER", title="Answer", filename="a.pdf", content=b"%PDF-1 answer",
        mime="application/pdf", by=by, now=now,
    )  # fmt: skip
    values = {"way": "LETTER", "answered_on": today(), "as_of": today(), "now": now} | told
    return debtor_complaints.answer(complaint, document, by=by, **values)


def talk(
    case: Case, who: Membership, *, days_ago: float = 2, outcome: str = "CONVERSATION", **fields: Any
) -> Disposition:
    """A conversation that `who` recorded so many days ago."""
    code = factories.make_disposition_code(outcome=outcome)
    made: Disposition = Disposition.objects.create(
        case=case, code=code, by=who.user, at=timezone.now() - timedelta(days=days_ago), **fields
    )
    return made
