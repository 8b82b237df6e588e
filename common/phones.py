"""Phone numbers as people write them, brought into E.164."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberType

from common.refusals import NotUnderstood

MOBILE, HOME = "MOBILE", "HOME"

_NOT_DIGIT = re.compile(r"[\s().\-/\u00a0\u2011\u2013]+")
_BETWEEN = re.compile(r"[,;|\n]+|\s/\s|(?<=\d{6})\s*[-/]\s*(?=\+?\d{6})|(?<=\d{6})\s+(?=\+)")
_NONE = frozenset({"", "-", "--", "0", "n/a", "na", "none", "null", "nu", "no", "ne", "fara", "nera", "x"})


class NotAPhone(NotUnderstood):
    """No telephone number that exists can be read from the text."""

    field = "phone"


@dataclass(frozen=True, slots=True)
class _Quick:
    """A country's own patterns, to know a plain mobile number without the library's whole walk."""

    code: str
    mobile: re.Pattern[str]
    trunk: str


def split_phones(text: str) -> list[str]:
    """The numbers of one cell, as written: "22123456-69123456" holds two, "-" holds none."""
    parts = (part.strip() for part in _BETWEEN.split(text.strip()))
    return [part for part in parts if part.lower() not in _NONE]


@lru_cache(maxsize=65_536)
def normalise_phone(text: str, country: str) -> str:
    """Return the number in E.164. `country` says which country's a number without a prefix is.

    A plus sign lost in a spreadsheet is put back when the digits begin with a country's prefix.

    Raises:
        NotAPhone: the numbering plan has no such number.
    """
    digits = _NOT_DIGIT.sub("", text.strip())
    quick = _quick(country)
    if quick is not None:
        national = (
            digits.removeprefix("+").removeprefix(quick.code) if digits.lstrip("+").startswith(quick.code) else digits
        )
        national = national.removeprefix(quick.trunk) if quick.trunk else national
        if quick.mobile.fullmatch(national):
            return f"+{quick.code}{national}"
    return _searched(digits, country)


def place_of(e164: str) -> str:
    """MOBILE or HOME, by the numbering plan."""
    quick = next((q for q in map(_quick, ("MD", "RO", "IT", "CZ", "LT")) if q and e164.startswith(f"+{q.code}")), None)
    if quick is not None:
        return MOBILE if quick.mobile.fullmatch(e164[1 + len(quick.code) :]) else HOME
    kind = phonenumbers.number_type(phonenumbers.parse(e164))
    return MOBILE if kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE) else HOME


def _searched(digits: str, country: str) -> str:
    tries = [digits]
    if digits.startswith("00"):
        tries.append("+" + digits[2:])
    elif not digits.startswith(("+", "0")):
        tries.append("+" + digits)
        tries.append("0" + digits)
    for attempt in tries:
        try:
            number = phonenumbers.parse(attempt, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    raise NotAPhone(_("This is not a telephone number."))


@lru_cache(maxsize=32)
def _quick(country: str) -> _Quick | None:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
    if country not in ("MD", "RO", "IT", "CZ", "LT") or metadata is None or metadata.mobile is None:
        return None
    mobile = re.compile(str(metadata.mobile.national_number_pattern))
    return _Quick(str(metadata.country_code), mobile, metadata.national_prefix or "")
