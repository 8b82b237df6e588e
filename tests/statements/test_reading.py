"""What a bank says is read as it says it; what it cannot mean is refused with the line."""

from datetime import date
from decimal import Decimal

import pytest

from ledger.statements import consistency, reading
from ledger.statements.values import Form, StatementNotUnderstood
from tests.statements.samples import DAY, Row, camt, mt940

PAYMENT = Row(
    "250.5", text="PLATA RATA CONTRACT MD-2024/00123 NOIEMBRIE", name="ȚURCANU ION", iban="MD50AG000000022512345678",
    reference="E2E-77", bank_reference="BK1",
)  # fmt: skip


def read_and_check(content: bytes) -> None:
    for statement in reading.read(content):
        consistency.check(statement)


def refused(content: bytes) -> StatementNotUnderstood:
    with pytest.raises(StatementNotUnderstood) as refusal:
        read_and_check(content)
    return refusal.value


@pytest.mark.parametrize("made", [mt940, camt])
def test_both_forms_tell_the_same_payment(made):
    (statement,) = reading.read(made([PAYMENT]))
    consistency.check(statement)
    (movement,) = statement.movements
    assert movement.amount == Decimal("250.50")
    assert (movement.booked_on, movement.value_on) == (DAY, DAY)
    assert movement.name == "ȚURCANU ION"
    assert movement.iban == "MD50AG000000022512345678"
    assert movement.text == "PLATA RATA CONTRACT MD-2024/00123 NOIEMBRIE"
    assert (movement.end_to_end, movement.bank_reference) == ("E2E-77", "BK1")
    assert not movement.reversal


@pytest.mark.parametrize("version", ["053.001.02", "053.001.03", "053.001.04", "053.001.06", "053.001.08"])
def test_every_version_of_camt_is_read(version):
    (statement,) = reading.read(camt([PAYMENT], version=version))
    assert statement.form is Form.CAMT053
    assert statement.movements[0].name == "ȚURCANU ION"


@pytest.mark.parametrize("made", [mt940, camt])
def test_a_payment_taken_back_goes_out(made):
    (statement,) = reading.read(made([PAYMENT, Row("-250.5", reference="E2E-77", reversal=True)]))
    consistency.check(statement)
    assert [(one.amount, one.reversal) for one in statement.movements] == [
        (Decimal("250.50"), False), (Decimal("-250.50"), True),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso8859_2", "utf-16"])
def test_names_survive_the_banks_encoding(encoding):
    content = mt940([Row(10, name="DVOŘÁK ŽOFIE", text="SPLÁTKA ŠKODA")]).decode().encode(encoding)
    (statement,) = reading.read(content)
    assert statement.movements[0].name == "DVOŘÁK ŽOFIE"


def test_baltic_letters_are_not_read_as_polish_ones():
    content = mt940([Row(10, name="ŠIMKUTĖ RŪTA", text="ĮMOKA UŽ PASKOLĄ")]).decode().encode("cp1257")
    (statement,) = reading.read(content)
    assert statement.movements[0].name == "ŠIMKUTĖ RŪTA"


def test_an_mt940_that_opens_in_lei_and_closes_in_euro_is_refused_at_the_closing_balance():
    content = mt940([PAYMENT], currency="RON", closing_currency="EUR")
    refusal = refused(content)
    assert refusal.reason == "another_currency"
    assert content.decode().splitlines()[refusal.line - 1].startswith(":62F:")
    assert "RON" in refusal.sentence
    assert f"{refusal.line}" in refusal.sentence


@pytest.mark.parametrize("made", [mt940, camt])
def test_sums_that_do_not_add_up_are_refused(made):
    refusal = refused(made([PAYMENT], closing=Decimal(999)))
    assert refusal.reason == "sums_differ"
    assert "999.00" in refusal.sentence
    assert refusal.line > 1


def test_an_mt940_cut_off_in_the_middle_is_refused():
    whole = mt940([PAYMENT, PAYMENT])
    refusal = refused(whole[: whole.rindex(b":62F:")])
    assert refusal.reason == "field_missing"


def test_a_camt_cut_off_in_the_middle_is_refused_with_line_and_column():
    refusal = refused(camt([PAYMENT])[:-40])
    assert refusal.reason == "damaged"
    assert refusal.line > 5
    assert refusal.column > 0


def test_a_movement_that_cannot_be_read_is_refused_at_its_line():
    content = mt940([PAYMENT]).replace(b"C250,50", b"X250,50")
    refusal = refused(content)
    assert refusal.reason == "field_not_read"
    assert content.decode().splitlines()[refusal.line - 1].startswith(":61:")


def test_a_day_that_does_not_exist_is_refused_and_not_moved():
    refusal = refused(mt940([PAYMENT]).replace(b":61:2611201120", b":61:2602301120"))
    assert refusal.reason == "field_not_read"


@pytest.mark.parametrize(
    "content",
    [
        b"contract;amount\nC-1;100\n",
        b"%PDF-1.7 something",
        b"<html><body>Hello</body></html>",
        b"\x00\x01\x02:20:",
        b" \n",
    ],
    ids=["csv", "pdf", "html", "bytes", "nothing"],
)
def test_other_files_are_no_statements(content):
    assert refused(content).reason in {"another_document", "not_text", "empty"}


def test_a_document_that_declares_entities_is_refused():
    bomb = camt([PAYMENT]).replace(
        b"<Document", b'<!DOCTYPE d [<!ENTITY a "x"><!ENTITY f SYSTEM "file:///etc/passwd">]>\n<Document', 1
    )
    assert refused(bomb).reason == "declares_entities"


def test_a_file_beyond_the_limit_is_refused(settings):
    settings.BANK_STATEMENT_MAX_BYTES = 1000
    assert refused(mt940([PAYMENT] * 20)).reason == "too_large"


def test_payments_announced_but_not_booked_are_left_out_and_counted():
    content = camt([PAYMENT, Row(70)], closing=Decimal("1250.50"))
    place = content.rindex(b"BOOK")
    (statement,) = reading.read(content[:place] + b"PDNG" + content[place + 4 :])
    consistency.check(statement)
    assert len(statement.movements) == 1
    assert statement.pending == 1


def test_a_report_without_balances_says_to_wait_for_the_statement():
    fields = [
        ":20:R", ":25:MD24AG000225100013104168", ":28C:1", ":34F:MDLC0,", ":13D:2611201200+0200", ":61:261120C5,NTRFX",
    ]  # fmt: skip
    content = "\r\n".join([*fields, "-", ""]).encode()
    (report,) = reading.read(content)
    assert report.form is Form.MT942
    assert refused(content).reason == "no_statement"


def test_several_statements_of_one_file_are_read_each_by_itself():
    first = mt940([PAYMENT], number="1/1")
    second = mt940([Row(1)], opening=Decimal("1250.50"), number="2/1", opened_on=DAY, closed_on=date(2026, 11, 21))
    assert [one.number for one in reading.read(first + second)] == ["1/1", "2/1"]
