"""CAMT.053, and its sisters 052 and 054, of any version: elements are found by name, whatever their namespace.

Read by lxml with entities, DTDs and network off; a document that declares any is refused before its content is used.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from ledger.statements.details_mt940 import said
from ledger.statements.values import CENT, Balance, Form, Movement, Statement, StatementNotUnderstood, compact

_ROOTS = {
    "BkToCstmrStmt": (Form.CAMT053, "Stmt"),
    "BkToCstmrAcctRpt": (Form.CAMT052, "Rpt"),
    "BkToCstmrDbtCdtNtfctn": (Form.CAMT054, "Ntfctn"),
}
_OPENING, _CLOSING, _BETWEEN = ("OPBD", "PRCD"), ("CLBD",), "ITBD"
_AMOUNT = re.compile(r"^\d{1,15}(\.\d{1,5})?$")
_BOOKED = frozenset({"BOOK", ""})
Element = Any


def read_camt(content: bytes) -> list[Statement]:
    """All statements of the document.

    Raises:
        StatementNotUnderstood: cut off, another kind of document, or an element that cannot be read, with its line.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root: Element = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise StatementNotUnderstood(
            _("Line %(line)s, column %(column)s: the document is cut off or damaged.")
            % {"line": line, "column": column},
            line=line or 0, column=column or 0, reason="damaged",
        ) from error  # fmt: skip
    if root.getroottree().docinfo.internalDTD is not None:
        raise StatementNotUnderstood(
            _("The document declares a document type or entities; no bank does that."),
            line=1,
            reason="declares_entities",
        )
    for name, (form, inner) in _ROOTS.items():
        for message in (child for child in root if etree.QName(child).localname.startswith(name)):
            found = list(_children(message, inner))
            if found:
                return [_statement(element, form) for element in found]
            raise _refusal(message, _("The document holds no statement."), reason="no_statement")
    raise _refusal(root, _("This document is no bank statement."), reason="another_document")


def _statement(element: Element, form: Form) -> Statement:
    account = (
        _text(element, "Acct/Id/IBAN") or _text(element, "Acct/Id/Othr/Id") or _text(element, "Acct/Id/PrtryAcct/Id")
    )
    if not account:
        raise _refusal(element, _("The account is missing."), reason="field_missing")
    entries = list(_children(element, "Ntry"))
    opening, closing = _balances(element) if form is Form.CAMT053 else (None, None)
    first = _find(entries[0], "Amt") if entries else None
    currency = (
        (opening.currency if opening else "")
        or _text(element, "Acct/Ccy")
        or (str(first.get("Ccy") or "") if first is not None else "")
    )
    booked = [entry for entry in entries if _status(entry) in _BOOKED]
    movements = tuple(movement for entry in booked for movement in _movements(entry))
    return Statement(
        form=form, at_line=_line(element), account=compact(account),
        number=_text(element, "ElctrncSeqNb") or _text(element, "LglSeqNb") or _text(element, "Id"),
        currency=currency, opening=opening, closing=closing, movements=movements, pending=len(entries) - len(booked),
    )  # fmt: skip


def _balances(element: Element) -> tuple[Balance, Balance]:
    """What the account held before and after. A page of a statement carries interim balances instead."""
    found: dict[str, list[Balance]] = {}
    for balance in _children(element, "Bal"):
        code = _text(balance, "Tp/CdOrPrtry/Cd") or _text(balance, "Tp/Cd")
        if code in (*_OPENING, *_CLOSING, _BETWEEN):
            found.setdefault(code, []).append(_balance(balance))
    between = found.get(_BETWEEN, [])
    opening = next((found[code][0] for code in _OPENING if code in found), between[0] if between else None)
    closing = found["CLBD"][0] if "CLBD" in found else (between[-1] if between else None)
    if opening is None:
        raise _refusal(element, _("The opening balance is missing."), reason="field_missing")
    if closing is None or closing is opening:
        raise _refusal(element, _("The closing balance is missing."), reason="field_missing")
    return opening, closing


def _balance(element: Element) -> Balance:
    amount, currency = _amount(element)
    return Balance(amount, currency, _day(element, "Dt"), _line(element))


def _movements(entry: Element) -> Iterator[Movement]:
    """One movement for an entry; one for each payment of a batch whose payments add up to it."""
    total, currency = _amount(entry)
    parts = [part for details in _children(entry, "NtryDtls") for part in _children(details, "TxDtls")]
    amounts = [_part_amount(part, currency, total) for part in parts]
    if len(parts) > 1 and all(amount is not None for amount in amounts):
        known = [amount for amount in amounts if amount is not None]
        if sum(known) == total:
            for part, amount in zip(parts, known, strict=True):
                yield _movement(entry, part, amount, currency)
            return
    yield _movement(entry, parts[0] if len(parts) == 1 else None, total, currency)


