"""The independent compliance cases, as rows in the database, asked through the gate.

A row is left out only when it speaks of what the agency's tables do not hold: actions other than contact, several
possible clocks, provinces, parties or statuses without a role or code, and notices of the United States.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from agencies.models import Agency
from cases.models import Case
from contacts import facts, questions
from debtors.models import Consent, ContactPoint, OptOut, PersonStatus
from tests import factories
from tests.contacts.makers import make_contact, make_hold
from tests.jurisdictions.oracle import Row, moment, rows

STATUSES = {
    "insolvency_open", "discharged", "represented", "cease_request", "erasure_or_objection_pending", "vulnerable_hold",
    "identity_theft", "deceased", "minor", "breathing_space",
}  # fmt: skip
HOLDS = {"dispute_open": "DISPUTE", "fraud_claim": "FRAUD"}
POINTS = {"wrong_number": "WRONG_NUMBER", "disconnected": "DISCONNECTED", "undeliverable": "UNDELIVERABLE"}
DEBTS = {
    "consumer_credit": {},
    "consumer_credit_assigned": {"ownership": "CEDED"},
    "bank_npl_purchased": {"ownership": "PURCHASED"},
    "paid": {"balance": 0, "overdue": 0},
    "recalled": {"stage": "CLOSED", "close_reason": "RECALLED", "closed_on": factories.TODAY},
    "closed": {"stage": "CLOSED", "close_reason": "NOT_OWED", "closed_on": factories.TODAY},
    "settled": {"stage": "CLOSED", "close_reason": "SETTLED", "closed_on": factories.TODAY},
}
NUMBERS = {
    "MD": "+37368000001", "RO": "+40722000001", "IT": "+393471234567", "CZ": "+420601000001", "LT": "+37061200001",
}  # fmt: skip
EVENTS = {"conversation", "call_attempt", "sms", "email", "ivm", "letter", "visit"}


def expressible(row: Row) -> bool:
    words = [*row["consents"].split(), *row["flags"].split()]
    return all(
        (
            row["action"] == "contact",
            row["tz"] and not row["tz"].startswith("phone"),
            not row["subdiv"],
            not row["jurisdictions"].startswith(("US", "GB", "DE", "PL", "ES")),
            row["channel"] != "chat",
            row["debt"] in DEBTS,
            set(row["statuses"].split()) <= STATUSES | set(HOLDS),
            all(_kind(word) in EVENTS | {"notice_received"} for word in row["history"].split()),
            not any(word.startswith("optout_other:") for word in words),
            all(word.removeprefix("cp:") in POINTS for word in words if word.startswith("cp:")),
        )
    )


def _kind(word: str) -> str:
    return word.removeprefix("n:").partition("@")[0]


ROWS = [row for row in rows() if expressible(row)]


def test_a_representative_share_of_the_cases_is_tried_here():
    assert len(ROWS) >= 25
    assert len({row["expect_code"] for row in ROWS}) >= 12


def build(row: Row, agency: Agency, now: datetime) -> Case:
    law, home = row["jurisdictions"].split("+")[0], row["jurisdictions"].split("+")[-1]
    debt = dict(DEBTS[row["debt"]])
    mandate = factories.make_mandate(
        factories.make_creditor(country=law), ownership=debt.pop("ownership", "ENTRUSTED"), currency="EUR"
    )
    debtor = factories.make_debtor(country=home, time_zone=row["tz"], phone=NUMBERS[home])
    words = [*row["consents"].split(), *row["flags"].split()]
    notices = "no_notices" not in words
    case = factories.make_case(
        portfolio=factories.make_portfolio(mandate), debtor=debtor, days_past_due=int(row["dpd"]),
        as_of=now.date(), assignment_notice_on=now.date() - timedelta(days=400) if notices else None, **debt,
    )  # fmt: skip
    if "first_contact" not in words:
        make_contact(case, at=now - timedelta(days=60), message_kind="FIRST_NOTICE" if notices else "")
    for word in row["history"].split():
        kind, _, at = word.removeprefix("n:").partition("@")
        if kind == "notice_received":
            Case.objects.filter(id=case.id).update(assignment_notice_on=moment(at, row["tz"]).date())
        else:
            make_contact(case, kind=kind.upper(), at=moment(at, row["tz"]))
    for status in row["statuses"].split():
        if status in HOLDS:
            make_hold(case, HOLDS[status], since=now.date())
        else:
            PersonStatus.objects.create(debtor=debtor, code=status.upper(), since=now.date())
    point = ContactPoint.objects.get(debtor=debtor, kind="PHONE")
    for word in words:
        if word.startswith("optout:"):
            OptOut.objects.create(debtor=debtor, channel=word[7:].upper(), source="TEST", at=now - timedelta(days=1))
        if word.startswith("cp:"):
            ContactPoint.objects.filter(id=point.id).update(validity=POINTS[word[3:]])
    for word in row["consents"].split():
        kind, _, at = word.partition("@")
        if ":" not in kind:
            given = moment(at, row["tz"]) if at else now - timedelta(days=1)
            Consent.objects.create(debtor=debtor, kind=kind, given_at=given, how="test")
    agency.contact_profile = {"flags": [word for word in words if word.startswith("profile:")]}
    agency.save(update_fields=["contact_profile"])
    return case


def question_of(row: Row, case: Case) -> questions.Question:
    number = row["channel"] in ("call", "sms", "ivm")
    point = ContactPoint.objects.filter(debtor_id=case.debtor_id, kind="PHONE" if number else "ADDRESS").get()
    return questions.Question(
        case.id, row["channel"].upper(), point.id, row["party"], row["place"] or "home", row["message"].upper(),
        tuple(row["elements"].split()), "reply_to_debtor" in row["flags"].split(),
    )  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_gate_answers_as_the_case_says(row: Row, in_agency: Any):
    """S001-10, S004-69."""
    now = moment(row["local_dt"], row["tz"])
    case = build(row, in_agency, now)
    about = facts.collect([case.id], now=now)[case.id]
    verdict, intent = questions.decide(question_of(row, case), about, now=now)
    assert str(verdict.verdict) == row["expect_verdict"], verdict.codes
    if row["expect_code"] != "OK":
        assert row["expect_code"] in verdict.codes
    if row["expect_until_local"]:
        assert verdict.until == moment(row["expect_until_local"], row["tz"])
    assert intent.zones == (row["tz"],)


def test_each_verdict_is_among_them():
    assert set(Counter(row["expect_verdict"] for row in ROWS)) == {"allow", "block", "approve", "defer"}
