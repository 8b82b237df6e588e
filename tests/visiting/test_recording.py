"""A visit is recorded once, with the gate's permit, and moves the case, the stop and the order."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import Event
from cases import holds
from cases.models import Disposition, DispositionCode, Promise
from contacts.gate import ContactNotAllowed
from contacts.models import Contact, Decision, Permit
from debtors.models import ContactPoint
from field import letters_left, photos, visiting
from field.models import Asset, Discrepancy, Incident, Photo, Recommendation, Signature, Visit, VisitOrder, VisitStop
from field.orders import OrderIsClosed
from field.visiting import AssetFound, Report
from tests import factories
from tests.visiting import pictures
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db
TripOf = Callable[..., Trip]
NOBODY = Report(outcome="NOBODY", letter="MAILBOX")


@pytest.fixture(autouse=True)
def scope(in_agency: factories.Agency) -> factories.Agency:
    return in_agency


def visited(
    trip: Trip, report: Report = NOBODY, *, by: Any, stop: VisitStop | None = None, key: UUID | None = None,
    at: datetime = NOW, now: datetime | None = None,
) -> Visit:  # fmt: skip
    return visiting.record_visit(
        stop or trip.stop, draft_key=key or uuid4(), started_at=at, report=report, by=by, now=now or at
    )


def code(name: str) -> DispositionCode:
    found: DispositionCode = DispositionCode.objects.get(code=name)
    return found


def test_a_visit_spends_a_permit_and_counts_as_one_contact(trip: Trip, collector: factories.Membership) -> None:
    """S004-78."""
    visit = visited(trip, by=collector)

    contact = Contact.objects.get(case=trip.case)
    assert (contact.kind, contact.channel, contact.permit_id) == ("VISIT", "VISIT", visit.permit_id)
    assert not contact.unpermitted
    assert Permit.objects.get(id=visit.permit_id).used_at == NOW
    assert Disposition.objects.get(case=trip.case).code.code == "NO_ANSWER"
    assert Event.objects.filter(case_id=trip.case.id, kind="field.visited").count() == 1


def test_the_case_was_worked_and_knows_what_is_next(trip: Trip, collector: factories.Membership) -> None:
    """S004-37."""
    visited(trip, by=collector)

    trip.case.refresh_from_db()
    assert trip.case.last_worked_at == NOW
    assert trip.case.next_action_at > NOW


def test_the_stop_is_visited_and_the_order_done(trip: Trip, collector: factories.Membership) -> None:
    visited(trip, by=collector)

    order = VisitOrder.objects.get(id=trip.order.id)
    assert (order.state, order.first_visit_at, order.closed_at) == ("DONE", NOW, NOW)
    assert VisitStop.objects.get(id=trip.stop.id).state == "VISITED"


def test_one_address_is_enough_where_the_mandate_does_not_ask_for_all(
    collector: factories.Membership, trip_of: TripOf
) -> None:
    trip = trip_of(collector, addresses=3)

    visited(trip, by=collector)

    states = VisitStop.objects.filter(order=trip.order).order_by("id").values_list("state", flat=True)
    assert list(states) == ["VISITED", "SKIPPED", "SKIPPED"]
    assert VisitOrder.objects.get(id=trip.order.id).state == "DONE"


def test_an_order_for_all_addresses_stays_open_until_the_last(collector: factories.Membership, trip_of: TripOf) -> None:
    """S003-10."""
    trip = trip_of(collector, addresses=2, all_addresses=True)

    visited(trip, by=collector)

    assert VisitOrder.objects.get(id=trip.order.id).state == "OPEN"
    assert VisitStop.objects.get(id=trip.stops[1].id).state == "PENDING"


def test_all_addresses_are_visited_on_one_day(collector: factories.Membership, trip_of: TripOf) -> None:
    """S003-10."""
    trip = trip_of(collector, addresses=3, all_addresses=True)
    for place, stop in enumerate(trip.stops):
        visited(trip, by=collector, stop=stop, at=NOW + timedelta(hours=place))

    assert VisitOrder.objects.get(id=trip.order.id).state == "DONE"


def test_the_same_address_is_not_visited_twice_in_a_week_unless_the_agency_allows_it(
    collector: factories.Membership, trip: Trip, agency: factories.Agency
) -> None:
    visited(trip, by=collector)
    again = VisitOrder.objects.create(
        case=trip.case, trigger="PERSON", opened_at=NOW, due_at=NOW + timedelta(days=6), collector=collector
    )
    stop = VisitStop.objects.create(order=again, address=trip.stop.address)
    with pytest.raises(ContactNotAllowed, match="2nd visit at this address in 7 days"):
        visited(trip, by=collector, stop=stop, at=NOW + timedelta(hours=1))
    agency.contact_profile = {"loosened": ["EU.CAP.VISIT"]}
    agency.save()
    visited(trip, by=collector, stop=stop, at=NOW + timedelta(hours=1))


def test_a_fourth_address_in_the_week_waits(collector: factories.Membership, trip_of: TripOf) -> None:
    """Our own limit beside S003-10: three visits of one person in a week, wherever."""
    trip = trip_of(collector, addresses=4, all_addresses=True)
    for place, stop in enumerate(trip.stops[:3]):
        visited(trip, by=collector, stop=stop, at=NOW + timedelta(hours=place))
    with pytest.raises(ContactNotAllowed, match="4th visit in 7 days"):
        visited(trip, by=collector, stop=trip.stops[3], at=NOW + timedelta(hours=3))


def test_the_same_draft_is_one_visit(trip: Trip, collector: factories.Membership) -> None:
    key = uuid4()
    first = visited(trip, by=collector, key=key)
    again = visited(trip, Report(outcome="MOVED"), by=collector, key=key)

    assert again == first
    assert Visit.objects.get().outcome == "NOBODY"
    assert Contact.objects.count() == 1


def test_a_draft_is_not_used_for_another_address(collector: factories.Membership, trip_of: TripOf) -> None:
    key = uuid4()
    visited(trip_of(collector), by=collector, key=key)
    with pytest.raises(visiting.DraftOfAnotherVisit):
        visited(trip_of(collector), by=collector, key=key)


def test_another_report_of_a_visited_address_is_refused(trip: Trip, collector: factories.Membership) -> None:
    visited(trip, by=collector)
    with pytest.raises(visiting.StopIsSettled):
        visited(trip, by=collector)


def test_a_cancelled_trip_is_not_made(trip: Trip, collector: factories.Membership) -> None:
    VisitOrder.objects.filter(id=trip.order.id).update(state="CANCELLED")
    with pytest.raises(OrderIsClosed):
        visited(trip, by=collector)


def test_the_gate_refuses_and_only_its_refusal_is_written(trip: Trip, collector: factories.Membership) -> None:
    holds.place(trip.case, reason="DISPUTE", by=collector, as_of=NOW.date())
    with pytest.raises(ContactNotAllowed, match="disputes the debt"):
        visited(trip, by=collector)

    assert Decision.objects.get(case=trip.case, channel="VISIT").verdict != "ALLOW"
    assert not Visit.objects.exists()
    assert not Contact.objects.exists()
    assert not Permit.objects.exists()
    assert VisitStop.objects.get(id=trip.stop.id).state == "PENDING"


def test_a_visit_at_night_is_refused_with_its_hours(trip: Trip, collector: factories.Membership) -> None:
    with pytest.raises(ContactNotAllowed, match="Outside contact hours"):
        visited(trip, by=collector, at=datetime(2026, 11, 24, 21, tzinfo=UTC))


def test_a_visit_made_by_day_may_be_sent_at_night(trip: Trip, collector: factories.Membership) -> None:
    """S004-40: the delay is kept."""
    late = NOW + timedelta(hours=11)
    visit = visited(trip, by=collector, at=NOW, now=late)

    assert (visit.started_at, visit.entered_at) == (NOW, late)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [(NOW + timedelta(hours=1), visiting.VisitInTheFuture), (NOW - timedelta(days=4), visiting.VisitTooLongAgo)],
)
def test_a_visit_is_of_these_days(
    trip: Trip, collector: factories.Membership, at: datetime, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        visited(trip, by=collector, at=at, now=NOW)


def test_meeting_the_debtor_asks_how_the_talk_ended(trip: Trip, collector: factories.Membership) -> None:
    """S000-14."""
    with pytest.raises(visiting.ResultMissing):
        visited(trip, Report(outcome="MET_DEBTOR"), by=collector)


def test_a_promise_at_the_door_is_a_promise(trip: Trip, collector: factories.Membership) -> None:
    """S004-33."""
    visited(
        trip,
        Report(
            outcome="MET_DEBTOR", result=code("PROMISE"), amount=Decimal(500), on=date(2026, 11, 28), reason="FORGOT",
            letter="DEBTOR", rights_explained=True,
        ),
        by=collector,
    )  # fmt: skip

    promise = Promise.objects.get(case=trip.case)
    assert (promise.amount, promise.due_on, promise.state) == (500, date(2026, 11, 28), "ACTIVE")
    address = ContactPoint.objects.get(id=trip.stop.address_id)
    assert address.last_answered_at == NOW


def test_a_promise_beyond_the_limits_is_refused_and_nothing_is_written(
    trip: Trip, collector: factories.Membership
) -> None:
    from cases.promises import PromiseTooFar

    far = Report(
        outcome="MET_DEBTOR", result=code("PROMISE"), amount=Decimal(5), on=date(2027, 3, 1), reason="FORGOT"
    )  # fmt: skip
    with pytest.raises(PromiseTooFar):
        visited(trip, far, by=collector)
    assert not Visit.objects.exists()
    assert not Permit.objects.exists()


def test_who_was_met_is_told_by_relation_and_never_by_name(trip: Trip, collector: factories.Membership) -> None:
    """S004-34, S004-73."""
    with pytest.raises(letters_left.RelationMissing):
        visited(trip, Report(outcome="MET_OTHER"), by=collector)
    visit = visited(trip, Report(outcome="MET_OTHER", relation="NEIGHBOUR", letter="OTHER"), by=collector)

    assert visit.relation == "NEIGHBOUR"
    assert Disposition.objects.get(case=trip.case).code.code == "THIRD_PARTY"
    assert not visit.is_positive


def test_who_does_not_know_the_debtor_is_not_given_the_letter(trip: Trip, collector: factories.Membership) -> None:
    """S004-76."""
    with pytest.raises(letters_left.LetterNotAllowed):
        visited(trip, Report(outcome="MET_OTHER", relation="STRANGER", letter="OTHER"), by=collector)
    assert visited(trip, Report(outcome="MET_OTHER", relation="STRANGER", letter="MAILBOX"), by=collector)


@pytest.mark.parametrize(
    ("outcome", "letter"), [("NOBODY", "DEBTOR"), ("NOBODY", "OTHER"), ("MOVED", "MAILBOX"), ("WRONG_ADDRESS", "DOOR")]
)
def test_a_letter_is_left_only_where_it_can_be(
    trip: Trip, collector: factories.Membership, outcome: str, letter: str
) -> None:
    """S004-35."""
    with pytest.raises(letters_left.LetterNotAllowed):
        visited(trip, Report(outcome=outcome, letter=letter), by=collector)


def in_country(trip_of: TripOf, collector: factories.Membership, country: str) -> Trip:
    creditor = factories.make_creditor(country=country)
    return trip_of(collector, portfolio=factories.make_portfolio(factories.make_mandate(creditor)))


@pytest.mark.parametrize(("country", "door", "third"), [("MD", True, True), ("RO", False, False), ("IT", False, True)])
def test_the_law_says_whether_the_door_and_a_third_person_may_be_used(
    collector: factories.Membership, trip_of: TripOf, country: str, door: bool, third: bool
) -> None:
    """S004-35, S004-73."""
    trip = in_country(trip_of, collector, country)
    rules = letters_left.rules_for(trip.case, trip.stop.address, now=NOW)

    assert (rules.door, rules.third_person) == (door, third)


def test_in_romania_the_letter_is_not_left_in_the_door(collector: factories.Membership, trip_of: TripOf) -> None:
    trip = in_country(trip_of, collector, "RO")
    with pytest.raises(letters_left.LetterNotAllowed, match="door"):
        visited(trip, Report(outcome="NOBODY", letter="DOOR"), by=collector)
    with pytest.raises(letters_left.LetterNotAllowed, match="third person"):
        visited(trip, Report(outcome="MET_OTHER", relation="FAMILY", letter="OTHER"), by=collector)


def test_an_address_that_was_wrong_is_not_used_again(trip: Trip, collector: factories.Membership) -> None:
    visited(trip, Report(outcome="WRONG_ADDRESS"), by=collector)

    assert ContactPoint.objects.get(id=trip.stop.address_id).validity == "INVALID"


def test_everything_found_comes_with_the_visit(trip: Trip, collector: factories.Membership) -> None:
    """S000-15, S000-18, S003-15, S003-16, S004-31, S004-32, S004-38, S004-41."""
    photo = photos.read(pictures.jpeg(), kind="RESIDENCE", time_zone="Europe/Chisinau")
    visit = visited(
        trip,
        Report(
            outcome="MET_DEBTOR", result=code("REFUSES"), reason="INCOME_LOST", letter="DEBTOR", business_card=True,
            rights_explained=True, occupants=4, upkeep_arrears=True, employer="Moldtelecom",
            monthly_income=Decimal(7200),
            assets=(AssetFound("VEHICLE", "Dacia Logan", Decimal(60_000), encumbered=True),),
            differs=("Collateral", "Garage", "Sold last year"), incident="A neighbour threatened with a dog.",
            recommends=("LEGAL", "REFUSES_TO_SIGN", ""), photos=(photo,), signature=pictures.signature(),
            signer="Ion Țurcanu", latitude=Decimal("47.02500"), longitude=Decimal("28.85833"), accuracy_m=12,
        ),
        by=collector,
    )  # fmt: skip

    assert (visit.occupants, visit.upkeep_arrears, visit.employer, visit.monthly_income) == (
        4,
        True,
        "Moldtelecom",
        7200,
    )
    assert (visit.business_card, visit.rights_explained) == (True, True)
    asset = Asset.objects.get(visit=visit)
    assert (asset.kind, asset.value, asset.currency, asset.encumbered) == ("VEHICLE", 60_000, "MDL", True)
    assert Discrepancy.objects.get(visit=visit).found == "Sold last year"
    assert Incident.objects.get(visit=visit).creditor_told_at is None
    assert Recommendation.objects.get(visit=visit).why == "REFUSES_TO_SIGN"
    assert Photo.objects.get(visit=visit).kind == "RESIDENCE"
    signature = Signature.objects.get(visit=visit)
    assert (signature.signer, signature.document.kind) == ("Ion Țurcanu", "SIGNATURE")


def test_a_signature_has_a_name_and_ink(trip: Trip, collector: factories.Membership) -> None:
    with pytest.raises(visiting.SignerMissing):
        visited(trip, Report(outcome="NOBODY", signature=pictures.signature()), by=collector)
    with pytest.raises(photos.SignatureNotTaken):
        visited(trip, Report(outcome="NOBODY", signature=pictures.signature(drawn=False), signer="Ion"), by=collector)


def test_a_visit_cannot_be_changed_even_by_sql(trip: Trip, collector: factories.Membership) -> None:
    visit = visited(trip, by=collector)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE field_visit SET outcome = 'MET_DEBTOR' WHERE agency_id = %s AND id = %s",
            [visit.agency_id, visit.id],
        )


def test_each_sees_their_own_stops(
    collector: factories.Membership, trip_of: TripOf, member: Callable[..., factories.Membership]
) -> None:
    mine, theirs = trip_of(collector), trip_of(member("FIELD_COLLECTOR"))

    assert set(visiting.stops_of(collector)) == {mine.stop}
    assert set(visiting.stops_of(member("MANAGER"))) == {mine.stop, theirs.stop}