def _movement(entry: Element, part: Element | None, amount: Decimal, currency: str) -> Movement:
    name, iban = _other_side(part, incoming=amount > 0) if part is not None else ("", "")
    text = _remittance(part) if part is not None else ""
    more = _text(entry, "AddtlNtryInf")
    bank_reference = (_text(part, "Refs/AcctSvcrRef") if part is not None else "") or _text(entry, "AcctSvcrRef")
    booked_on = _day(entry, "BookgDt", "ValDt")
    return Movement(
        at_line=_line(part if part is not None else entry), booked_on=booked_on,
        value_on=_day(entry, "ValDt", "BookgDt"), amount=amount, currency=currency, name=name[:140],
        iban=compact(iban)[:34], text=(text or more)[:500],
        end_to_end=said(_text(part, "Refs/EndToEndId") if part is not None else "")[:70],
        bank_reference=said(bank_reference or _text(entry, "NtryRef"))[:70], code=_code(entry),
        reversal=_text(entry, "RvslInd") in {"true", "1"} or (part is not None and _find(part, "RtrInf") is not None),
    )  # fmt: skip


def _other_side(part: Element, *, incoming: bool) -> tuple[str, str]:
    """Name and account of who paid us, or whom we paid."""
    sides = ("Dbtr", "UltmtDbtr") if incoming else ("Cdtr", "UltmtCdtr")
    parties = _find(part, "RltdPties")
    if parties is None:
        return "", ""
    names = (_text(parties, f"{side}/Nm") or _text(parties, f"{side}/Pty/Nm") for side in sides)
    account = f"{sides[0]}Acct/Id"
    return next((name for name in names if name), ""), (
        _text(parties, f"{account}/IBAN") or _text(parties, f"{account}/Othr/Id")
    )


def _remittance(part: Element) -> str:
    """What the payer wrote, references of structured payments with it; else what the bank adds."""
    told: list[str] = []
    for info in _children(part, "RmtInf"):
        told += [_own(one) for one in _children(info, "Ustrd")]
        for structured in _children(info, "Strd"):
            told.append(_text(structured, "CdtrRefInf/Ref") or _text(structured, "CdtrRefInf/CdtrRef"))
            told += [_own(one) for one in _children(structured, "AddtlRmtInf")]
    told = [one for one in told if one]
    return " ".join(told) or _text(part, "AddtlTxInf")


def _part_amount(part: Element, currency: str, total: Decimal) -> Decimal | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        element = _find(part, path)
        if element is None:
            continue
        if element.get("Ccy") != currency or not _AMOUNT.match(_own(element)):
            return None
        mark = _text(part, "CdtDbtInd")
        outgoing = total < 0 if not mark else mark == "DBIT"
        amount = Decimal(_own(element))
        if amount != amount.quantize(CENT) or amount == 0:
            return None
        return -amount.quantize(CENT) if outgoing else amount.quantize(CENT)
    return None


def _amount(element: Element) -> tuple[Decimal, str]:
    """Amount with its sign, and currency, of an entry or a balance."""
    found = _find(element, "Amt")
    if found is None or not _AMOUNT.match(_own(found)):
        raise _refusal(element if found is None else found, _("Here an amount is expected."), reason="not_an_amount")
    currency = str(found.get("Ccy") or "")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise _refusal(found, _("The amount has no currency."), reason="no_currency")
    mark = _text(element, "CdtDbtInd")
    if mark not in {"CRDT", "DBIT"}:
        raise _refusal(element, _("It is not said whether money came in or went out."), reason="no_direction")
    try:
        amount = Decimal(_own(found))
    except InvalidOperation as error:
        raise _refusal(found, _("Here an amount is expected."), reason="not_an_amount") from error
    if amount != amount.quantize(CENT):
        raise _refusal(found, _("The amount has more than two decimals."), reason="too_fine")
    amount = amount.quantize(CENT)
    return (-amount if mark == "DBIT" else amount), currency


def _day(element: Element, *names: str) -> date:
    for name in names:
        told = _text(element, f"{name}/Dt") or _text(element, f"{name}/DtTm")
        if told:
            try:
                return date.fromisoformat(told[:10])
            except ValueError as error:
                raise _refusal(_find(element, name), _("This is no date."), reason="not_a_day") from error
    raise _refusal(element, _("The date is missing."), reason="field_missing")


def _status(entry: Element) -> str:
    return _text(entry, "Sts/Cd") or _text(entry, "Sts")


def _code(entry: Element) -> str:
    domain = "Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd"
    parts = [_text(entry, f"BkTxCd/{path}") for path in domain]
    return "-".join(part for part in parts if part) or _text(entry, "BkTxCd/Prtry/Cd")


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if etree.QName(child).localname == name)


def _find(element: Element, path: str) -> Element | None:
    for name in path.split("/"):
        element = next(_children(element, name), None)
        if element is None:
            return None
    return element


def _text(element: Element, path: str) -> str:
    found = _find(element, path)
    return "" if found is None else _own(found)


def _own(element: Element) -> str:
    return " ".join((element.text or "").split())


def _line(element: Element) -> int:
    return int(element.sourceline or 0)


def _refusal(element: Element, what: str, *, reason: str) -> StatementNotUnderstood:
    line = _line(element)
    sentence = _("Line %(line)s: %(what)s") % {"line": line, "what": what}
    return StatementNotUnderstood(sentence, line=line, column=0, reason=reason)
