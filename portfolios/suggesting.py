"""A first mapping for a file nobody mapped before: by column names, by what stands in the cells, and by the data's own
evidence about dates and decimals. What the evidence does not settle becomes a question; nothing is guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from common.folding import fold
from jurisdictions.national_ids import InvalidNationalId, company_id, person_id
from portfolios.cells import amount_of, day_of, is_empty, marks_of, orders_of, settle
from portfolios.fields import EXTRA, FIELDS, Kind
from portfolios.mapping import Column, Spec, needs_dates, needs_mark
from portfolios.reading import Cells, Detected, Typed, rows
from portfolios.synonyms import SYNONYMS

SAMPLES = 4
LOOK_AT = 5000
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_BY_NAME = {fold(word): name for name, words in SYNONYMS.items() for word in words.split("|")}
_BY_TIGHT_NAME = {name.replace(" ", ""): meaning for name, meaning in _BY_NAME.items()}


@dataclass(frozen=True)
class Profile:
    """What stands in one column: distinct samples, cells that are not empty, and the cells of the first rows."""

    name: str
    filled: int
    samples: list[str]
    cells: list[str]

    @property
    def typed(self) -> bool:
        return bool(self.cells) and all(isinstance(cell, Typed) for cell in self.cells)


def profiles(path: Path, detected: Detected) -> list[Profile]:
    """The columns of the first rows. At most `LOOK_AT` rows are held."""
    columns: list[list[str]] = [[] for _ in detected.header]
    for _line, cells in islice(rows(path, detected), LOOK_AT):
        for column, cell in zip(columns, cells, strict=False):
            if not is_empty(cell):
                column.append(cell if isinstance(cell, Typed) else cell.strip())
    return [
        Profile(name, len(column), list(dict.fromkeys(column))[:SAMPLES], column)
        for name, column in zip(detected.header, columns, strict=True)
    ]


def suggest(found: list[Profile], *, country: str) -> Spec:
    """A spec with a meaning for every column that has one by name or content; the rest is left undecided."""
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    for exact in (True, False):
        for profile in found:
            meaning = "" if profile.name in chosen else _by_name(profile.name, exact=exact)
            if meaning and (FIELDS[meaning].many or meaning not in taken) and _fits(profile, meaning):
                chosen[profile.name] = meaning
                taken.add(meaning)
    for profile in found:
        if profile.name not in chosen:
            meaning = _by_content(profile, country)
            if meaning and (FIELDS[meaning].many or meaning not in taken):
                chosen[profile.name] = meaning
                taken.add(meaning)
    _sort_out_names(chosen)
    _sort_out_contract(chosen, found)
    return Spec(columns=tuple(Column(profile.name, chosen.get(profile.name, "")) for profile in found))


def with_conventions(
    spec: Spec, found: list[Profile], path: Path, detected: Detected
) -> tuple[Spec, list[dict[str, Any]]]:
    """Settle date orders and decimal marks by the data. Returns the spec and the questions that stay open.

    A question: {"kind": "dates" | "decimal", "column", "options": [{"value", "reads": [[cell, reading], …]}]}.
    Answers already in the spec are kept.
    """
    by_name = {profile.name: profile for profile in found}
    columns: list[Column] = []
    questions: list[dict[str, Any]] = []
    open_dates: dict[str, set[str]] = {}
    for column in spec.columns:
        profile, meaning = by_name.get(column.column), FIELDS.get(column.to)
        if profile is None or profile.typed:
            columns.append(column)
            continue
        if needs_dates(meaning) and not column.dates:
            left, _most, _spoken = settle(profile.cells, orders_of)
            if len(left) == 1:
                column = replace(column, dates=next(iter(left)))
            elif left:
                open_dates[column.column] = left
        if needs_mark(meaning) and not column.decimal:
            left, _most, _spoken = settle(profile.cells, marks_of)
            if len(left) == 1:
                column = replace(column, decimal=next(iter(left)))
            elif left and not _plain(profile):
                questions.append(_question("decimal", profile, left))
        columns.append(column)
    if open_dates:
        settled = _read_on(path, detected, open_dates)
        columns = [replace(c, dates=settled[c.column]) if c.column in settled else c for c in columns]
        questions += [
            _question("dates", by_name[name], left) for name, left in open_dates.items() if name not in settled
        ]
    negate = set(spec.negate) | {
        c.to for c in columns if needs_mark(FIELDS.get(c.to)) and _all_negative(by_name.get(c.column), c)
    }
    return replace(spec, columns=tuple(columns), negate=tuple(sorted(negate))), questions


def _by_name(name: str, *, exact: bool) -> str:
    folded = fold(re.sub(r"([a-z])([A-Z])", r"\1 \2", name))
    plain = fold(name)
    if exact and "?" in name:
        return _with_lost_letters(name)
    if exact:
        return _BY_NAME.get(folded) or _BY_NAME.get(plain) or _BY_TIGHT_NAME.get(plain.replace(" ", ""), "")
    words = set(folded.split())
    best, size = "", 0
    for phrase, meaning in _BY_NAME.items():
        parts = phrase.split()
        if len(parts) > size and len(phrase) > 4 and words.issuperset(parts) and len(words) - len(parts) <= 1:
            best, size = meaning, len(parts)
    return best


def _with_lost_letters(name: str) -> str:
    """A header whose letters were lost in an encoding: "Scaden?a" is "scadenta"."""
    pattern = re.compile(".".join(re.escape(fold(part)) for part in name.split("?")).replace(r"\ ", " "))
    return next((meaning for phrase, meaning in _BY_NAME.items() if pattern.fullmatch(phrase)), "")


def _fits(profile: Profile, meaning: str) -> bool:
    """Whether most cells can be of the field's kind at all."""
    kind, cells = FIELDS[meaning].kind, profile.cells[:200]
    if not cells:
        return True
    if kind is Kind.DAY:
        return sum(bool(orders_of(cell)) for cell in cells) * 2 >= len(cells)
    if kind in (Kind.AMOUNT, Kind.DAYS):
        return sum(bool(marks_of(cell)) for cell in cells) * 2 >= len(cells)
    if kind is Kind.PHONE:
        return sum(any(c.isdigit() for c in cell) for cell in cells) * 2 >= len(cells)
    return True


