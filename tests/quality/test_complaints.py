"""The register of complaints: what comes in is heard, answered in time, and stays as it was."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from cases import complaint_lists, debtor_complaints, holds
from cases.complaint_deadlines import deadline
from cases.debtor_complaints import (
    ComplaintIsClosed,
    NotDecided,
    NothingContested,
    NotTheirs,
    OwnMatter,
)
from cases.models import ComplaintStep, DebtorComplaint
from common.refusals import NotUnderstood
from tests import factories
from tests.quality.makers import answer, complain, decide, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(in_agency):
    return factories.make_case(team=factories.make_team("North"))


def test_a_complaint_gets_the_next_number_an_owner_and_a_day(case, member):
    """S000-22."""
    coordinator = member("COORDINATOR", team=case.team)
    first, second = complain(case, member("COLLECTOR")), complain(case, member("COLLECTOR"))

    assert (first.number, second.number) == (1, 2)
    assert first.owner == coordinator
    assert first.answer_due_on == today() + timedelta(days=30)
    assert first.due_source == "agency's rule"
    assert Event.objects.filter(kind="case.complaint_received", case_id=case.id).count() == 2


@pytest.mark.parametrize(
    ("jurisdiction", "kind", "received_on", "due_on"),
    [
        ("MD", "TONE", date(2026, 11, 1), date(2026, 12, 1)),
        ("RO", "DATA", date(2026, 1, 31), date(2026, 2, 28)),
        ("RO", "TONE", date(2026, 1, 31), date(2026, 3, 2)),
        ("GB", "TONE", date(2026, 11, 2), date(2026, 12, 28)),
        ("GB", "DATA", date(2026, 12, 15), date(2027, 1, 15)),
        ("US-NY", "AMOUNT", date(2026, 11, 1), date(2026, 12, 1)),
    ],
)
def test_the_day_of_the_answer_follows_from_country_and_kind(jurisdiction, kind, received_on, due_on):
    assert deadline(received_on, jurisdiction=jurisdiction, kind=kind).on == due_on


def test_a_law_is_named_where_one_sets_the_day_and_our_own_rule_where_none_is_known():
    assert "2016/679" in deadline(date(2026, 1, 1), jurisdiction="IT", kind="DATA").source
    assert deadline(date(2026, 1, 1), jurisdiction="IT", kind="TONE").source == "agency's rule"
    assert deadline(date(2026, 1, 1), jurisdiction="members", kind="TONE").source == "agency's rule"


def test_a_regulator_may_name_another_day(case, member):
    asked = complain(case, member("COORDINATOR"), source="REGULATOR", answer_due_on=today() + timedelta(days=10))

    assert (asked.answer_due_on, asked.due_source) == (today() + timedelta(days=10), "")


def test_what_contests_the_claim_may_hold_the_case_with_one_tick(case, member):
    """S003-19."""
    complaint = complain(case, member("COLLECTOR"), kind="AMOUNT", with_hold=True)

    case.refresh_from_db()
    assert case.on_hold
    assert [hold.reason for hold in holds.open_holds(case)] == ["DISPUTE"]
    assert complaint.hold is not None


def test_a_rude_word_does_not_hold_the_case(case, member):
    with pytest.raises(NothingContested):
        complain(case, member("COLLECTOR"), with_hold=True)
    assert not DebtorComplaint.objects.exists()


def test_a_hold_that_is_there_already_is_left_to_whoever_placed_it(case, member):
    holds.place(case, reason="DISPUTE", by=member("COORDINATOR"), as_of=today())
    assert complain(case, member("COLLECTOR"), kind="WRONG_PERSON", with_hold=True).hold is None


def test_it_is_decided_answered_and_closed_and_its_hold_lifted(case, member):
    """S000-22, S003-19."""
    coordinator = member("COORDINATOR")
    complaint = complain(case, coordinator, kind="AMOUNT", with_hold=True)
    with pytest.raises(NotDecided):
        answer(complaint, coordinator)
    complaint = decide(complaint, coordinator)

    closed = answer(complaint, coordinator, lift_hold=True)

    assert (closed.state, closed.outcome, closed.answer.title) == ("CLOSED", "UPHELD", "Answer")
    assert holds.open_holds(case) == []
    kinds = list(Event.objects.filter(kind__startswith="case.complaint").order_by("id").values_list("kind", flat=True))
    assert kinds == ["case.complaint_received", "case.complaint_decided", "case.complaint_answered"]


def test_what_is_withdrawn_needs_no_answer(case, member):
    coordinator = member("COORDINATOR")
    assert decide(complain(case, coordinator), coordinator, outcome="WITHDRAWN").state == "CLOSED"


def test_an_answer_leaves_between_the_receipt_and_today(case, member):
    coordinator = member("COORDINATOR")
    complaint = decide(complain(case, coordinator), coordinator)
    for day in (today() - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(NotUnderstood):
            answer(complaint, coordinator, answered_on=day)


def test_whom_it_is_about_neither_owns_nor_works_on_it(case, member):
    coordinator, other = member("COORDINATOR", team=case.team), member("MANAGER")
    complaint = complain(case, coordinator, about=coordinator)
    assert complaint.owner == other
    with pytest.raises(OwnMatter):
        decide(complaint, coordinator)
    with pytest.raises(OwnMatter):
        debtor_complaints.note_step(complaint, text="Nothing happened", by=coordinator, now=timezone.now())
    with pytest.raises(OwnMatter):
        debtor_complaints.give(complaint, coordinator, by=other, now=timezone.now())


def test_a_collector_is_given_no_complaint(case, member):
    complaint = complain(case, member("COORDINATOR"))
    with pytest.raises(NotTheirs):
        debtor_complaints.give(complaint, member("COLLECTOR"), by=member("MANAGER"), now=timezone.now())


def test_steps_are_added_and_never_changed(case, member):
    coordinator = member("COORDINATOR")
    complaint = complain(case, coordinator)
    step = debtor_complaints.note_step(complaint, text=" Heard the call ", by=coordinator, now=timezone.now())
    assert step.text == "Heard the call"
    with pytest.raises(Exception, match=r"permission denied|only grows"), transaction.atomic():
        ComplaintStep.objects.filter(id=step.id).update(text="Heard nothing")


def test_a_closed_complaint_stays_as_it_is(case, member):
    coordinator = member("COORDINATOR")
    closed = answer(decide(complain(case, coordinator), coordinator), coordinator)
    with pytest.raises(ComplaintIsClosed):
        decide(closed, coordinator, outcome="NOT_UPHELD")
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        DebtorComplaint.objects.filter(id=closed.id).update(outcome="NOT_UPHELD")
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        DebtorComplaint.objects.filter(id=closed.id).delete()


def test_the_words_of_an_open_complaint_stay_too(case, member):
    complaint = complain(case, member("COORDINATOR"))
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        DebtorComplaint.objects.filter(id=complaint.id).update(text="He was polite.")


@pytest.mark.parametrize(
    "change",
    [{"state": "DECIDED"}, {"state": "CLOSED", "outcome": "UPHELD", "measures": "x", "decided_at": timezone.now()}],
)
def test_the_database_wants_outcome_and_answer(case, member, change):
    complaint = complain(case, member("COORDINATOR"))
    with pytest.raises(IntegrityError), transaction.atomic():
        DebtorComplaint.objects.filter(id=complaint.id).update(**change)


@pytest.mark.parametrize(
    "told",
    [
        {"received_on": today() + timedelta(days=1)},
        {"text": "  "},
        {"answer_due_on": today() - timedelta(days=1)},
    ],
)
def test_nonsense_is_not_recorded(case, member, told):
    with pytest.raises(NotUnderstood):
        complain(case, member("COLLECTOR"), **told)


def test_late_and_soon_are_counted_apart(case, member):
    """S000-22."""
    coordinator = member("COORDINATOR")
    for days in (40, 30, 27, 3):
        complain(case, coordinator, received_on=today() - timedelta(days=days))
    answer(decide(complain(case, coordinator, received_on=today() - timedelta(days=50)), coordinator), coordinator)

    found = complaint_lists.alarms(as_of=today())

    assert (found.late, found.soon, found.open) == (1, 2, 4)
    late = complaint_lists.found(complaint_lists.ComplaintFilter({"state": "LATE"}), as_of=today())
    assert [row.days_left(today()) for row in late] == [-10]
    was_late = complaint_lists.found(complaint_lists.ComplaintFilter({"state": "WAS_LATE"}), as_of=today())
    assert was_late.count() == 1
