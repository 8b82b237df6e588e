"""Every MT940 and CAMT file given with the work, against what its makers say it holds, or refused with the line.

The files lie beside the project and may be missing: then the samples of `test_reading` alone speak.
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from ledger.statements import consistency, reading
from ledger.statements.fields_mt940 import fields_of
from ledger.statements.reading_mt940 import account_of, balance_of, movement_of
from ledger.statements.values import StatementNotUnderstood

GIVEN = Path(settings.BASE_DIR).parent / "shared" / "data"
WITH_RESULT = sorted(GIVEN.glob("mt940_wolph/*.sta"))
ALL = sorted([*WITH_RESULT, *GIVEN.glob("mt940_ro_oca/*"), *GIVEN.glob("camt_genkgo/*"), *GIVEN.glob("camt_oca/*")])
FRAGMENTS = {
    "betterplace__amount_formats", "betterplace__currency_in_25", "betterplace__empty_86",
    "betterplace__empty_entry_date", "betterplace__missing_crlf_at_end", "cmxl__account_balance_credit",
    "cmxl__account_balance_debit", "cmxl__account_identification_iban", "cmxl__account_identification_legacy",
    "cmxl__available_balance", "cmxl__closing_balance", "cmxl__statement_details", "cmxl__statement_line",
    "cmxl__statement_number",
}  # fmt: skip
"""Single fields, not statements."""
NOT_READ = {
    **{f"{name}.sta": (1, "begins_wrong") for name in FRAGMENTS},
    "betterplace__empty_line.sta": (2, "field_missing"), "cmxl__reference.sta": (1, "field_missing"),
    "betterplace__sepa_snippet_broken.sta": (6, "field_twice"),
    "camt053.v2.with-account-name.xml": (8, "field_missing"),
    "camt052.v2.with-account-name.xml": (17, "field_missing"),
    "camt054.v2.with-account-name.xml": (17, "field_missing"),
}  # fmt: skip
CONTRADICTIONS = {
    "test_brd_940.txt": [(14, "another_currency")],
    "camt053.v2.all-balance-types.xml": [(68, "sums_differ")],
    "camt053.v2.minimal.xml": [(54, "another_currency")],
    "camt053.v2.minimal.ultimate.xml": [(54, "another_currency")],
    "camt053.v2.with-party-ids.xml": [(54, "another_currency")],
    "camt053.v3.xml": [(74, "another_currency")],
    "camt053.v4.xml": [(74, "another_currency")],
    "test-camt053": [(38, "sums_differ")],
    "betterplace__sepa_snippet.sta": [(55, "sums_differ")],
    "cmxl__mt940.sta": [(73, "days_reversed")],
    "jejik__abnamro.sta": [(27, "sums_differ"), (40, "sums_differ")],
    "jejik__ing.sta": [(26, "sums_differ")],
    "jejik__knab.sta": [(20, "sums_differ")],
    "jejik__postfinance.sta": [(27, "sums_differ")],
    "jejik__rabobank.sta": [(11, "sums_differ"), (28, "sums_differ")],
    "jejik__triodos.sta": [(12, "sums_differ")],
}
"""Most of these were made unlike themselves when names and sums were taken out of them."""
WITHOUT_CONTRADICTION = {
    "test-rabo.swi": 4, "test_ing_940.txt": 1, "test_ing_940n.txt": 1, "betterplace__sepa_mt9401.sta": 26,
    "betterplace__with_binary_character.sta": 2, "jejik__generic.sta": 2, "jejik__rabobank-iban.sta": 2,
    "jejik__sns.sta": 2, "test-camt053-txdtls": 1,
}  # fmt: skip


class _Plain(yaml.SafeLoader):
    """Reads the results without making any object of theirs."""


def _anything(loader, _suffix, node):
    if isinstance(node, yaml.MappingNode):
        made = {}
        yield made
        made.update(loader.construct_mapping(node))
    elif isinstance(node, yaml.SequenceNode):
        made = []
        yield made
        made.extend(loader.construct_sequence(node))
    else:
        yield loader.construct_scalar(node)


_Plain.add_multi_constructor("tag:yaml.org,2002:python/", _anything)


def expected(path: Path) -> dict:
    return yaml.load(path.with_suffix(".yml").read_text(encoding="utf-8"), Loader=_Plain)  # noqa: S506 (a safe loader)


def a_day(packed) -> date:
    high, low, month, day = packed[0]
    return date(high * 256 + low, month, day)


def signed(data: dict) -> Decimal:
    """The given results leave a taken-back credit (RC) positive; the balances of the same files say otherwise."""
    amount = Decimal(data["amount"]["amount"][0])
    return -abs(amount) if data["status"] == "RC" else amount


def bare(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def named(path: Path) -> str:
    return path.name.rpartition("__test_files__")[2]


def by_name(path: Path) -> str:
    return named(path)


@pytest.mark.parametrize("path", WITH_RESULT, ids=by_name)
def test_movements_are_what_the_given_result_says(path):
    fields = fields_of(reading.text_of(path.read_bytes()))
    told = expected(path)["transactions"]
    own = []
    for place, field in enumerate(fields):
        if field.tag == "61":
            lines = []
            for after in fields[place + 1 :]:
                if after.tag not in {"86", "NS"}:
                    break
                lines += after.lines if after.tag == "86" else []
            own.append(movement_of(field, tuple(lines), "EUR"))
    assert [one.amount for one in own] == [signed(one["data"]) for one in told]
    assert [one.value_on for one in own] == [a_day(one["data"]["date"]) for one in told]
    for mine, theirs in zip(own, told, strict=True):
        data = theirs["data"]
        if data.get("entry_date"):
            assert mine.booked_on == a_day(data["entry_date"])
        assert mine.code in {bare(data.get("id")), data.get("transaction_code"), data.get("id")}
        if data.get("bank_reference") not in {None, "NONREF"}:
            assert mine.bank_reference == data["bank_reference"]
        told_reference = data.get("end_to_end_reference") or "NONREF"
        if told_reference != "NONREF" and "MTLG:" not in told_reference:
            assert bare(mine.end_to_end) == bare(told_reference)[:70]
        if data.get("applicant_iban"):
            assert mine.iban == bare(data["applicant_iban"]).upper()
        if data.get("applicant_name"):
            assert bare(mine.name) in bare(data["applicant_name"])
        wanted = bare(data.get("purpose")) or bare(data.get("transaction_details"))
        if data.get("purpose") and "MTLG:" not in wanted:
            assert bare(mine.text).startswith(wanted[:60])


@pytest.mark.parametrize("path", WITH_RESULT, ids=by_name)
def test_balances_and_account_are_what_the_given_result_says(path):
    fields = fields_of(reading.text_of(path.read_bytes()))
    told = expected(path)["data"]
    last = {field.tag: field for field in fields}
    for tag, name in (
        ("60F", "final_opening_balance"), ("60M", "intermediate_opening_balance"), ("62F", "final_closing_balance"),
        ("62M", "intermediate_closing_balance"), ("64", "available_balance"),
    ):  # fmt: skip
        if tag not in last:
            assert name not in told
            continue
        mine, theirs = balance_of(last[tag]), told[name]
        assert mine.amount == Decimal(theirs["amount"]["amount"][0])
        assert mine.currency == theirs["amount"]["currency"]
        assert mine.on == a_day(theirs["date"])
    if "25" in last:
        account, currency = account_of(last["25"])
        whole = re.sub(r"\W", "", told["account_identification"]).upper()
        assert whole.startswith(account[: len(whole)])
        assert told["account_identification"].endswith(currency)


@pytest.mark.parametrize("path", ALL, ids=by_name)
def test_every_given_file_is_read_or_refused_with_the_line(path):
    name = named(path)
    if name in NOT_READ:
        with pytest.raises(StatementNotUnderstood) as refusal:
            reading.read(path.read_bytes())
        assert (refusal.value.line, refusal.value.reason) == NOT_READ[name]
        return
    statements = reading.read(path.read_bytes())
    refusals = []
    for statement in statements:
        try:
            consistency.check(statement)
        except StatementNotUnderstood as found:
            refusals.append((found.line, found.reason))
    if name.startswith(("camt052", "camt054", "test-camt054")):
        assert [reason for _line, reason in refusals] == ["no_statement"]
    elif name in WITHOUT_CONTRADICTION:
        assert len(statements) == WITHOUT_CONTRADICTION[name]
        assert refusals == []
    else:
        assert refusals == CONTRADICTIONS[name]


@pytest.mark.parametrize("path", [path for path in ALL if named(path) == "test-camt053"], ids=by_name)
def test_a_collective_entry_gives_its_payments(path):
    (statement,) = reading.read(path.read_bytes())
    assert statement.account == "NL77ABNA0574908765"
    assert [(one.amount, one.name, one.iban, one.reversal) for one in statement.movements] == [
        (Decimal("-754.25"), "INSURANCE COMPANY TESTX", "NL46ABNA0499998748", False),
        (Decimal("-564.05"), "Test Customer", "NL46ABNA0499998748", True),
        (Decimal("-100.00"), "Test Customer", "NL46ABNA0499998748", True),
        (Decimal("1405.31"), "3rd party Media", "NL69ABNA0522123643", False),
    ]


@pytest.mark.parametrize("path", [path for path in ALL if named(path) == "test_ing_940.txt"], ids=by_name)
def test_words_a_romanian_bank_broke_are_whole_again(path):
    (statement,) = reading.read(path.read_bytes())
    (movement,) = statement.movements
    assert movement.name == "NEXTERP ROMANIA SRL"
    assert movement.iban == "RO25INGB0014000031948911"
    assert movement.text == "AMT RCD RON 1000,00 CVF 2020/0060 . 344944869"
    assert movement.bank_reference == "RE20200211-7523"
