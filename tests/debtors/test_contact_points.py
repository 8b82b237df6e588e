"""Ways to reach a person: normalised, with a source, confirmed or struck off; statuses and opt-outs at once."""

from datetime import UTC, datetime

import pytest
from django.db.models import Q

from audit.models import Event
from common.refusals import NotUnderstood
from debtors import contact_points, statuses
from debtors.models import ContactPoint, OptOut, PersonStatus
from field import queries as field_queries
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def debtor(in_agency):
    return factories.make_debtor(phone=None, address=False)


def add(debtor, value, **fields):
    return contact_points.add(debtor, **({"kind": "PHONE", "value": value, "by": None, "now": NOW} | fields))


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("PHONE", "069 123 456", "+37369123456"),
        ("PHONE", "+40 721 234 567", "+40721234567"),
        ("EMAIL", " Ion.Rusu@Mail.MD ", "ion.rusu@mail.md"),
        ("ADDRESS", " Strada  Florilor 3,  Orhei ", "Strada Florilor 3, Orhei"),
        ("ACCOUNT", "md24 ag00 0225 1000 1310 4168", "MD24AG000225100013104168"),
    ],
)
def test_what_is_typed_is_normalised(debtor, kind, value, stored):
    assert add(debtor, value, kind=kind).value == stored


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("PHONE", "12"), ("PHONE", "call me"), ("EMAIL", "ion@"), ("ADDRESS", "3"), ("ACCOUNT", "2251000"),
        ("ACCOUNT", "MD24 AG00 0225 1000 1310 4186"),
    ],
)  # fmt: skip
def test_what_cannot_be_reached_is_refused(debtor, kind, value):
    with pytest.raises(contact_points.NotAContactPoint):
        add(debtor, value, kind=kind)


def test_the_same_number_is_not_added_twice(debtor):
    add(debtor, "069123456")
    with pytest.raises(contact_points.AlreadyKnown):
        add(debtor, "+37369123456")


def test_a_number_from_the_debtor_may_be_tried_at_once(debtor):
    point = add(debtor, "069123456")
    assert contact_points.usable_phones(debtor) == [point]


@pytest.mark.parametrize("source", ["THIRD_PARTY", "NEIGHBOUR", "EMPLOYER"])
def test_a_number_from_someone_else_waits_for_confirmation(debtor, source):
    """S004-60."""
    point = add(debtor, "069123456", source=source)
    assert contact_points.usable_phones(debtor) == []
    contact_points.confirm(point, by=None, now=NOW)
    assert contact_points.usable_phones(debtor) == [point]


def test_phones_are_tried_holder_first_then_employer_answered_ones_before_others(debtor):
    work = add(debtor, "022111222", owner_role="EMPLOYER")
    home, mobile = add(debtor, "022333444"), add(debtor, "069123456")
    contact_points.answered(mobile, now=NOW)
    assert contact_points.usable_phones(debtor) == [mobile, home, work]


def test_a_struck_number_says_why_and_is_not_tried(debtor):
    point = contact_points.invalidate(add(debtor, "069123456"), validity="DISCONNECTED", by=None, now=NOW)
    assert (ContactPoint.objects.get(id=point.id).validity, contact_points.usable_phones(debtor)) == (
        "DISCONNECTED",
        [],
    )
    with pytest.raises(NotUnderstood):
        contact_points.invalidate(point, validity="VALID", by=None, now=NOW)


def test_history_tells_of_contact_points_without_their_value(debtor):
    point = add(debtor, "069123456")
    contact_points.invalidate(point, validity="INVALID", by=None, now=NOW)
    contact_points.confirm(point, by=None, now=NOW)
    events = Event.objects.order_by("id")
    assert [e.kind.removeprefix("debtor.contact_point_") for e in events] == ["added", "judged", "confirmed"]
    assert "69123456" not in str([e.data for e in events])


def test_a_status_is_recorded_once_and_ended_once(debtor):
    status = statuses.record_status(debtor, code="DECEASED", since=TODAY, by=None, now=NOW)
    assert statuses.record_status(debtor, code="DECEASED", since=TODAY, by=None, now=NOW) == status
    statuses.end_status(status, by=None, now=NOW)
    statuses.end_status(status, by=None, now=NOW)
    assert PersonStatus.objects.get().ended_at == NOW
    assert Event.objects.count() == 2


def test_an_unknown_status_is_refused(debtor):
    with pytest.raises(statuses.StatusUnknown):
        statuses.record_status(debtor, code="TIRED", since=TODAY, by=None, now=NOW)


def test_an_opt_out_holds_until_it_is_withdrawn(debtor):
    row = statuses.opt_out(debtor, channel="SMS", source="reply STOP", by=None, now=NOW)
    assert statuses.opt_out(debtor, channel="SMS", source="again", by=None, now=NOW) == row
    statuses.withdraw_opt_out(row, by=None, now=NOW)
    assert OptOut.objects.get().withdrawn_at == NOW


def test_a_bank_account_is_no_way_to_reach_anybody(debtor):
    account = add(debtor, "MD24AG000225100013104168", kind="ACCOUNT")
    phone = add(debtor, "069123456")
    assert contact_points.usable_phones(debtor) == [phone]
    assert not [event for event in Event.objects.all() if account.value in str(event.data)]
    assert [point.id for point in field_queries._points_of([debtor.id], Q())[debtor.id]] == [phone.id]
