"""One row of a case file, understood under a mapping: values by our own names, a digest, and what is wrong with it.

`Plan` is compiled once per file. A row's `values` never hold a national id: a blind index stands for it, its sealed
form stands apart, and the digest is taken without it, so the same row gives the same digest each time.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from common.folding import fold
from portfolios.cells import Unreadable, amount_of, day_of, days_of, yes_no_of
from portfolios.debts import dues_of, parts_of
from portfolios.eligibility import Facts, Terms, judge
from portfolios.fields import AMOUNTS, CODES, EMPTY, EXTRA, FIELDS, IGNORE, PARTY_ROLES, Kind
from portfolios.mapping import Column, Spec
from portfolios.persons import (
    COUNTRY_OF,
    LANGUAGE_OF,
    MASK,
    Person,
    Persons,
    looks_like_company,
    name_members,
    without_ids,
)
from portfolios.reading import Cells
from portfolios.reasons import ERROR, INELIGIBLE, WARNING, Reason, level, reason

_SLOT = re.compile(r"\{([^{}]+)\}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CURRENCY_WORDS = {"€": "EUR", "EURO": "EUR", "KČ": "CZK", "KC": "CZK", "$": "USD", "£": "GBP"}
_LEI = {"MD": "MDL", "RO": "RON"}
_ID_FIELDS = tuple(name for name, meaning in FIELDS.items() if meaning.secret)
_FACTS = ("branch", "product", "collateral", "original_creditor")
_FACT_DAYS = ("contract_signed_on", "accelerated_on", "assignment_notice_on")


@dataclass(slots=True)
class Row:
    """What one row came to. `verdict` is NEW, ERROR or INELIGIBLE until it is compared with known cases."""

    line: int
    contract_no: str
    values: str
    digest: bytes
    verdict: str
    reasons: list[Reason]
    raw: list[str]
    currency: str = ""
    total: Decimal = Decimal(0)
    secured: bool = False


@dataclass(slots=True)
class _Got:
    """Cells of one row by meaning, and what was told about them."""

    one: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    statuses: list[str] = field(default_factory=list)
    days_past_due: int | None = None


class Plan:
    """A spec compiled for one header."""

    def __init__(self, spec: Spec, header: list[str], terms: Terms, *, agency_id: int) -> None:
        self.terms = terms
        self.spec = spec
        self._header = header
        self._persons = Persons(agency_id=agency_id)
        by_name = {column.column: column for column in spec.columns}
        self._columns = [by_name.get(name, Column(name, IGNORE)) for name in header]
        self._name_of = {column.to: column.column for column in self._columns if column.to in FIELDS}
        self._secret = [bool(FIELDS.get(c.to) and FIELDS[c.to].secret) for c in self._columns]
        self._maps = {
            name: {fold(word): code for word, code in words.items()} for name, words in spec.value_maps.items()
        }
        self._only = {header.index(name): set(words) for name, words in spec.only.items()}
        self._negate = frozenset(spec.negate)
        self._readers = {
            Kind.AMOUNT: self._amount, Kind.DAY: self._day, Kind.DAYS: self._days, Kind.YES_NO: self._flag,
            Kind.CODE: self._code, Kind.TEXT: self._text,
        }  # fmt: skip

    def understand(self, line: int, cells: Cells) -> Row:
        """Read one row; never raises for what stands in it."""
        reasons: list[Reason] = []
        got = _Got()
        self._check_shape(cells, reasons)
        for position, column in enumerate(self._columns):
            cell = cells[position].strip() if position < len(cells) and cells[position] else ""
            if column.to == IGNORE or cell.lower() in EMPTY:
                continue
            if column.to == EXTRA:
                got.extra[column.column] = cell[:500]
            else:
                self._take(column, cell if cell != cells[position] else cells[position], got, reasons)
        for name, text in self.spec.constants.items():
            self._take(Column(name, name), text, got, reasons)
        for name, template in self.spec.templates.items():
            text = self._filled(template, line, cells)
            if text:
                self._take(Column(name, name), text, got, reasons)
        return self._row(line, cells, got, reasons)

    def _check_shape(self, cells: Cells, reasons: list[Reason]) -> None:
        width = len(self._columns)
        if len(cells) < width:
            reasons.append(reason("short_row", cell=len(cells)))
        for cell in cells[width:]:
            if cell and not cell.isspace():
                reasons.append(reason("unnamed_cell", cell=cell))
        for position, words in self._only.items():
            cell = cells[position].strip() if position < len(cells) else ""
            if cell not in words:
                reasons.append(reason("left_out", self._header[position], cell))

    def _filled(self, template: str, line: int, cells: Cells) -> str:
        def slot(found: re.Match[str]) -> str:
            name = found[1]
            if name == "line":
                return str(line)
            position = self._header.index(name) if name in self._header else -1
            return cells[position].strip() if 0 <= position < len(cells) else ""

        return " ".join(_SLOT.sub(slot, template).split())

    def _take(self, column: Column, cell: str, got: _Got, reasons: list[Reason]) -> None:
        meaning = FIELDS[column.to]
        if meaning.many and meaning.kind is not Kind.CODE:
            got.many.setdefault(column.to, []).append((column.column, cell))
            return
        self._readers.get(meaning.kind, self._text)(column, cell, got, reasons)

    def _text(self, column: Column, cell: str, got: _Got, reasons: list[Reason]) -> None:
        text = " ".join(cell.split())
        most = FIELDS[column.to].most
        if most and len(text) > most:
            reasons.append(reason("too_long", column.column))
        else:
            got.one[column.to] = text

    def _amount(self, column: Column, cell: str, got: _Got, reasons: list[Reason]) -> None:
        try:
            amount = amount_of(cell, column.decimal or ".")
        except Unreadable:
            reasons.append(reason("not_an_amount", column.column, cell))
            return
        if column.to in self._negate:
            amount = -amount
        if amount < 0:
            reasons.append(reason("negative_amount", column.column, cell))
        else:
            got.amounts[column.to] = amount

    def _day(self, column: Column, cell: str, got: _Got, reasons: list[Reason]) -> None:
        try:
            day = day_of(cell, column.dates or "YMD")
        except Unreadable:
            reasons.append(reason("not_a_day", column.column, cell))
            return
        if column.to == "birth_on" and day > self.terms.as_of:
            day = day.replace(year=day.year - 100)
        got.days[column.to] = day

    def _days(self, column: Column, cell: str, got: _Got, reasons: list[Reason]) -> None:
        mapped = self._maps.get(column.to, {}).get(fold(cell))
        try:
            got.days_past_due = days_of(mapped if mapped is not None else cell)
        except Unreadable:
            reasons.append(reason("not_a_number_of_days", column.column, cell))

    def _flag(self, column: Column, cell: str, got: _Got, reasons: list[Reason]) -> None:
        mapped = self._maps.get(column.to, {}).get(fold(cell))
        try:
            got.flags[column.to] = yes_no_of(mapped if mapped is not None else cell)
        except Unreadable:
            if column.to == "secured" and mapped is None and len(cell) > 3:
                got.flags[column.to] = True
            else:
                reasons.append(reason("not_yes_or_no", column.column, cell))

    def _code(self, column: Column, cell: str, got: _Got, reasons: list[Reason]) -> None:
        name = column.to
        word = fold(cell)
        mapped = self._maps.get(name, {}).get(word)
        if name == "currency":
            self._currency(column, mapped or cell, got, reasons)
        elif name == "country":
            code = mapped or COUNTRY_OF.get(word) or (cell.upper() if len(cell) == 2 and cell.isalpha() else "")
            if code:
                got.one[name] = code
            else:
                reasons.append(reason("not_a_country", column.column, cell))
        else:
            known = next((c for c, words in CODES[name].items() if word in words), None)
            meant = mapped if mapped is not None else known
            if meant is None:
                reasons.append(reason("unknown_word", column.column, cell))
            elif name == "status":
                got.statuses += [meant] if meant else []
            else:
                got.one[name] = meant

    def _currency(self, column: Column, cell: str, got: _Got, reasons: list[Reason]) -> None:
        text = cell.strip().upper()
        code = _LEI.get(self.terms.country, "") if text in ("LEI", "LEU") else _CURRENCY_WORDS.get(text, text)
        if _CURRENCY.fullmatch(code):
            got.one["currency"] = code
        else:
            reasons.append(reason("not_a_currency", column.column, cell))

    def _row(self, line: int, cells: Cells, got: _Got, reasons: list[Reason]) -> Row:
        seals: dict[str, str] = {}
        country = got.one.get("country") or self.terms.country
        debtor = self._debtor(got, country, seals, reasons)
        parties = [p for role in PARTY_ROLES if (p := self._party(role, got, country, seals, reasons))]
        values, facts = self._debt(got, debtor, parties, reasons)
        reasons += judge(facts, self.terms)
        if left_out := [of for of in reasons if of["code"] == "left_out"]:
            reasons = left_out
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        digest = sha256(text.encode()).digest()
        if seals:
            text = f'{text[:-1]},"seals":{json.dumps(seals, separators=(",", ":"))}}}'
        levels = {level(of) for of in reasons}
        verdict = "ERROR" if ERROR in levels else "INELIGIBLE" if INELIGIBLE in levels else "NEW"
        return Row(
            line=line, contract_no=got.one.get("contract_no", ""), values=text, digest=digest, verdict=verdict,
            reasons=reasons, raw=self._kept_raw(cells, values["extra"]) if levels - {WARNING} else [],
            currency=facts.currency, total=facts.total, secured=facts.secured,
        )  # fmt: skip

    def _kept_raw(self, cells: Cells, extra: dict[str, str]) -> list[str]:
        """The cells of a row that was not taken, for the page of rows; ids are masked."""
        return [
            MASK if self._secret[n] and cell.strip() else extra.get(self._header[n], str(cell))[:500]
            for n, cell in enumerate(cells[: len(self._columns)])
        ]

    def _debtor(self, got: _Got, country: str, seals: dict[str, str], reasons: list[Reason]) -> Person:
        tell = reasons.append
        one = got.one
        name = one.get("debtor_name") or " ".join(p for p in (one.get("first_name"), one.get("last_name")) if p)
        if not one.get("contract_no"):
            tell(reason("no_contract_no", self._name_of.get("contract_no", "")))
        if not name:
            tell(reason("no_name", self._name_of.get("debtor_name") or self._name_of.get("last_name", "")))
        person: Person = {"role": "HOLDER", **name_members(name[:200]), "country": country}
        if "birth_on" in got.days:
            person["born"] = got.days["birth_on"].isoformat()
        if "national_id" in one:
            column = self._name_of.get("national_id", "national_id")
            self._persons.identified(person, seals, one["national_id"], column, country, tell)
        kind = one.get("debtor_kind") or person.get("kind") or ("COMPANY" if looks_like_company(name) else "PERSON")
        person["kind"] = kind
        person["language"] = one.get("language") or LANGUAGE_OF.get(country, "en")
        for ours, theirs in (("ref", "debtor_reference"), ("employer", "employer_name")):
            if theirs in one:
                person[ours] = one[theirs]
        if got.amounts.get("monthly_income"):
            person["income"] = str(got.amounts["monthly_income"])
        self._persons.phones(person, got.many.get("phone", []), "HOLDER", country, got.extra, tell)
        self._persons.phones(person, got.many.get("employer_phone", []), "EMPLOYER", country, got.extra, tell)
        self._persons.emails(person, got.many.get("email", []), got.extra, tell)
        whole = [text for _column, text in got.many.get("address", [])]
        parts = {name: one.get(name, "") for name in ("street", "city", "postal_code", "region")}
        self._persons.address(person, whole, parts, country)
        return person

    def _party(self, role: str, got: _Got, country: str, seals: dict[str, str], reasons: list[Reason]) -> Person | None:
        name = got.one.get(f"{role}_name", "")
        number = got.one.get(f"{role}_national_id", "")
        phones = got.many.get(f"{role}_phone", [])
        if not name:
            if number or phones:
                column = self._name_of.get(f"{role}_national_id") or self._name_of.get(f"{role}_phone", "")
                reasons.append(reason("party_without_name", column))
            return None
        person: Person = {"role": PARTY_ROLES[role], **name_members(name), "country": country}
        if number:
            column = self._name_of.get(f"{role}_national_id", role)
            self._persons.identified(person, seals, number, column, country, reasons.append)
        person.setdefault("kind", "COMPANY" if looks_like_company(name) else "PERSON")
        person["language"] = LANGUAGE_OF.get(country, "en")
        self._persons.phones(person, phones, "HOLDER", country, got.extra, reasons.append)
        if f"{role}_address" in got.one:
            self._persons.address(person, [got.one[f"{role}_address"]], {}, country)
        if f"{role}_notice_on" in got.days:
            person["notice"] = got.days[f"{role}_notice_on"].isoformat()
        return person

    def _debt(
        self, got: _Got, debtor: Person, parties: list[Person], reasons: list[Reason]
    ) -> tuple[dict[str, Any], Facts]:
        amounts, days, flags = got.amounts, got.days, got.flags
        parts, total, told = parts_of(amounts, rest=self.spec.rest, total_column=self._name_of.get("total", ""))
        reasons += told
        if "total" not in amounts and not any(name in amounts for name in AMOUNTS):
            tell_no = not any(of["code"] in ("not_an_amount", "negative_amount") for of in reasons)
            reasons += [reason("no_amount", self._name_of.get("total", ""))] if tell_no else []
        else:
            said = {of["column"] for of in reasons}
            reasons += [
                reason("missing", column)
                for name in ("principal", "total")
                if name not in amounts and (column := self._name_of.get(name, "")) and column not in said
            ]
        overdue = amounts.get("overdue")
        if overdue is not None and overdue > total:
            reasons.append(reason("overdue_exceeds_total", self._name_of.get("overdue", "")))
        due_on, not_due = self._due_day(got)
        legally = flags.get("accelerated", False) or "accelerated_on" in days
        dues = dues_of(
            total, due_on=due_on, overdue=overdue, instalment=amounts.get("original_instalment"),
            maturity_on=days.get("maturity_on"), accelerated_on=days.get("accelerated_on") if legally else None,
            as_of=self.terms.as_of,
        )  # fmt: skip
        if due_on and days.get("contract_signed_on", due_on) > due_on:
            reasons.append(reason("signed_after_due", self._name_of.get("contract_signed_on", "")))
        facts_of_case: dict[str, Any] = {name: got.one[name] for name in _FACTS if name in got.one}
        facts_of_case |= {name: days[name].isoformat() for name in _FACT_DAYS if name in days}
        if amounts.get("original_instalment"):
            facts_of_case["original_instalment"] = str(amounts["original_instalment"])
        secured = flags.get("secured", bool(got.one.get("collateral")))
        facts_of_case["secured"] = secured
        facts_of_case["source_accelerated"] = flags.get("source_accelerated", False)
        status = got.one.get("contract_status") or ("ACCELERATED" if legally else "IN_FORCE")
        facts_of_case["contract_status"] = status
        currency = got.one.get("currency") or self.terms.currency
        values = {
            "contract_no": got.one.get("contract_no", ""), "currency": currency, "total": str(total),
            "amounts": {name.upper(): str(amount) for name, amount in parts.items()},
            "dues": [[day.isoformat(), str(amount)] for day, amount in dues],
            "facts": facts_of_case, "persons": [debtor, *parties], "extra": self._kept_beside(got, debtor),
        }  # fmt: skip
        facts = Facts(
            currency=currency, total=total, due_on=due_on, said_not_due=not_due, kind=debtor["kind"], secured=secured,
            statuses=got.statuses, settled_on=days.get("settled_on"), notice_on=days.get("assignment_notice_on"),
            party_notices={p["name"]: _day_or_none(p.get("notice")) for p in parties},
            legally_accelerated=legally, source_accelerated=flags.get("source_accelerated"),
        )  # fmt: skip
        return values, facts

    def _kept_beside(self, got: _Got, debtor: Person) -> dict[str, str]:
        """Columns without a meaning and remarks, with every national id in them masked."""
        if not got.extra:
            return got.extra
        known = [got.one[name] for name in _ID_FIELDS if name in got.one]
        countries = dict.fromkeys((str(debtor["country"]), self.terms.country))
        return {name: without_ids(text, known, countries) for name, text in got.extra.items()}

    def _due_day(self, got: _Got) -> tuple[date | None, bool]:
        """(Due day of the oldest unpaid instalment, whether the file says that nothing is past due)."""
        due_on = got.days.get("due_on")
        if due_on is not None:
            return due_on, due_on >= self.terms.as_of
        if got.days_past_due is None:
            return None, False
        if got.days_past_due <= 0:
            return None, True
        return date.fromordinal(self.terms.as_of.toordinal() - got.days_past_due), False


def _day_or_none(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
