"""Numbers as they stand in hand-over files."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.phones import NotAPhone, normalise_phone, place_of, split_phones


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("069123456", "MD", "+37369123456"),
        ("69123456", "MD", "+37369123456"),
        ("37369123456", "MD", "+37369123456"),
        ("+373 (69) 12-34-56", "MD", "+37369123456"),
        ("022 123 456", "MD", "+37322123456"),
        ("0722 123 456", "RO", "+40722123456"),
        ("722123456", "RO", "+40722123456"),
        ("0040722123456", "RO", "+40722123456"),
        ("213121212", "RO", "+40213121212"),
        ("+39 347 1234567", "IT", "+393471234567"),
        ("06 6982 1234", "IT", "+390669821234"),
        ("602 123 456", "CZ", "+420602123456"),
        ("61212345", "LT", "+37061212345"),
        ("861212345", "LT", "+37061212345"),
        ("+40722123456", "MD", "+40722123456"),
    ],
)
def test_a_number_is_understood_however_it_is_written(text, country, expected):
    assert normalise_phone(text, country) == expected


@pytest.mark.parametrize("text", ["", "12", "abc", "999999999999999", "6912345678901"])
def test_what_no_numbering_plan_knows_is_no_phone(text):
    with pytest.raises(NotAPhone):
        normalise_phone(text, "MD")


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("22123456-69123456", ["22123456", "69123456"]),
        ("069123456; 022123456", ["069123456", "022123456"]),
        ("069123456, 022123456", ["069123456", "022123456"]),
        ("+37369123456 +37322123456", ["+37369123456", "+37322123456"]),
        ("069-123-456", ["069-123-456"]),
        ("-", []),
        ("n/a", []),
        ("  ", []),
    ],
)
def test_one_cell_may_hold_none_one_or_two_numbers(cell, numbers):
    assert split_phones(cell) == numbers


def test_a_mobile_is_told_from_a_fixed_line():
    assert place_of("+37369123456") == "MOBILE"
    assert place_of("+37322123456") == "HOME"


def by_the_plan(number):
    return phonenumbers.format_number(number, 0) if phonenumbers.is_valid_number(number) else None


def by_us(text, country):
    try:
        return normalise_phone(text, country)
    except NotAPhone:
        return None


@given(st.sampled_from(["MD", "RO", "IT", "CZ", "LT"]), st.from_regex(r"[1-9][0-9]{7,9}", fullmatch=True))
def test_the_quick_way_agrees_with_the_numbering_plan(country, digits):
    text = f"+{phonenumbers.country_code_for_region(country)}{digits}"
    assert by_us(text, country) == by_the_plan(phonenumbers.parse(text))
