"""Holds stop the night; the night does its whole work once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from cases import holds, notes, promises, roll, tasks
from cases.models import Case, Hold, Roll
from cases.queries import timeline
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def case(in_agency):
    return factories.make_case(stage="WATCH", days_past_due=70)


def place(case, **fields):
    return holds.place(case, **({"reason": "DISPUTE", "by": None, "as_of": TODAY, "now": NOW} | fields))


def test_a_hold_stops_the_night(case):
    place(case)
    assert roll.roll_stages(as_of=TODAY) == {}


def test_lifting_the_last_hold_lets_the_night_go_on(case):
    first, second = place(case), place(case, reason="HARDSHIP")
    holds.lift(first, by=None, now=NOW)
    assert Case.objects.get(id=case.id).on_hold is True
    holds.lift(second, by=None, now=NOW)
    assert roll.roll_stages(as_of=TODAY) == {"enter_soft": 1}


def test_the_same_hold_is_not_placed_twice(case):
    place(case)
    with pytest.raises(holds.HoldAlreadyOpen):
        place(case)
    with pytest.raises(IntegrityError, match="cases_hold_open_key"), transaction.atomic():
        Hold.objects.create(case=case, reason="DISPUTE", since=TODAY)


def test_a_hold_runs_out_the_day_after_its_last(case):
    place(case, until=TODAY + timedelta(days=2))
    assert holds.lift_run_out(as_of=TODAY + timedelta(days=2)) == 0
    assert holds.lift_run_out(as_of=TODAY + timedelta(days=3)) == 1
    assert Case.objects.get(id=case.id).on_hold is False


def test_the_night_does_everything_and_then_nothing(case, member):
    other = factories.make_case(stage="PRE_SOFT", days_past_due=40)
    promises.make_promise(other, amount=Decimal(1000), due_on=TODAY, by=member("COLLECTOR"), as_of=TODAY, now=NOW)
    place(factories.make_case(), until=TODAY)
    tomorrow = TODAY + timedelta(days=1)
    done = roll.roll_day(as_of=tomorrow, now=NOW)
    assert done == {"holds_ran_out": 1, "promises_broken": 1, "enter_soft": 1}
    assert roll.roll_day(as_of=tomorrow, now=NOW) == {}
    assert Roll.objects.get().moved == 1


def test_a_day_is_rolled_by_one_scheduler(case):
    assert roll.roll_once(day=TODAY.isoformat(), now=NOW) == {"enter_soft": 1}
    assert roll.roll_once(day=TODAY.isoformat(), now=NOW) == {}


def test_the_database_keeps_one_roll_a_day(case):
    Roll.objects.create(on=TODAY, rolled_at=NOW)
    with pytest.raises(IntegrityError, match="cases_roll_day_key"), transaction.atomic():
        Roll.objects.create(on=TODAY, rolled_at=NOW)


@pytest.mark.parametrize(
    ("utc_hour", "expected"), [(22, None), (23, date(2026, 11, 25))], ids=["00:30 local", "01:30 local"]
)
def test_the_night_begins_at_one_by_the_agencys_clock(in_agency, utc_hour, expected):
    assert roll.day_to_roll(in_agency, datetime(2026, 11, 24, utc_hour, 30, tzinfo=UTC)) == expected


def test_the_clock_wakes_each_agency_once(agency, other_agency, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    assert tasks.roll_due_agencies() == 2
    assert tasks.roll_due_agencies() == 0


def test_the_command_rolls_one_agency(agency, capsys):
    call_command("roll_stages", "--agency", agency.slug, "--as-of", "2026-11-24")
    assert f"{agency.slug} 2026-11-24: nothing to do" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("roll_stages", "--agency", "nobody")


def test_a_note_keeps_its_words_out_of_history_but_in_the_timeline(case, member):
    collector = member("COLLECTOR")
    notes.add_note(case, text="  Works nights ", by=collector, now=NOW)
    (entry,) = timeline(case)
    assert (entry.text, entry.actor, entry.group) == ("Works nights", str(collector.user), "case")
    assert "nights" not in str(entry.data)


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_an_empty_or_endless_note_is_refused(case, text):
    with pytest.raises(notes.NoteIsEmpty):
        notes.add_note(case, text=text, by=None, now=NOW)


def test_the_timeline_speaks_the_readers_language_and_pages(case):
    for day in range(3):
        place_and_lift(case, day)
    entries = timeline(case, limit=2)
    assert [entry.kind for entry in entries] == ["case.hold_lifted", "case.hold_placed"]
    assert [e.kind for e in timeline(case, before_id=entries[-1].id, limit=9)] == [
        "case.hold_lifted",
        "case.hold_placed",
    ] * 2
    assert timeline(case, kinds={"ledger"}) == []


def place_and_lift(case, day):
    holds.lift(place(case, as_of=TODAY + timedelta(days=day)), by=None, now=NOW)


def test_the_timeline_writes_codes_amounts_and_days_as_people_do(case, member):
    """S004-45."""
    place(case)
    day = TODAY + timedelta(days=3)
    promises.make_promise(case, amount=Decimal(1000), due_on=day, by=member("COLLECTOR"), as_of=TODAY, now=NOW)
    promised, held = (entry.sentence for entry in timeline(case))
    assert promised == "Promise to pay 1,000.00 MDL by Nov 27, 2026."
    assert held == "A hold was placed: Debt disputed."
