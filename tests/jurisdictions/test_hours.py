"""Hours: half-open windows, the ring, days when clocks change, several clocks, and the first slot after everything."""

from datetime import date, timedelta

import pytest

from jurisdictions.codes import Code, Ruling
from jurisdictions.evaluator import EXPECTED_RING, Engine, HolidayOverride
from tests.jurisdictions.makers import CHISINAU, NEW_YORK, ROME, ask, country, intent, local, own_rule


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-11-24T08:59:59", False),
        ("2026-11-24T09:00:00", True),
        ("2026-11-24T19:59:59", True),
        ("2026-11-24T20:00:00", False),
    ],
)
def test_a_window_opens_on_its_first_second_and_is_shut_on_its_last(at: str, allowed: bool) -> None:
    assert ask(at).allowed is allowed


@pytest.mark.parametrize(("at", "allowed"), [("2026-11-24T19:58:00", True), ("2026-11-24T19:58:01", False)])
def test_a_machine_starts_no_call_that_would_ring_past_closing(at: str, allowed: bool) -> None:
    assert ask(at, expected_ring=EXPECTED_RING).allowed is allowed


def test_the_ring_binds_voice_only() -> None:
    assert ask("2026-11-24T19:59", channel="sms", expected_ring=EXPECTED_RING).allowed


def test_a_permit_may_end_with_the_hours_now_open() -> None:
    assert ask("2026-11-24T10:00").open_until == local("2026-11-24T20:00")
    assert ask("2026-11-24T10:00", channel="letter").open_until is None


def test_chisinau_changes_clocks_with_bucharest_as_the_pinned_zone_data_say() -> None:
    """Moldova keeps the European Union's moment of change; older zone files have it an hour early."""
    hours = {"kind": "time_window", "verdict": "defer", "week": {"mon-sun": "03:00-20:00"}}
    engine = country(hours)

    def verdict(zone: str, at: str) -> Ruling:
        return engine.evaluate(intent(local(at, "UTC"), jurisdictions=("TT",), zones=(zone,))).verdict

    for zone in (CHISINAU, "Europe/Bucharest"):
        assert (verdict(zone, "2027-03-28T00:30"), verdict(zone, "2027-03-28T01:00")) == (Ruling.DEFER, Ruling.ALLOW)


def test_a_window_that_opens_in_the_skipped_hour_opens_once_the_clocks_have_moved() -> None:
    engine = country({"kind": "time_window", "verdict": "defer", "week": {"mon-sun": "03:30-20:00"}})

    verdict = engine.evaluate(intent("2027-03-28T02:00", jurisdictions=("TT",)))

    assert verdict.until == local("2027-03-28T01:30", "UTC")


@pytest.mark.parametrize(("at", "allowed"), [("2026-10-25T00:30", True), ("2026-10-25T01:30", True)])
def test_an_hour_that_comes_twice_is_open_both_times(at: str, allowed: bool) -> None:
    engine = country({"kind": "time_window", "verdict": "defer", "week": {"mon-sun": "03:00-04:00"}})

    verdict = engine.evaluate(intent(local(at, "UTC"), jurisdictions=("TT",)))

    assert verdict.allowed is allowed
    assert verdict.open_until is not None
    assert verdict.open_until > local(at, "UTC")


def test_where_the_debtor_may_be_in_two_places_both_clocks_must_be_open() -> None:
    clocks = (NEW_YORK, "America/Los_Angeles")

    verdict = ask("2026-11-24T09:00", NEW_YORK, jurisdictions=("US",), zones=clocks)

    assert verdict.verdict is Ruling.DEFER
    assert verdict.until == local("2026-11-24T08:00", "America/Los_Angeles")
    assert verdict.zone == "America/Los_Angeles"
    assert ask("2026-11-24T12:00", NEW_YORK, jurisdictions=("US",), zones=clocks).allowed


def test_two_jurisdictions_are_both_obeyed_on_the_debtors_clock() -> None:
    verdict = ask("2026-11-24T08:10", ROME, jurisdictions=("MD", "IT"))

    assert verdict.until == local("2026-11-24T08:30", ROME)
    assert {version[0] for version in verdict.packs} == {"BASE", "EU", "MD", "IT"}


def test_each_jurisdiction_keeps_its_own_holidays() -> None:
    """1 December is Romania's national day and an ordinary one in Moldova."""
    at = "2026-12-01T10:00"

    assert ask(at, CHISINAU, jurisdictions=("MD",)).allowed
    assert Code.TIME_HOLIDAY in ask(at, CHISINAU, jurisdictions=("MD", "RO")).codes


def test_the_first_slot_passes_every_rule_at_once() -> None:
    """Two talks until Wednesday, then Saturday's rule, Sunday, and two Romanian holidays: Wednesday 2 December."""
    talks = "conversation@2026-11-22T10:00 conversation@2026-11-23T10:00"

    verdict = ask("2026-11-24T10:00", events=talks)

    assert verdict.until == local("2026-12-02T09:00")


def test_a_rule_that_ends_before_it_would_pass_defers_only_until_its_end() -> None:
    """New York City allowed two contacts in seven days until 31 August 2026 and three from 1 September."""
    contacts = "letter@2026-08-29T10:00 letter@2026-08-30T10:00"

    verdict = ask("2026-08-31T10:00", NEW_YORK, jurisdictions=("US-NY-NYC",), events=contacts)

    assert verdict.until == local("2026-09-01T08:00", NEW_YORK)


def test_when_no_day_is_ever_open_the_contact_is_blocked() -> None:
    shut = own_rule("time_window", week={"mon-sun": "closed"}, channels="timed", verdict="defer")

    verdict = ask(tenant_rules=(shut,))

    assert verdict.verdict is Ruling.BLOCK
    assert verdict.codes[0] is Code.NO_LEGAL_SLOT
    assert verdict.until is None


def test_an_agency_adds_the_patron_saints_day() -> None:
    saint = HolidayOverride(date(2026, 11, 24), "Hramul orașului")

    verdict = ask(zone=CHISINAU, jurisdictions=("MD",), holiday_overrides=(saint,))

    assert verdict.codes == (Code.TIME_HOLIDAY,)
    assert verdict.findings[0].inputs["holiday"] == "Hramul orașului"


def test_a_letter_is_posted_at_any_hour() -> None:
    assert ask("2026-11-22T23:00", channel="letter").allowed


def test_a_batch_is_decided_like_its_members() -> None:
    asked = [intent(local("2026-11-24T06:00") + timedelta(minutes=37 * n)) for n in range(60)]

    assert Engine().evaluate_batch(asked) == [Engine().evaluate(one) for one in asked]
