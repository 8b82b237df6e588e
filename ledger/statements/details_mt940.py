"""Field 86 in the forms banks give it: who paid, from which account, what for, under which reference.

Known forms: numbered parts after a sign (`?20` of German and Czech banks, `~20` and `+20` of Romanian ones, `>20`),
words between slashes (`/EREF/…/REMI/…`), and free text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stdnum import iban as ibans

from ledger.statements.fields_mt940 import joined

_NUMBERED = re.compile(r"^(?P<code>\d{3})(?P<sign>[?~+>])(?=\d{2})")
_SLASHED = re.compile(r"/(ORDP|BENM|NAME|ADDR|REMI|EREF|ISDT|IBAN|BIC|TRCD|CSID|MARF|PURP|ID|RTRN|ULTD|ULTC)/")
_LABELLED = re.compile(r"\b(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|MTLG)[+:]")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b")
_PART_WIDTH = 27
NOTHING = frozenset({"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "EREF", "KREF", "MREF", "/"})
"""What banks write where there is no reference."""


@dataclass(frozen=True, slots=True)
class Details:
    name: str = ""
    account: str = ""
    text: str = ""
    end_to_end: str = ""
    customer_reference: str = ""
    code: str = ""


def details_of(lines: tuple[str, ...]) -> Details:
    """Read one field 86. Words broken across lines are whole again."""
    glued = "".join(line.rstrip("\r\n") for line in lines).strip()
    if found := _NUMBERED.match(glued):
        return _numbered(glued[found.end("code") :], found["sign"], found["code"])
    free = joined(lines)
    if _SLASHED.search(free):
        return _slashed(free)
    return Details(text=free)


def iban_in(text: str) -> str:
    """The first valid IBAN in `text`, or "". Not for what a payer wrote: the account there is as likely our own."""
    return next((found for found in _IBAN.findall(text) if ibans.is_valid(found)), "")


def said(reference: str) -> str:
    """A reference, or "" when the bank says that there is none. One letter is none."""
    plain = reference.strip()
    return "" if plain.upper() in NOTHING or len(plain) < 2 else plain


def _numbered(text: str, sign: str, code: str) -> Details:
    pieces = re.split(rf"{re.escape(sign)}(\d{{2}})", text.rstrip(f"{sign} "))
    parts: dict[str, list[str]] = {}
    for number, piece in zip(pieces[1::2], pieces[2::2], strict=False):
        parts.setdefault(number, []).append(piece)
    flow = _flow(piece for number in sorted(parts) if "20" <= number <= "29" for piece in parts[number])
    more = _flow(piece for number in sorted(parts) if "60" <= number <= "65" for piece in parts[number])
    labels = _labels(flow)
    purpose = " ".join(part for part in (labels.get("SVWZ", labels.get("", "")), labels.get("MTLG", "")) if part)
    account, name = _account_and_name(parts)
    return Details(
        name=name or labels.get("ABWA", ""),
        account=account or labels.get("IBAN", "").replace(" ", ""),
        text=" ".join(part for part in (purpose, more) if part),
        end_to_end=said(labels.get("EREF", "")),
        customer_reference=said(labels.get("KREF", "")),
        code=code,
    )


def _account_and_name(parts: dict[str, list[str]]) -> tuple[str, str]:
    """31 holds the account, 32 and 33 the name; where 31 is missing, an IBAN in 33 is the account (ING Romania)."""
    account = "".join(parts.get("31", [])).replace(" ", "")
    first, second = "".join(parts.get("32", [])), "".join(parts.get("33", []))
    if not account and ibans.is_valid(second.replace(" ", "")):
        account, second = second.replace(" ", ""), ""
    if second.strip() in {"", "/"}:
        second = ""
    return account, _flow([first, second])


def _flow(pieces: Iterable[str]) -> str:
    """Parts of one text: a full part goes on in the next without a space."""
    text, previous = "", ""
    for piece in pieces:
        text += piece if len(previous) >= _PART_WIDTH or not text else f" {piece}"
        previous = piece
    return " ".join(text.split())


def _labels(text: str) -> dict[str, str]:
    pieces = _LABELLED.split(text)
    found = {"": pieces[0].strip()}
    for label, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        found[label] = " ".join(part for part in (found.get(label, ""), piece.strip()) if part)
    return found


def _slashed(text: str) -> Details:
    pieces = _SLASHED.split(text)
    found: dict[str, str] = {}
    for word, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        found.setdefault(word, piece.strip(" /"))
    before = pieces[0].strip()
    return Details(
        name=found.get("NAME", ""),
        account=found.get("IBAN", ""),
        text=" ".join(part for part in (before, found.get("REMI", "")) if part),
        end_to_end=said(found.get("EREF", "")),
    )
