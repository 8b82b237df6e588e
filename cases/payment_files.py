"""A creditor's table of payments, read with the readers of case files: any format, delimiter, encoding and convention.

Columns are known by their heads in the five languages. An order of days or a decimal mark that the whole column leaves
open is asked, never guessed. Every line that cannot be read is named with its row and column; the others stay usable.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from cases.payment_reports import Line
from common.folding import fold
from common.refusals import NotUnderstood
from portfolios.cells import DAY_ORDERS, DECIMAL_MARKS, Unreadable, amount_of, day_of, is_empty, marks_of, orders_of
from portfolios.reading import Typed, detect, rows

HEADS: dict[str, str] = {
    "contract_no": (
        "contract|contract no|contract number|contract nr|nr contract|numar contract|loan id|account|reference contract"
        "|contratto|numero contratto|cod contract|cislo smlouvy|smlouva|sutartis|sutarties nr|sutarties numeris"
    ),
    "amount": "amount|sum|suma|paid|payment|plata|suma platita|importo|importo pagato|castka|zaplaceno|sumoketa",
    "received_on": (
        "date|day|received on|payment date|value date|data|data platii|data plata|data pagamento|data valuta|datum"
        "|datum platby|mokejimo data"
    ),
    "currency": "currency|ccy|valuta|moneda|mena|valiuta",
    "reference": "reference|ref|details|description|referinta|detalii|causale|poznamka|zprava|paskirtis",
    "own_id": "id|payment id|transaction id|id plata|id pagamento|id platby|mokejimo id",
}
"""Folded heads by meaning; the whole head must be one of them."""
NEEDED = ("contract_no", "amount", "received_on")


class ColumnMissing(NotUnderstood):
    """A needed column was not found among the heads; or two columns mean the same."""


@dataclass(frozen=True)
class Wrong:
    """One line that cannot be read: its row and column in the file, and why."""

    row: int
    column: str
    why: str


@dataclass(frozen=True)
class Table:
    """`orders` and `marks` are the conventions still possible; more than one of either must be asked."""

    lines: list[tuple[int, Line]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    orders: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        return len(self.orders) > 1 or len(self.marks) > 1


def read(path: Path, *, currency: str, order: str = "", mark: str = "") -> Table:
    """Read the payments. `currency` stands where the file has no such column; `order` and `mark` answer what was asked.

    Raises:
        ColumnMissing; portfolios.reading.FileRefused: not a table.
    """
    detected = detect(path)
    at = _columns(detected.header)
    width = len(detected.header)
    table = [(number, [*cells, *[""] * (width - len(cells))]) for number, cells in rows(path, detected)]
    days = [cells[at["received_on"]] for _number, cells in table]
    amounts = [cells[at["amount"]] for _number, cells in table]
    orders = (order,) if order in DAY_ORDERS else _open(DAY_ORDERS, days, orders_of, _day_or_none)
    marks = (mark,) if mark in DECIMAL_MARKS else _open(DECIMAL_MARKS, amounts, marks_of, _amount_or_none)
    if len(orders) > 1 or len(marks) > 1:
        return Table(orders=orders, marks=marks)
    found = Table(orders=orders[:1], marks=marks[:1])
    for number, cells in table:
        _read_line(found, number, cells, at, detected.header, currency, orders[0], marks[0])
    return found


def _read_line(
    found: Table, number: int, cells: Sequence[str], at: dict[str, int], header: Sequence[str], currency: str,
    order: str, mark: str,
) -> None:  # fmt: skip
    def cell(name: str) -> str:
        return cells[at[name]].strip() if name in at and not is_empty(cells[at[name]]) else ""

    def wrong(name: str, why: str) -> None:
        found.wrong.append(Wrong(number, header[at[name]], why))

    if not cell("contract_no"):
        return wrong("contract_no", _("The contract number is missing."))
    try:
        amount = amount_of(cells[at["amount"]], mark)
    except Unreadable:
        return wrong("amount", _("This is no amount."))
    if amount <= Decimal(0):
        return wrong("amount", _("The amount must be above zero."))
    try:
        day = day_of(cells[at["received_on"]].strip(), order)
    except Unreadable:
        return wrong("received_on", _("This is no day."))
    money = cell("currency").upper() or currency
    if len(money) != 3 or not money.isalpha():
        return wrong("currency", _("A currency has three letters."))
    found.lines.append((number, Line(cell("contract_no"), amount, money, day, cell("reference"), cell("own_id"))))
    return None


def _columns(header: Sequence[str]) -> dict[str, int]:
    at: dict[str, int] = {}
    for position, head in enumerate(header):
        plain = " ".join(fold(head).split())
        for name, heads in HEADS.items():
            if plain in heads.split("|"):
                if name in at:
                    raise ColumnMissing(
                        _("Two columns mean the same: %(one)s and %(other)s. Keep one of them.")
                        % {"one": header[at[name]], "other": head}
                    )
                at[name] = position
                break
    missing = [name for name in NEEDED if name not in at]
    if missing:
        words = {"contract_no": _("contract number"), "amount": _("amount"), "received_on": _("day")}
        raise ColumnMissing(
            _("No column is called %(what)s. The first line of the table names the columns.")
            % {"what": ", ".join(words[name] for name in missing)}
        )
    return at


def _open(
    all_: Sequence[str], cells: Sequence[str], fitting: Callable[[str], set[str]], read_as: Callable[[str, str], object]
) -> tuple[str, ...]:
    """Conventions that stay possible for the whole column: of those that read it alike, the first stands for all."""
    left = set(all_)
    for cell in cells:
        said = fitting(cell if isinstance(cell, Typed) else cell.strip())
        if left & said:
            left &= said
    readings: dict[tuple[object, ...], str] = {}
    for one in all_:
        if one in left:
            readings.setdefault(tuple(read_as(cell, one) for cell in cells), one)
    return tuple(readings.values())


def _day_or_none(cell: str, order: str) -> object:
    try:
        return day_of(cell.strip(), order)
    except Unreadable:
        return None


def _amount_or_none(cell: str, mark: str) -> object:
    try:
        return amount_of(cell, mark)
    except Unreadable:
        return None
