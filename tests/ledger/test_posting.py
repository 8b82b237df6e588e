"""Money moves through posting alone, balanced, and is reversed, never edited."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone
from django.utils.translation import override

from agencies.scope import agency_scope
from audit.models import Event
from ledger import posting
from ledger.models import Account, Bucket, Entry, Line, Payment
from ledger.proof import prove
from ledger.queries import statement
from tests import factories

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def account(in_agency) -> Account:
    debt = {Bucket.PRINCIPAL: Decimal("1000.00"), Bucket.FEES: Decimal("50.00"), Bucket.INTEREST: Decimal("20.50")}
    return posting.open_account(
        currency="MDL", debt=debt, dues={date(2026, 9, 1): Decimal("500.00"), date(2026, 10, 1): Decimal("570.50")},
        opened_on=TODAY, by=None, now=NOW,
    )  # fmt: skip


def pay(account, amount, **fields):
    values = {"received_on": TODAY, "source": "MANUAL", "by": None, "now": NOW} | fields
    return posting.post_payment(account, amount=Decimal(amount), **values)


def test_opening_an_account_posts_its_debt(account):
    assert account.balance == Decimal("1070.50")
    assert prove() == []


def test_a_payment_lowers_fees_before_principal(account):
    pay(account, "60.00")
    account.refresh_from_db()
    assert (account.fees, account.interest, account.principal) == (Decimal(0), Decimal("10.50"), Decimal("1000.00"))
    assert (account.balance, account.paid) == (Decimal("1010.50"), Decimal("60.00"))
    assert prove() == []


def test_what_the_books_noted_for_themselves_is_read_in_the_readers_language(account):
    pay(account, "60.00", reference="plan 5 of Ion")
    posting.waive(account, bucket=Bucket.PRINCIPAL, amount=Decimal(50), by=None, now=NOW, reason="settlement")
    posting.waive(account, bucket=Bucket.PRINCIPAL, amount=Decimal(5), by=None, now=NOW, reason="Goodwill")
    with override("ro"):
        assert [row.reference for row in statement(account)] == ["", "plan 5 of Ion", "Înțelegere", "Goodwill"]


def test_a_payment_leaves_one_event_in_the_same_transaction(account):
    before = Event.objects.count()
    pay(account, "10.00")
    assert Event.objects.count() == before + 1


def test_more_than_is_owed_is_refused_with_the_balance(account):
    with pytest.raises(posting.PaymentExceedsBalance, match=r"1070\.50 MDL") as refusal:
        pay(account, "1070.51")
    assert refusal.value.details["balance"] == "1070.50"


@pytest.mark.parametrize("amount", ["0", "-5", "1.001", "NaN"])
def test_what_is_not_money_is_refused(account, amount):
    with pytest.raises(posting.AmountIsNotMoney):
        pay(account, amount)


def test_a_payment_of_next_week_is_refused(account):
    with pytest.raises(posting.PaidInTheFuture):
        pay(account, "1", received_on=date(2026, 12, 1))


def test_a_reversal_restores_every_bucket(account):
    payment = pay(account, "60.00")
    posting.reverse(payment.entry, by=None, now=NOW, reason="Bounced")
    account.refresh_from_db()
    payment.refresh_from_db()
    assert (account.balance, account.fees, account.paid) == (Decimal("1070.50"), Decimal("50.00"), Decimal(0))
    assert payment.reversed_at == NOW
    assert prove() == []


def test_nothing_is_reversed_twice(account):
    payment = pay(account, "60.00")
    posting.reverse(payment.entry, by=None, now=NOW, reason="Bounced")
    with pytest.raises(posting.NothingToReverse):
        posting.reverse(payment.entry, by=None, now=NOW, reason="Again")


def test_the_opening_cannot_be_reversed(account):
    with pytest.raises(posting.NothingToReverse):
        posting.reverse(Entry.objects.get(account=account), by=None, now=NOW, reason="No")


def test_a_waiver_lowers_one_bucket(account):
    posting.waive(account, bucket=Bucket.FEES, amount=Decimal(50), by=None, now=NOW, reason="Goodwill")
    assert (account.fees, account.balance, account.paid) == (Decimal(0), Decimal("1020.50"), Decimal(0))
    assert prove() == []


def test_more_than_the_bucket_cannot_be_waived(account):
    with pytest.raises(posting.WaiverExceedsBucket):
        posting.waive(account, bucket=Bucket.FEES, amount=Decimal(51), by=None, now=NOW, reason="Too much")


def test_the_statement_runs_from_the_debt_to_todays_balance(account):
    payment = pay(account, "60.00", reference="OP 77")
    posting.reverse(payment.entry, by=None, now=NOW, reason="Bounced")
    rows = statement(account)
    assert [row.kind for row in rows] == ["OPENING", "PAYMENT", "REVERSAL"]
    assert [row.balance for row in rows] == [Decimal("1070.50"), Decimal("1010.50"), Decimal("1070.50")]
    assert [row.reversed for row in rows] == [False, True, False]


def test_the_database_refuses_lines_that_do_not_balance(account):
    entry = Entry.objects.create(account=account, kind="PAYMENT", value_on=TODAY, posted_at=NOW)
    with pytest.raises(IntegrityError, match="do not sum to zero"), transaction.atomic():
        Line.objects.create(entry=entry, account=account, bucket="PRINCIPAL", amount=-1)


def test_the_database_refuses_a_line_on_another_account(account):
    other = factories.make_account()
    entry = Entry.objects.create(account=account, kind="PAYMENT", value_on=TODAY, posted_at=NOW)
    lines = [
        Line(entry=entry, account=account, bucket="PRINCIPAL", amount=-1),
        Line(entry=entry, account=other, bucket="CASH", amount=1),
    ]
    with pytest.raises(IntegrityError, match="on another account"), transaction.atomic():
        Line.objects.bulk_create(lines)


def test_the_database_refuses_a_balance_that_is_not_the_sum_of_its_parts(account):
    with pytest.raises(IntegrityError, match="ledger_account_balance_is_sum"), transaction.atomic():
        Account.objects.filter(id=account.id).update(balance=1)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_line"])
@pytest.mark.parametrize("statement_text", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_application_cannot_edit_what_was_booked(account, table, statement_text):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement_text.format(table))


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_line"])
@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_not_even_the_owner_edits_what_was_booked(table):
    agency = factories.make_agency()
    with agency_scope(agency.id):
        factories.make_account()
    owner = connections["owner"]
    scoped = f"SELECT set_config('app.agency_id', '{agency.id}', true); UPDATE {table} SET id = id"
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(using="owner"):
        owner.cursor().execute(scoped)


def test_the_proof_finds_a_cache_that_lies(account):
    Account.objects.filter(id=account.id).update(principal=900, balance=Decimal("970.50"))
    assert [fault.what for fault in prove()] == ["accounts whose balances differ from their lines"]


def test_the_proof_finds_a_payment_without_its_money(account):
    entry = Entry.objects.create(account=account, kind="PAYMENT", value_on=TODAY, posted_at=timezone.now())
    Payment.objects.create(account=account, entry=entry, received_on=TODAY, amount=5, currency="MDL", source="MANUAL")
    assert {fault.what for fault in prove()} == {"entries without lines", "payments that differ from their entry"}
