"""Which rows may be taken over under a mandate, and why not. Pure; source: seed 004, 1.3 (S004-05 to S004-12)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portfolios.reasons import Reason, reason

SETTLED = frozenset({"settled", "nothing_owed", "status_CLOSED"})
"""Each says that nothing is owed: no reason to begin, and of a known case the reason to close it."""
TAKEOVER_ALONE = frozenset(
    {"too_few_days", "unsecured", "not_a_person", "notice_missing", "notice_after_sale", "party_notice_missing"}
)
"""Terms of taking a debt over; they do not speak against a case that was taken over before."""
STOPS = frozenset(f"status_{name}" for name in (
    "FRAUD", "LEGAL", "RESTRUCTURING", "STAFF", "DECEASED", "DISPUTED", "INSOLVENT"
))  # fmt: skip
"""What keeps a debt from being taken over, and puts a case on hold that was taken over before."""
STAYS_AGAINST_CLOSING = frozenset({"wrong_currency", "left_out"})
"""What stands even against a row that says that a known debt is paid."""


@dataclass(frozen=True)
class Terms:
    """What the mandate and the portfolio say, on the day the file is judged."""

    country: str
    currency: str
    as_of: date
    taken_over_on: date
    min_days_past_due: int = 0
    requires_secured: bool = False
    persons_only: bool = False
    notice_required: bool = False
    other_currencies: frozenset[str] = frozenset()


@dataclass
class Facts:
    """What is known of one row, as far as it decides about eligibility."""

    currency: str
    total: Decimal
    due_on: date | None
    said_not_due: bool = False
    kind: str = "PERSON"
    secured: bool = False
    statuses: list[str] = field(default_factory=list)
    settled_on: date | None = None
    notice_on: date | None = None
    party_notices: dict[str, date | None] = field(default_factory=dict)
    legally_accelerated: bool = False
    source_accelerated: bool | None = None


def judge(facts: Facts, terms: Terms) -> list[Reason]:
    """Every reason that speaks against taking the row over, and warnings; empty when nothing does."""
    found: list[Reason] = []
    if facts.currency != terms.currency and facts.currency not in terms.other_currencies:
        found.append(reason("wrong_currency", cell=facts.currency))
    if facts.settled_on is not None:
        found.append(reason("settled", cell=facts.settled_on))
    elif facts.total <= 0:
        found.append(reason("nothing_owed"))
    found += [reason(f"status_{status}") for status in facts.statuses]
    if terms.persons_only and facts.kind != "PERSON":
        found.append(reason("not_a_person"))
    if terms.requires_secured and not facts.secured:
        found.append(reason("unsecured"))
    found += _days(facts, terms)
    if terms.notice_required:
        found += _notices(facts, terms)
    if facts.source_accelerated is not None and facts.source_accelerated != facts.legally_accelerated:
        found.append(reason("accelerated_differently"))
    return found


def says_settled(reasons: Sequence[Reason]) -> bool:
    """Whether the creditor says in this row that nothing is owed any more."""
    return any(of["code"] in SETTLED for of in reasons)


def _days(facts: Facts, terms: Terms) -> list[Reason]:
    if facts.due_on is None and not facts.said_not_due:
        return [reason("no_due_day")]
    days = max((terms.as_of - facts.due_on).days, 0) if facts.due_on else 0
    return [reason("too_few_days", cell=days)] if days < terms.min_days_past_due else []


def _notices(facts: Facts, terms: Terms) -> list[Reason]:
    """Every sale is preceded by a written notice to the debtor and to those who stand in with him (S004-11)."""
    found = []
    if facts.notice_on is None:
        found.append(reason("notice_missing"))
    elif facts.notice_on >= terms.taken_over_on:
        found.append(reason("notice_after_sale", cell=facts.notice_on))
    for role, sent_on in facts.party_notices.items():
        if sent_on is None or sent_on >= terms.taken_over_on:
            found.append(reason("party_notice_missing", cell=role))
    return found
