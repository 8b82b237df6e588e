"""A movement is kept once, in however many files it comes; nothing is kept of a file that is refused."""

from datetime import date
from decimal import Decimal

import pytest

from audit.models import Event
from ledger.models import BankAccount, BankStatement, StatementFile, StatementLine
from ledger.statements import accounts, keeping
from ledger.statements.values import StatementNotUnderstood
from tests.statements.conftest import NOW, lines
from tests.statements.samples import DAY, Row, camt, mt940

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_agency")]
ONE, TWO, THREE = Row(100, text="first"), Row(200, text="second"), Row(-7, text="comision")
NEXT_DAY = date(2026, 11, 21)


@pytest.fixture
def keep(coordinator):
    return lambda content: keeping.keep(content, filename="extras.sta", by=coordinator, now=NOW)


@pytest.mark.parametrize("made", [mt940, camt])
def test_a_statement_is_kept_with_its_balances_and_lines(keep, made):
    file, is_new = keep(made([ONE, TWO, THREE]))
    statement = BankStatement.objects.get(file=file)
    assert is_new
    assert (statement.opening, statement.closing) == (Decimal(1000), Decimal(1293))
    assert [line.amount for line in lines()] == [Decimal(100), Decimal(200), Decimal(-7)]
    assert {line.state for line in lines()} == {"OPEN"}


def test_the_agencys_account_for_payments_needs_no_naming(keep):
    keep(mt940([ONE]))
    assert BankAccount.objects.get().number == "MD24AG000225100013104168"


def test_the_same_file_twice_is_one(keep):
    first, _ = keep(mt940([ONE, TWO]))
    second, is_new = keep(mt940([ONE, TWO]))
    assert (second.id, is_new) == (first.id, False)
    assert StatementLine.objects.count() == 2
    assert Event.objects.filter(kind="ledger.statement_kept").count() == 1


def test_the_same_statement_in_a_file_with_other_line_ends_brings_nothing_new(keep):
    keep(mt940([ONE, TWO]))
    file, is_new = keep(mt940([ONE, TWO]).replace(b"\r\n", b"\n"))
    assert is_new
    assert BankStatement.objects.get(file=file).known == 2
    assert StatementLine.objects.count() == 2


def test_a_week_that_overlaps_a_day_brings_only_the_other_days(keep):
    keep(mt940([ONE, TWO], number="1/1"))
    later = Row(300, text="third", on=NEXT_DAY)
    file, _ = keep(mt940([ONE, TWO, later], number="9/1", closed_on=NEXT_DAY))
    assert BankStatement.objects.get(file=file).known == 2
    assert [line.amount for line in lines()] == [Decimal(100), Decimal(200), Decimal(300)]


def test_two_payments_alike_in_one_statement_are_two(keep):
    keep(mt940([ONE, ONE]))
    keep(mt940([ONE, ONE]).replace(b"\r\n", b"\n"))
    assert [line.ordinal for line in lines()] == [1, 2]


def test_a_payment_alike_in_the_statement_that_follows_is_another(keep):
    keep(mt940([ONE], number="1/1", closed_on=DAY))
    keep(mt940([ONE], number="1/2", opening=1100, opened_on=DAY, closed_on=DAY))
    assert [line.ordinal for line in lines()] == [1, 2]


def test_two_pages_of_one_day_in_one_file_lose_nothing(keep):
    keep(mt940([ONE], number="1/1") + mt940([ONE], number="1/2", opening=1100, opened_on=DAY))
    assert StatementLine.objects.count() == 2


def test_a_gap_between_statements_is_told_and_not_refused(keep):
    keep(mt940([ONE], number="1/1"))
    file, _ = keep(mt940([TWO], number="3/1", opening=5000, opened_on=DAY, closed_on=NEXT_DAY))
    ((code, values),) = BankStatement.objects.get(file=file).warnings
    assert code == "gap"
    assert values["closing"] == "1100.00"
    assert values["opening"] == "5000.00"


def test_statements_that_follow_each_other_have_no_gap(keep):
    keep(mt940([ONE], number="1/1"))
    file, _ = keep(mt940([Row(1, on=NEXT_DAY)], number="2/1", opening=1100, opened_on=DAY, closed_on=NEXT_DAY))
    assert BankStatement.objects.get(file=file).warnings == []


def test_the_same_day_in_another_form_is_refused(keep):
    keep(mt940([ONE]))
    with pytest.raises(keeping.SameDaysInAnotherForm):
        keep(camt([ONE]))


def test_the_next_day_may_come_in_another_form(keep):
    keep(mt940([ONE]))
    _, is_new = keep(camt([TWO], opening=1100, opened_on=DAY, closed_on=NEXT_DAY))
    assert is_new


def test_a_statement_of_a_strange_account_is_refused_by_its_number(keep):
    with pytest.raises(accounts.AccountIsNotOurs) as refusal:
        keep(mt940([ONE], account="RO49AAAA1B31007593840000"))
    assert "RO49AAAA1B31007593840000" in refusal.value.sentence
    assert not StatementFile.objects.exists()


def test_a_statement_in_another_currency_than_the_account_is_refused(keep, coordinator):
    accounts.add_account(number="MD24AG000225100013104168", currency="EUR", by=coordinator)
    with pytest.raises(accounts.AccountIsNotOurs, match="EUR"):
        keep(mt940([ONE]))


def test_a_closed_account_takes_no_statement(keep, coordinator):
    account = accounts.add_account(number="RO49AAAA1B31007593840000", currency="RON", by=coordinator)
    accounts.change_account(
        account, number=account.number, currency="RON", name="", creditor=None, closed_on=DAY, by=coordinator
    )
    with pytest.raises(accounts.AccountIsNotOurs):
        keep(mt940([ONE], account="RO49AAAA1B31007593840000", currency="RON"))


def test_one_bad_statement_of_a_file_keeps_the_whole_file_out(keep):
    with pytest.raises(StatementNotUnderstood):
        keep(mt940([ONE]) + mt940([TWO], closing=Decimal(3), opened_on=DAY))
    assert not StatementLine.objects.exists()


def test_a_statement_of_a_day_that_has_not_come_is_refused(keep):
    with pytest.raises(keeping.StatementIsFromTheFuture):
        keep(mt940([Row(1, on=date(2027, 5, 1))], closed_on=date(2027, 5, 1)))


def test_history_of_a_statement_names_no_payer(keep):
    keep(mt940([Row(100, name="Ion Turcanu", text="datoria lui Ion")]))
    assert "urcanu" not in str(Event.objects.get(kind="ledger.statement_kept").data)
