"""MT940: the fields are read by the mt-940 library, what belongs together and in which line it stands by us."""

import logging
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from mt940 import models, tags
from mt940.options import Options

from ledger.statements.details_mt940 import Details, details_of, iban_in, said
from ledger.statements.fields_mt940 import Field, blocks_of, fields_of
from ledger.statements.values import CENT, Balance, Form, Movement, Statement, StatementNotUnderstood, compact

logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)  # it would write people's payments into the log

_BALANCE = re.compile(r"^[CD]\d{6}[A-Z]{3}\d{1,13},\d{0,3}$")
_CURRENCY_AT_END = re.compile(r"^(?P<account>.*\d) ?(?P<currency>[A-Z]{3})$")
_OPENING, _CLOSING = ("60F", "60M"), ("62F", "62M")
_ONCE = ("20", "25", *_OPENING, *_CLOSING)


def read_mt940(text: str) -> list[Statement]:
    """All statements of the file.

    Raises:
        StatementNotUnderstood: a field is missing, stands twice or cannot be read; the sentence names the line.
    """
    blocks = blocks_of(fields_of(text))
    if not blocks:
        raise StatementNotUnderstood(_("There is no statement in this file."), reason="no_statement")
    last_line = text.count("\n") + 1
    ends = [block[0].at_line - 1 for block in blocks[1:]] + [last_line]
    return [_statement(block, end) for block, end in zip(blocks, ends, strict=True)]


def _statement(block: list[Field], end: int) -> Statement:
    head = block[0]
    if head.tag != "20":
        raise _refusal(
            head, _("A statement begins with field 20, but here stands field %(tag)s."), reason="begins_wrong"
        )
    by_tag: dict[str, Field] = {}
    for field in block:
        if field.tag in _ONCE and field.tag in by_tag:
            raise _refusal(field, _("Field %(tag)s stands twice in one statement."), reason="field_twice")
        by_tag.setdefault(field.tag, field)
    if "25" not in by_tag:
        raise _missing("25", head.at_line)
    account, currency = account_of(by_tag["25"])
    report = "34F" in by_tag or ("13D" in by_tag and not _has(by_tag, _OPENING))
    opening, closing = _one(by_tag, _OPENING), _one(by_tag, _CLOSING)
    if not report and opening is None:
        raise _missing("60F", head.at_line)
    if not report and closing is None:
        raise _missing("62F", end)
    opened = balance_of(opening) if opening is not None else None
    closed = balance_of(closing) if closing is not None else None
    currency = opened.currency if opened else currency or _currency_of_report(by_tag, head)
    return Statement(
        form=Form.MT942 if report else Form.MT940, at_line=head.at_line, account=account, number=_number(by_tag),
        currency=currency, opening=opened, closing=closed, movements=tuple(_movements(block, currency)),
    )  # fmt: skip


def account_of(field: Field) -> tuple[str, str]:
    """Account and, where the bank adds it, currency."""
    value = field.first.strip("/ ")
    found = _CURRENCY_AT_END.match(value)
    if found:
        return compact(found["account"]), found["currency"]
    return compact(value), ""


def balance_of(field: Field) -> Balance:
    if not _BALANCE.match(field.first):
        raise _refusal(field, _("Field %(tag)s is no balance."), reason="not_a_balance")
    found = _parsed(field)
    balance: Any = next(iter(found.values())) if len(found) == 1 else models.Balance(**found)
    amount = _money(balance.amount.amount, field)
    return Balance(amount, str(balance.amount.currency), _day(balance.date), field.at_line)


def _movements(block: list[Field], currency: str) -> list[Movement]:
    found: list[tuple[Field, list[str]]] = []
    inside = False
    for field in block:
        if field.tag == "61":
            found.append((field, []))
            inside = True
        elif field.tag == "86" and inside:
            found[-1][1].extend(field.lines)
        elif field.tag != "NS":
            inside = False
    return [movement_of(field, tuple(lines), currency) for field, lines in found]


