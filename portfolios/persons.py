"""A person as a case file tells of them: name, kind, sealed national id, contact points. No rows are made here."""

import contextlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import Any

from common.crypto import Sealer
from common.folding import fold
from common.phones import NotAPhone, normalise_phone, place_of, split_phones
from jurisdictions.national_ids import InvalidNationalId, company_id, person_id
from portfolios.reasons import reason

MASK = "•••••"
SHORTEST_ID = 9
NATIONAL_ID_COLUMN = "debtors_debtor.national_id"
"""The column of the floor beside us for which ids are sealed; a test keeps the two equal."""

LANGUAGE_OF = {"MD": "ro", "RO": "ro", "IT": "it", "CZ": "cs", "LT": "lt"}
KNOWN_IDS = frozenset({"RO", "MD", "IT", "CZ", "LT"})

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_COMPANY = re.compile(
    r"\b(?:s\.?r\.?l\.?|s\.?p\.?a\.?|s\.?r\.?o\.?|uab|llc|ltd|gmbh|a\.s\.|ooo|v\.o\.s\.|s\.n\.c\.)(?=\W|$)|^(?:SA|SRL|AB|MB|UAB)\s|\s(?:SA|AB|MB|AS)$",
    re.IGNORECASE,
)
_LIKE_AN_ID = re.compile(
    r"(?<!\w)(?:\d{6}/?\d{3,4}|\d{11}|\d{13}|[A-Z]{6}[0-9A-Z]{2}[A-Z][0-9A-Z]{2}[A-Z][0-9A-Z]{3}[A-Z])(?!\w)", re.I
)
"""As national ids of persons are written in the countries we know; the check digit decides."""
_PLAIN = re.compile(r"[^0-9A-Z]")
_COUNTRIES = {
    "MD": "moldova|republica moldova|md", "RO": "romania|ro|roumanie", "IT": "italia|italy|it",
    "CZ": "ceska republika|cesko|czechia|czech republic|cz", "LT": "lietuva|lithuania|lt",
}  # fmt: skip
COUNTRY_OF = {word: code for code, words in _COUNTRIES.items() for word in words.split("|")}

Tell = Callable[[dict[str, str]], None]
Person = dict[str, Any]


class NotANationalId(ValueError):
    """The number is not one of the country's."""


def national_id(text: str, country: str) -> tuple[str, str, str]:
    """Return (number in its one spelling, PERSON or COMPANY, birth day or "").

    Raises:
        NotANationalId: its check digit or form is wrong. Countries whose numbers are not known are taken as they are.
    """
    if country not in KNOWN_IDS:
        plain = _PLAIN.sub("", text.upper())
        if len(plain) < 4:
            raise NotANationalId(text)
        return plain, "", ""
    for read, kind in ((person_id, "PERSON"), (company_id, "COMPANY")):
        try:
            found = read(country, text)
        except InvalidNationalId:
            continue
        return found.number, kind, found.born_on.isoformat() if found.born_on else ""
    raise NotANationalId(text)


def without_ids(text: str, known: Iterable[str], countries: Iterable[str]) -> str:
    """`text` with a mask for each of the `known` ids and for every valid number of a person in one of `countries`."""
    if len(text) < SHORTEST_ID:
        return text
    for number in known:
        if len(number) >= SHORTEST_ID:
            text = text.replace(number, MASK)

    def masked(found: re.Match[str]) -> str:
        for country in countries:
            if country in KNOWN_IDS:
                with contextlib.suppress(InvalidNationalId):
                    person_id(country, found[0])
                    return MASK
        return found[0]

    return _LIKE_AN_ID.sub(masked, text)


def looks_like_company(name: str) -> bool:
    return bool(_COMPANY.search(name))


def email_of(text: str) -> str:
    """The address in lower case; "" when it is none."""
    plain = text.strip().lower()
    return plain if len(plain) <= 240 and _EMAIL.fullmatch(plain) else ""


def name_members(name: str) -> Person:
    """What is stored of a name: as written, folded for prefix search, and its words."""
    key = fold(name)
    return {"name": name, "key": key, "words": list(dict.fromkeys(word[:60] for word in key.split() if len(word) > 1))}


class Persons:
    """Reads persons for one agency and country; ids are sealed as they are read and never kept in the open."""

    def __init__(self, *, agency_id: int) -> None:
        self._sealer = Sealer(agency_id=agency_id, column=NATIONAL_ID_COLUMN)

    def identified(
        self, person: Person, seals: dict[str, str], text: str, column: str, country: str, tell: Tell
    ) -> None:
        """Add the blind index of the id to `person` and its sealed form to `seals` (by index)."""
        try:
            number, kind, born_on = national_id(text, country)
        except NotANationalId:
            tell(reason("not_a_national_id", column))
            return
        index = self._sealer.index(number).hex()
        person["id"] = index
        seals[index] = b64encode(self._sealer.seal(number)).decode()
        if kind:
            person["kind"] = kind
        if born_on and not person.get("born"):
            person["born"] = born_on

    @staticmethod
    def phones(
        person: Person, cells: list[tuple[str, str]], role: str, country: str, extra: dict[str, str], tell: Tell
    ) -> None:
        """Add the numbers of `cells`, (column, text) each; what is no number becomes a remark and a warning."""
        points = person.setdefault("points", [])
        for column, text in cells:
            for part in split_phones(text):
                try:
                    value = normalise_phone(part, country)
                except NotAPhone:
                    extra[column] = text[:200]
                    tell(reason("not_a_phone", column, part))
                    continue
                place = "WORKPLACE" if role == "EMPLOYER" else place_of(value)
                point = {"kind": "PHONE", "role": role, "place": place, "value": value, "country": country}
                if all(point["value"] != other["value"] for other in points):
                    points.append(point)

    @staticmethod
    def emails(person: Person, cells: list[tuple[str, str]], extra: dict[str, str], tell: Tell) -> None:
        points = person.setdefault("points", [])
        for column, text in cells:
            for part in re.split(r"[;,\s]+", text):
                value = email_of(part)
                if value:
                    points.append({"kind": "EMAIL", "role": "HOLDER", "place": "HOME", "value": value, "country": ""})
                elif part:
                    extra[column] = text[:200]
                    tell(reason("not_an_email", column, part))

    @staticmethod
    def address(person: Person, whole: list[str], parts: dict[str, str], country: str) -> None:
        """Add an address given in one cell, in parts, or a street in the one-cell column beside a town of its own."""
        street = parts.get("street", "")
        first, *others = whole or [""]
        if not street and first and parts.get("city"):
            street, first = first, ""
        if street or parts.get("city"):
            town = " ".join(part for part in (parts.get("postal_code", ""), parts.get("city", "")) if part)
            line = ", ".join(part for part in (street, town, parts.get("region", "")) if part)
            others = [first, *others] if first else others
            first = line
        points = person.setdefault("points", [])
        for number, line in enumerate(line for line in (first, *others) if line):
            point = {"kind": "ADDRESS", "role": "HOLDER", "place": "HOME", "value": line[:240], "country": country}
            if number == 0:
                point |= {"street": street[:160], **{k: v for k, v in parts.items() if k != "street" and v}}
            points.append(point)
