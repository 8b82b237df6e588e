"""Whatever a bank sends: read back it is what was sent, booked twice it is booked once, and the sums agree."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import statement_booking
from ledger import proof
from ledger.models import BankStatement, Payment, StatementFile, StatementLine
from ledger.statements import consistency, keeping, reading
from tests import factories
from tests.statements.conftest import NOW
from tests.statements.samples import DAY, Row, camt, mt940

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_agency")]

WORDS = st.text(alphabet="ABCDEFGHIJKLMNOPRSTUVZĂÂÎȘȚČŘŽŠĖ0123456789-/. ", min_size=1, max_size=60).map(
    lambda text: " ".join(text.strip(" -/:.").split()) or "A"
)
CONTRACTS = ["MD-2024/00001", "MD-2024/00002", "MD-2024/00003"]
MONEY = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(900), places=2)
SIGNED = st.builds(lambda amount, out: -amount if out else amount, MONEY, st.booleans())
ROWS = st.lists(
    st.builds(
        Row, amount=SIGNED, text=st.one_of(WORDS, st.sampled_from(CONTRACTS)),
        name=st.sampled_from(["", "ION TURCANU", "ŠIMKUTĖ RŪTA"]),
        reference=st.sampled_from(["", "E2E-1", "E2E-2"]),
        on=st.integers(0, 5).map(lambda days: DAY - timedelta(days=days)),
    ),
    max_size=8,
)  # fmt: skip
FORMS = st.sampled_from([mt940, camt])
OPENED = date(2026, 11, 14)


def plain(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, made=FORMS, opening=SIGNED)
def test_what_was_sent_is_read(rows, made, opening):
    (statement,) = reading.read(made(rows, opening=opening, opened_on=OPENED))
    consistency.check(statement)
    assert [one.amount for one in statement.movements] == [row.money for row in rows]
    assert [one.booked_on for one in statement.movements] == [row.on for row in rows]
    assert [one.name for one in statement.movements] == [row.name for row in rows]
    assert [plain(one.text) for one in statement.movements] == [plain(row.text) for row in rows]
    assert [one.end_to_end for one in statement.movements] == [row.reference for row in rows]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, made=FORMS)
def test_a_statement_booked_twice_is_booked_once_and_sums_agree(agency, rows, made):
    with transaction.atomic():
        _booked_twice(rows, made)
        transaction.set_rollback(True)


def _booked_twice(rows, made):
    for contract in CONTRACTS:
        factories.make_case(contract_no=contract, amount=2000)
    content = made(rows, opened_on=OPENED)
    for same in (
        content,
        content,
        content.replace(b"\n", b"\n\n") if made is camt else content.replace(b"\r\n", b"\n"),
    ):
        file, _is_new = keeping.keep(same, filename="statement", by=None, now=NOW)
        last: int | None = 0
        while last is not None:
            last = statement_booking.match_chunk(file, after_id=last, now=NOW)
    kept = StatementLine.objects.filter(part_of=None)
    first = BankStatement.objects.order_by("id").first()
    assert sorted(line.amount for line in kept) == sorted(row.money for row in rows)
    assert first.opening + (kept.aggregate(sum=Sum("amount"))["sum"] or 0) == first.closing
    booked = kept.filter(state="BOOKED")
    assert Payment.objects.count() == booked.count()
    wanted = [row.money for row in rows if row.money > 0 and row.text in CONTRACTS]
    assert sorted(payment.amount for payment in Payment.objects.all()) == sorted(_within(wanted, rows))
    assert {file.state for file in StatementFile.objects.all()} == {"MATCHED"}
    assert list(proof.prove()) == []


def _within(wanted, rows):
    """Payments that the debt of 2000 leaves room for, in the order in which they came."""
    left = dict.fromkeys(CONTRACTS, Decimal(2000))
    for row in rows:
        if row.money > 0 and row.text in left and row.money <= left[row.text]:
            left[row.text] -= row.money
            yield row.money