def movement_of(field: Field, lines: tuple[str, ...], currency: str) -> Movement:
    """Fields 61 and 86 as one movement."""
    found = _parsed(field, currency)
    details = details_of(lines) if lines else Details()
    extra = " ".join((found.get("extra_details") or "").split())
    reference = said(found.get("customer_reference") or "")
    mark = str(found["status"]).upper()
    value_on = _day(found["date"])
    return Movement(
        at_line=field.at_line,
        booked_on=_day(found.get("entry_date") or found["date"]),
        value_on=value_on,
        amount=_money(found["amount"].amount, field),
        currency=currency,
        name=details.name[:140],
        iban=compact(details.account or iban_in(extra))[:34],
        text=" ".join(part for part in (details.text, _not_in(extra, details)) if part)[:500],
        end_to_end=(details.end_to_end or details.customer_reference or reference)[:70],
        bank_reference=said(found.get("bank_reference") or "")[:70],
        code=(found.get("id") or "").strip() or details.code,
        reversal=mark in {"RC", "RD"},
    )


def _not_in(extra: str, details: Details) -> str:
    """What field 61 adds to field 86, unless it says the same."""
    bare = compact(extra)
    return "" if not bare or bare in compact(details.text) or bare == compact(details.account) else extra


def _parsed(field: Field, currency: str = "") -> dict[str, Any]:
    """The field as the library reads it, with all its corrections on."""
    holder = models.Transactions(options=Options.all())
    tag = tags.TAG_BY_ID.get(field.tag) or tags.TAG_BY_ID[int(field.tag[:2])]
    try:
        values = tag.parse(holder, field.value)
        if currency:
            values["currency"] = currency
        return dict(tag(holder, values))
    except (RuntimeError, ValueError, ArithmeticError, TypeError) as error:
        raise _refusal(field, _("Field %(tag)s cannot be read."), reason="field_not_read") from error


def _money(amount: Decimal, field: Field) -> Decimal:
    if amount != amount.quantize(CENT):
        raise _refusal(field, _("The amount in field %(tag)s has more than two decimals."), reason="too_fine")
    return amount.quantize(CENT)


def _day(found: Any) -> date:
    return date(found.year, found.month, found.day)


def _number(by_tag: dict[str, Field]) -> str:
    field = by_tag.get("28C") or by_tag.get("28")
    return field.first.rstrip("/") if field else ""


def _has(by_tag: dict[str, Field], names: tuple[str, ...]) -> bool:
    return any(name in by_tag for name in names)


def _one(by_tag: dict[str, Field], names: tuple[str, ...]) -> Field | None:
    return next((by_tag[name] for name in names if name in by_tag), None)


def _currency_of_report(by_tag: dict[str, Field], head: Field) -> str:
    floor = by_tag.get("34F")
    if floor is None:
        raise _missing("34F", head.at_line)
    return floor.first[:3]


def _missing(tag: str, line: int) -> StatementNotUnderstood:
    words: dict[str, Callable[[str], str]] = {
        "25": lambda t: _("The account (field %(tag)s) is missing.") % {"tag": t},
        "60F": lambda t: _("The opening balance (field %(tag)s) is missing.") % {"tag": t},
        "62F": lambda t: (
            _("The statement ends without a closing balance (field %(tag)s): the file is cut off.") % {"tag": t}
        ),
        "34F": lambda t: _("The currency (field %(tag)s) is missing.") % {"tag": t},
    }
    return StatementNotUnderstood(
        _("Line %(line)s: %(what)s") % {"line": line, "what": words[tag](tag)},
        line=line,
        column=1,
        reason="field_missing",
    )


def _refusal(field: Field, what: str, *, reason: str) -> StatementNotUnderstood:
    sentence = _("Line %(line)s: %(what)s") % {"line": field.at_line, "what": what % {"tag": field.tag}}
    return StatementNotUnderstood(sentence, line=field.at_line, column=len(field.tag) + 3, reason=reason)