def _by_content(profile: Profile, country: str) -> str:
    cells = profile.cells[:100]
    if not cells:
        return ""
    if sum(bool(_EMAIL.fullmatch(cell)) for cell in cells) * 10 >= len(cells) * 9:
        return "email"
    if sum(_is_national_id(cell, country) for cell in cells) * 10 >= len(cells) * 9:
        return "national_id"
    return ""


def _is_national_id(cell: str, country: str) -> bool:
    for read in (person_id, company_id):
        try:
            read(country, cell)
        except InvalidNationalId:
            continue
        return True
    return False


def _sort_out_names(chosen: dict[str, str]) -> None:
    """A lone "Nume" or "Nome" beside no other name column is the whole name."""
    meanings = set(chosen.values())
    for alone in ("last_name", "first_name"):
        other = "first_name" if alone == "last_name" else "last_name"
        if alone in meanings and other not in meanings and "debtor_name" not in meanings:
            for name, meaning in chosen.items():
                if meaning == alone:
                    chosen[name] = "debtor_name"
    if "last_name" in chosen.values() and "debtor_name" in chosen.values():
        for name, meaning in list(chosen.items()):
            if meaning in ("last_name", "first_name"):
                chosen[name] = EXTRA


def _sort_out_contract(chosen: dict[str, str], found: list[Profile]) -> None:
    """The creditor's number of the debtor serves as the contract number where there is none and it never repeats."""
    if "contract_no" in chosen.values():
        return
    for profile in found:
        cells = profile.cells
        if chosen.get(profile.name) == "debtor_reference" and cells and len(set(cells)) >= 0.98 * len(cells):
            chosen[profile.name] = "contract_no"
            return


def _read_on(path: Path, detected: Detected, open_dates: dict[str, set[str]]) -> dict[str, str]:
    """Read past the first rows until one order is left for each column, or the file ends."""
    settled: dict[str, str] = {}
    positions = {name: detected.header.index(name) for name in open_dates}
    for _line, cells in _after(path, detected):
        for name, position in positions.items():
            cell = cells[position].strip() if position < len(cells) else ""
            if name in settled or is_empty(cell):
                continue
            left = open_dates[name] & orders_of(cell)
            if left:
                open_dates[name] = left
            if len(left) == 1:
                settled[name] = next(iter(left))
        if len(settled) == len(open_dates):
            break
    return settled


def _after(path: Path, detected: Detected) -> Iterator[tuple[int, Cells]]:
    return islice(rows(path, detected), LOOK_AT, None)


def _plain(profile: Profile) -> bool:
    """Whole numbers without any mark read the same either way."""
    return not any("." in cell or "," in cell for cell in profile.cells)


def _question(kind: str, profile: Profile, left: set[str]) -> dict[str, Any]:
    options = []
    doubtful = [cell for cell in profile.samples if len((orders_of if kind == "dates" else marks_of)(cell)) > 1]
    for value in sorted(left):
        reads = [
            [cell, day_of(cell, value).isoformat() if kind == "dates" else str(amount_of(cell, value))]
            for cell in doubtful[:3]
            if kind == "decimal" or value in orders_of(cell)
        ]
        options.append({"value": value, "reads": reads})
    return {"kind": kind, "column": profile.name, "options": options}


def _all_negative(profile: Profile | None, column: Column) -> bool:
    """A creditor that writes every debt as a negative number."""
    if profile is None or not profile.cells:
        return False
    cells = [cell for cell in profile.cells if marks_of(cell)]
    amounts = [amount_of(cell, column.decimal or ".") for cell in cells[:500]]
    return any(amount < 0 for amount in amounts) and all(amount <= 0 for amount in amounts)
