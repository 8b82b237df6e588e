"""National identity numbers of people and companies: normalised, checked, and read for a birth date where they carry
one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.cz import rc
from stdnum.ee import ik
from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale, iva
from stdnum.lt import asmens
from stdnum.md import idno
from stdnum.ro import cnp, cui

ADULT_AT = 18


class InvalidNationalId(ValueError):
    """The number is not one of that kind: wrong length, characters, date or check digit."""


class IdKind(StrEnum):
    """Which number it is."""

    RO_CNP = "RO_CNP"
    RO_CUI = "RO_CUI"
    MD_IDNP = "MD_IDNP"
    MD_IDNO = "MD_IDNO"
    IT_CODICE_FISCALE = "IT_CODICE_FISCALE"
    IT_PARTITA_IVA = "IT_PARTITA_IVA"
    CZ_RODNE_CISLO = "CZ_RODNE_CISLO"
    CZ_ICO = "CZ_ICO"
    LT_ASMENS_KODAS = "LT_ASMENS_KODAS"
    LT_IMONES_KODAS = "LT_IMONES_KODAS"


@dataclass(frozen=True, slots=True)
class NationalId:
    """A valid number in its one spelling. `born_on`: where the number says; None otherwise."""

    kind: IdKind
    number: str
    born_on: date | None = None


def person_id(country: str, number: str) -> NationalId:
    """A person's number: RO CNP, MD IDNP, IT codice fiscale, CZ rodné číslo, LT asmens kodas.

    Raises:
        InvalidNationalId: the number is wrong, or numbers of that country are not known.
    """
    return _valid(_PERSONS, country, number)


def company_id(country: str, number: str) -> NationalId:
    """A company's number: RO CUI, MD IDNO, IT partita IVA, CZ IČO, LT įmonės kodas.

    Raises:
        InvalidNationalId: the number is wrong, or numbers of that country are not known.
    """
    return _valid(_COMPANIES, country, number)


def is_minor(person: NationalId, on: date) -> bool | None:
    """Whether the person is under 18 on the day `on`; None when the number carries no birth date.

    Somebody born on 29 February comes of age on 1 March of a year without one.
    """
    if person.born_on is None:
        return None
    born = person.born_on
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return age < ADULT_AT


def _valid(kinds: dict[str, tuple[IdKind, "Validator"]], country: str, number: str) -> NationalId:
    known = kinds.get(country.upper())
    if known is None:
        raise InvalidNationalId(f"numbers of {country} are not known")
    kind, validate = known
    try:
        found, born_on = validate(number)
    except (ValidationError, InvalidNationalId, ValueError) as error:
        raise InvalidNationalId(f"not a valid {kind.value}") from error
    return NationalId(kind, found, born_on)


Validator = Callable[[str], tuple[str, date | None]]


def _ro_cnp(number: str) -> tuple[str, date | None]:
    found = cnp.validate(number)
    return found, cnp.get_birth_date(found)


def _ro_cui(number: str) -> tuple[str, date | None]:
    return cui.validate(number), None


def _md_idnp(number: str) -> tuple[str, date | None]:
    """13 digits beginning with 2 (population register) or 0 (earlier series); the check digit is that of the IDNO."""
    found = idno.validate(number)
    if found[0] not in "02":
        raise InvalidNationalId("an IDNP begins with 2 or 0")
    return found, None


def _md_idno(number: str) -> tuple[str, date | None]:
    found = idno.validate(number)
    if found[0] != "1":
        raise InvalidNationalId("an IDNO begins with 1")
    return found, None


def _it_codice_fiscale(number: str) -> tuple[str, date | None]:
    """16 characters with a birth date, or the 11 digits given provisionally, without one."""
    found = codicefiscale.validate(number)
    return found, codicefiscale.get_birth_date(found) if len(found) == 16 else None


def _it_partita_iva(number: str) -> tuple[str, date | None]:
    return iva.validate(number), None


def _cz_rodne_cislo(number: str) -> tuple[str, date | None]:
    found = rc.validate(number)
    return found, rc.get_birth_date(found)


def _cz_ico(number: str) -> tuple[str, date | None]:
    """Up to 8 digits, filled with zeros in front. Check digit: 11 minus (weights 8 to 2, sum modulo 11), modulo 10."""
    found = _digits(number, 1, 8).zfill(8)
    check = (11 - sum(w * int(d) for w, d in zip(range(8, 1, -1), found, strict=False)) % 11) % 10
    if int(found) == 0 or check != int(found[7]):
        raise InvalidNationalId("wrong check digit")
    return found, None


def _lt_asmens_kodas(number: str) -> tuple[str, date | None]:
    found = asmens.validate(number)
    return found, ik.get_birth_date(found)  # Lithuania and Estonia number people alike


def _lt_imones_kodas(number: str) -> tuple[str, date | None]:
    """9 digits (7 in the series before 2004, without a check digit we know). Weights 1 to 8 modulo 11; if that is 10,
    weights 3 to 9 and 1; if that is 10 again, 0."""
    found = _digits(number, 9, 9)
    check = sum(w * int(d) for w, d in zip((1, 2, 3, 4, 5, 6, 7, 8), found, strict=False)) % 11
    if check == 10:
        check = sum(w * int(d) for w, d in zip((3, 4, 5, 6, 7, 8, 9, 1), found, strict=False)) % 11 % 10
    if check != int(found[8]):
        raise InvalidNationalId("wrong check digit")
    return found, None


def _digits(number: str, least: int, most: int) -> str:
    found = re.sub(r"[\s.\-]", "", number)
    if not re.fullmatch(rf"[0-9]{{{least},{most}}}", found):
        raise InvalidNationalId("wrong length or characters")
    return found


_PERSONS: dict[str, tuple[IdKind, Validator]] = {
    "RO": (IdKind.RO_CNP, _ro_cnp),
    "MD": (IdKind.MD_IDNP, _md_idnp),
    "IT": (IdKind.IT_CODICE_FISCALE, _it_codice_fiscale),
    "CZ": (IdKind.CZ_RODNE_CISLO, _cz_rodne_cislo),
    "LT": (IdKind.LT_ASMENS_KODAS, _lt_asmens_kodas),
}
_COMPANIES: dict[str, tuple[IdKind, Validator]] = {
    "RO": (IdKind.RO_CUI, _ro_cui),
    "MD": (IdKind.MD_IDNO, _md_idno),
    "IT": (IdKind.IT_PARTITA_IVA, _it_partita_iva),
    "CZ": (IdKind.CZ_ICO, _cz_ico),
    "LT": (IdKind.LT_IMONES_KODAS, _lt_imones_kodas),
}
