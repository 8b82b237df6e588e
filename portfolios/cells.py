"""Reading one cell as an amount, a day, a number of days or a yes/no, under conventions that were detected or asked.

Pure functions of text. Amounts are rounded half up to the cent; Excel's float noise disappears in that.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from portfolios.fields import EMPTY, NO, YES
from portfolios.reading import Typed

CENT = Decimal("0.01")
MAX_AMOUNT = Decimal("999999999999.99")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.+Z-]*)?")
_THREE = re.compile(r"(\d{1,4})[./\- ]+(\d{1,2})[./\- ]+(\d{1,4})\.?(?:[T ]+[\d:.]+)?")
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})(?: [\d:]+)?")
_EIGHT = re.compile(r"\d{8}")
_MONEY_WORDS = re.compile(r"[\s\u00a0\u202f'’_]|[A-Za-z€$£čKlLșş]+\.?$|^[A-Za-z€$£]+")

SEPARATED_ORDERS = ("DMY", "MDY", "YMD")
COMPACT_ORDERS = ("YYMMDD", "DDMMYY", "YYYYMMDD", "DDMMYYYY")
DAY_ORDERS = (*SEPARATED_ORDERS, *COMPACT_ORDERS)
DECIMAL_MARKS = (".", ",")


class Unreadable(ValueError):
    """The cell is not of its kind."""


def is_empty(cell: str) -> bool:
    return not cell or cell.strip().lower() in EMPTY


def amount_of(cell: str, mark: str) -> Decimal:
    """The amount in a cell whose decimal mark is `mark`; negative in front, behind or in parentheses.

    Raises:
        Unreadable: letters, two decimal marks, or more than 999,999,999,999.99.
    """
    text: str = cell
    if not isinstance(cell, Typed):
        text = _MONEY_WORDS.sub("", cell.strip())
        text = text.replace("," if mark == "." else ".", "").replace(mark, ".")
        if text.startswith("(") and text.endswith(")"):
            text = "-" + text[1:-1]
        elif text.endswith("-"):
            text = "-" + text[:-1]
        text = text.replace("\u2212", "-")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Unreadable(cell) from None
    if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
        raise Unreadable(cell)
    return amount.quantize(CENT, ROUND_HALF_UP)


def marks_of(cell: str) -> set[str]:
    """Decimal marks under which the cell can be read: {"."}, {","}, both when it does not say, none when unreadable."""
    if isinstance(cell, Typed):
        return set(DECIMAL_MARKS)
    text = _MONEY_WORDS.sub("", cell.strip()).strip("()-+−")
    dots, commas = text.count("."), text.count(",")
    if not text.replace(".", "").replace(",", "").isdigit():
        return set()
    if dots and commas:
        return {"."} if text.rfind(".") > text.rfind(",") else {","}
    if not dots and not commas:
        return set(DECIMAL_MARKS)
    mark, other = (".", ",") if dots else (",", ".")
    if max(dots, commas) > 1:
        return {other}
    whole, _, fraction = text.partition(mark)
    if len(fraction) != 3 or len(whole) > 3 or whole in ("", "0") or whole.startswith("0"):
        return {mark}
    return set(DECIMAL_MARKS)


def day_of(cell: str, order: str) -> date:
    """The day in a cell written in `order`. A year of two digits is read into 1970 to 2069.

    Raises:
        Unreadable: no such day, or another way of writing.
    """
    found = _ISO.fullmatch(cell)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if order in SEPARATED_ORDERS:
            return _separated(cell, order)
        return _compact(cell, order)
    except ValueError:
        raise Unreadable(cell) from None


def orders_of(cell: str) -> set[str]:
    """Orders in which the cell names a day; an ISO day says its own."""
    if _ISO.fullmatch(cell):
        return {"YMD"} if _reads_as_day(cell, "YMD") else set()
    return {order for order in DAY_ORDERS if _reads_as_day(cell, order)}


def _reads_as_day(cell: str, order: str) -> bool:
    try:
        day_of(cell, order)
    except Unreadable:
        return False
    return True


def _separated(cell: str, order: str) -> date:
    found = _THREE.fullmatch(cell)
    if not found:
        raise ValueError(cell)
    a, b, c = found.groups()
    if len(a) == 4:
        return date(int(a), int(b), int(c))
    if len(a) == 3 or len(c) == 3 or (len(c) == 4 and order == "YMD"):
        raise ValueError(cell)
    if order == "DMY":
        return date(_year(c), int(b), int(a))
    if order == "MDY":
        return date(_year(c), int(a), int(b))
    return date(_year(a), int(b), int(c))


def _compact(cell: str, order: str) -> date:
    if order in ("YYMMDD", "DDMMYY"):
        found = _SIX.fullmatch(cell)
        if not found:
            raise ValueError(cell)
        a, b, c = found.groups()
        return date(_year(a), int(b), int(c)) if order == "YYMMDD" else date(_year(c), int(b), int(a))
    if not _EIGHT.fullmatch(cell):
        raise ValueError(cell)
    if order == "YYYYMMDD":
        year, month, day = cell[:4], cell[4:6], cell[6:]
    else:
        day, month, year = cell[:2], cell[2:4], cell[4:]
    if not 1900 <= int(year) <= 2100:
        raise ValueError(cell)
    return date(int(year), int(month), int(day))


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def days_of(cell: str) -> int:
    """A number of days; "45.0" is 45.

    Raises:
        Unreadable: not a whole number between -36500 and 36500.
    """
    try:
        number = Decimal(cell.strip().replace(",", "."))
        days = int(number)
    except (InvalidOperation, ValueError, OverflowError):
        raise Unreadable(cell) from None
    if days != number or abs(days) > 36_500:
        raise Unreadable(cell)
    return days


def yes_no_of(cell: str) -> bool:
    """Raises Unreadable: neither a word for yes nor one for no."""
    word = cell.strip().lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable(cell)


def settle(cells: Iterable[str], readings: Callable[[str], set[str]]) -> tuple[set[str], int, int]:
    """Which conventions fit the most cells: (the set, how many cells they fit, how many cells said anything).

    One convention in the set: the data decide. Several: they cannot, and a person must be asked.
    """
    votes: dict[str, int] = {}
    spoken = 0
    for cell in cells:
        found = readings(cell)
        spoken += 1
        for convention in found:
            votes[convention] = votes.get(convention, 0) + 1
    if not votes:
        return set(), 0, spoken
    most = max(votes.values())
    return {convention for convention, count in votes.items() if count == most}, most, spoken
