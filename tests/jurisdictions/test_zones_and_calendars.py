"""Whose clock, and which days are free."""

from datetime import date
from typing import Any

import pytest

from jurisdictions.calendars import CalendarMissing, add_working_days, holiday_name, is_working_day, known_subdivision
from jurisdictions.evaluator import HolidayOverride
from jurisdictions.zones import Confidence, ZoneSource, country_zones, resolve_zone

NY, LA = "America/New_York", "America/Los_Angeles"


@pytest.mark.parametrize(
    ("known", "candidates", "source", "confidence"),
    [
        pytest.param(
            {"declared": "Europe/Rome", "phone": "+37360123456"}, ("Europe/Rome",), "DECLARED", "HIGH", id="said so"
        ),
        pytest.param(
            {"country": "MD", "residence_verified": True}, ("Europe/Chisinau",), "RESIDENCE", "HIGH", id="Moldova"
        ),
        pytest.param(
            {"country": "LT", "residence_verified": True}, ("Europe/Vilnius",), "RESIDENCE", "HIGH", id="Lithuania"
        ),
        pytest.param({"phone": "+37061234567"}, ("Europe/Vilnius",), "REGION", "MEDIUM", id="a Lithuanian mobile"),
        pytest.param(
            {"phone": "+393471234567"},
            ("Europe/Rome",),
            "REGION",
            "MEDIUM",
            id="an Italian mobile is not in the Vatican",
        ),
        pytest.param(
            {"country": "US", "subdivision": "US-NY", "residence_verified": True},
            (NY,),
            "RESIDENCE",
            "HIGH",
            id="New York",
        ),
        pytest.param(
            {"country": "US", "subdivision": "FL", "residence_verified": True},
            (NY, "America/Chicago"),
            "RESIDENCE",
            "MEDIUM",
            id="Florida lies on two clocks",
        ),
        pytest.param(
            {"phone": "+12125550123", "fixed_line": True}, (NY,), "FIXED_LINE", "MEDIUM", id="a fixed line in Manhattan"
        ),
        pytest.param(
            {"country": "ES", "subdivision": "GC", "residence_verified": True},
            ("Atlantic/Canary",),
            "RESIDENCE",
            "HIGH",
            id="Las Palmas",
        ),
        pytest.param(
            {"country": "ES", "subdivision": "B", "residence_verified": True},
            ("Europe/Madrid",),
            "RESIDENCE",
            "HIGH",
            id="Barcelona",
        ),
        pytest.param(
            {"phone": "+34928123456"}, ("Atlantic/Canary",), "FIXED_LINE", "MEDIUM", id="a Canarian fixed line"
        ),
        pytest.param({"phone": "+18005550123"}, (), "UNRESOLVED", "NONE", id="toll-free is nowhere"),
        pytest.param({"phone": "07911 123456"}, (), "UNRESOLVED", "NONE", id="a number without its country"),
        pytest.param({"declared": "Mars/Olympus"}, (), "UNRESOLVED", "NONE", id="no such clock"),
        pytest.param({}, (), "UNRESOLVED", "NONE", id="nothing known"),
    ],
)
def test_whose_clock(known: dict[str, Any], candidates: tuple[str, ...], source: str, confidence: str) -> None:
    found = resolve_zone(**known)

    assert found.candidates == candidates
    assert (found.source, found.confidence) == (ZoneSource(source), Confidence(confidence))


def test_an_american_mobile_may_be_anywhere_in_the_country() -> None:
    found = resolve_zone(phone="+12125550123")

    assert {NY, LA, "Pacific/Honolulu"} <= set(found.candidates)
    assert found.confidence is Confidence.LOW


def test_a_residence_nobody_proved_and_a_number_from_elsewhere_are_both_kept() -> None:
    found = resolve_zone(country="IT", phone="+37360123456")

    assert set(found.candidates) == {"Europe/Rome", "Europe/Chisinau"}


def test_a_spanish_mobile_may_be_on_the_islands() -> None:
    assert set(resolve_zone(phone="+34612345678").candidates) == {"Europe/Madrid", "Atlantic/Canary"}


def test_zones_that_run_alike_count_once() -> None:
    assert country_zones("DE") == ("Europe/Berlin",)
    assert len(country_zones("US")) < 12


@pytest.mark.parametrize(
    ("country", "on", "subdivision", "free"),
    [
        ("RO", date(2026, 12, 1), "", True),
        ("MD", date(2027, 1, 7), "", True),
        ("IT", date(2026, 12, 7), "", False),
        ("IT", date(2026, 12, 7), "MI", True),
        ("IT", date(2026, 12, 7), "IT-MI", True),
        ("IT", date(2026, 10, 4), "", True),
        ("CZ", date(2026, 9, 28), "", True),
        ("LT", date(2026, 2, 16), "", True),
        ("GB", date(2026, 12, 28), "", True),
        ("LT", date(2026, 11, 24), "MI", False),
    ],
)
def test_public_holidays(country: str, on: date, subdivision: str, free: bool) -> None:
    assert (holiday_name(country, on, subdivision) is not None) is free


def test_a_country_without_a_calendar_is_refused() -> None:
    with pytest.raises(CalendarMissing):
        holiday_name("XX", date(2026, 1, 1))
    with pytest.raises(CalendarMissing):
        known_subdivision("XX", "1")


def test_a_day_the_agency_adds_counts_in_its_country_only() -> None:
    added = (HolidayOverride(date(2026, 11, 24), "Ziua orașului", "MD"),)

    assert holiday_name("MD", date(2026, 11, 24), overrides=added) == "Ziua orașului"
    assert holiday_name("RO", date(2026, 11, 24), overrides=added) is None
    assert not is_working_day("MD", date(2026, 11, 24), overrides=added)


def test_ten_working_days_skip_weekends_and_holidays() -> None:
    assert add_working_days(date(2026, 11, 27), 1, "RO") == date(2026, 12, 2)
    assert add_working_days(date(2026, 11, 24), 10, "CZ") == date(2026, 12, 8)
    assert add_working_days(date(2026, 11, 24), 0, "CZ") == date(2026, 11, 24)
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 11, 24), -1, "CZ")
