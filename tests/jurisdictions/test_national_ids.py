"""National numbers: one spelling, checked, and the birth date some of them carry."""

from datetime import date

import pytest

from jurisdictions.national_ids import IdKind, InvalidNationalId, NationalId, company_id, is_minor, person_id


@pytest.mark.parametrize(
    ("country", "written", "number", "born_on"),
    [
        ("RO", "1800101221144", "1800101221144", date(1980, 1, 1)),
        ("MD", "2 001001 000004", "", None),
        ("IT", "RSSMRA85T10A562S", "RSSMRA85T10A562S", date(1985, 12, 10)),
        ("CZ", "710319/2745", "7103192745", date(1971, 3, 19)),
        ("LT", "33309240064", "33309240064", date(1933, 9, 24)),
    ],
)
def test_a_persons_number_is_read(country: str, written: str, number: str, born_on: date | None) -> None:
    if country == "MD":
        written = number = _idnp("200100100000")

    found = person_id(country, written)

    assert (found.number, found.born_on) == (number, born_on)


@pytest.mark.parametrize(
    ("country", "written", "number"),
    [
        ("RO", "RO 185 472 90", "18547290"),
        ("MD", "1008600038413", "1008600038413"),
        ("IT", "IT 00743110157", "00743110157"),
        ("CZ", "45274649", "45274649"),
        ("CZ", "6947", "00006947"),
        ("LT", "123033512", "123033512"),
        ("LT", "188607684", "188607684"),
    ],
)
def test_a_companys_number_is_read(country: str, written: str, number: str) -> None:
    assert company_id(country, written).number == number


@pytest.mark.parametrize("country", ["RO", "MD", "IT", "CZ", "LT"])
@pytest.mark.parametrize("number", ["", "0", "1234567890", "ABCDEF", "9" * 13, "1" * 40, "１２"])
def test_a_wrong_number_is_refused_for_people_and_companies(country: str, number: str) -> None:
    for read in (person_id, company_id):
        with pytest.raises(InvalidNationalId):
            read(country, number)


def test_one_wrong_digit_is_noticed() -> None:
    right = _idnp("200100100000")
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)

    with pytest.raises(InvalidNationalId):
        person_id("MD", wrong)


def test_a_moldovan_company_is_not_a_person() -> None:
    with pytest.raises(InvalidNationalId):
        person_id("MD", "1008600038413")
    with pytest.raises(InvalidNationalId):
        company_id("MD", _idnp("200100100000"))


def test_a_country_whose_numbers_are_not_known_is_refused() -> None:
    with pytest.raises(InvalidNationalId):
        person_id("FR", "1")


@pytest.mark.parametrize(("on", "minor"), [(date(2026, 11, 23), True), (date(2026, 11, 24), False)])
def test_a_person_comes_of_age_on_the_eighteenth_birthday(on: date, minor: bool) -> None:
    person = NationalId(IdKind.RO_CNP, "", date(2008, 11, 24))

    assert is_minor(person, on) is minor


def test_a_number_without_a_birth_date_does_not_tell_age() -> None:
    assert is_minor(person_id("MD", _idnp("200100100000")), date(2026, 11, 24)) is None


def _idnp(first_twelve: str) -> str:
    weights = (7, 3, 1) * 4
    return first_twelve + str(sum(w * int(d) for w, d in zip(weights, first_twelve, strict=True)) % 10)
