"""A visit that was made is kept with its proof, whatever came between the door and the sending."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from agencies.scope import agency_scope
from audit.models import Event
from cases import holds, money
from cases.models import Disposition, DispositionCode, Hold, Promise
from contacts.models import Contact, Decision
from field import kept_visits, orders, photos, sla, visiting
from field.going import TripHalted
from field.models import Discrepancy, Incident, Photo, Signature, Visit, VisitOrder, VisitStop
from field.visiting import GivenToAnother, Report
from reports import results
from reports.figures import View
from tests import factories
from tests.visiting import pictures
from tests.visiting.conftest import NOW, Trip
from tests.visiting.test_pages import JSON, filled, form_of, upload

pytestmark = pytest.mark.django_db
TripOf = Callable[..., Trip]
Member = Callable[..., factories.Membership]
EVENING = NOW + timedelta(hours=6)
FOUND = Report(outcome="NOBODY", letter="MAILBOX", incident="A dog was set on the collector.")


def kept(
    trip: Trip, report: Report = FOUND, *, by: Any, key: UUID | None = None, at: datetime = NOW, now: datetime = EVENING
) -> Visit:
    return kept_visits.keep_visit(trip.stop, draft_key=key or uuid4(), started_at=at, report=report, by=by, now=now)


@pytest.fixture
def coordinator(member: Member) -> factories.Membership:
    return member("COORDINATOR")


class TestInTheDomain:
    @pytest.fixture(autouse=True)
    def scope(self, in_agency: factories.Agency) -> factories.Agency:
        return in_agency

    def test_a_dispute_of_the_afternoon_does_not_lose_the_visit_of_the_morning(
        self, trip: Trip, collector: factories.Membership
    ) -> None:
        holds.place(trip.case, reason="DISPUTE", by=collector, as_of=NOW.date())
        photo = photos.read(pictures.jpeg(), kind="RESIDENCE", time_zone="Europe/Chisinau")
        report = Report(
            outcome="NOBODY", incident="Threatened.", photos=(photo,), signature=pictures.signature(), signer="Ion"
        )

        visit = kept(trip, report, by=collector)

        contact = Contact.objects.get(case=trip.case)
        assert (contact.unpermitted, contact.permit_id, contact.at) == (True, None, NOW)
        assert visit.refusal_id == Decision.objects.get(case=trip.case).id
        assert "disputes the debt" in visit.kept_because
        assert Photo.objects.filter(visit=visit).count() == Signature.objects.filter(visit=visit).count() == 1
        assert Incident.objects.get(visit=visit).text == "Threatened."
        assert VisitStop.objects.get(id=trip.stop.id).state == "PENDING"
        assert Event.objects.filter(kind="contact.unpermitted", case_id=trip.case.id).count() == 1
        assert "disputes the debt" in Discrepancy.objects.get(visit=visit, resolved_at=None).recorded

    def test_what_can_be_entered_is_entered_the_ordinary_way(self, trip: Trip, collector: factories.Membership) -> None:
        visit = kept(trip, by=collector)

        assert (visit.kept_because, visit.permit_id is None) == ("", False)
        assert VisitOrder.objects.get(id=trip.order.id).state == "DONE"
        assert not Discrepancy.objects.exists()

    def test_a_visit_on_a_trip_cancelled_since_is_a_permitted_contact(
        self, trip: Trip, collector: factories.Membership, coordinator: factories.Membership
    ) -> None:
        orders_closed = orders.cancel(
            trip.order, reason="Paid at the desk", by=coordinator, now=NOW + timedelta(hours=1)
        )

        visit = kept(trip, by=collector)

        assert "already made or cancelled" in visit.kept_because
        assert not Contact.objects.get(case=trip.case).unpermitted
        assert VisitOrder.objects.get(id=orders_closed.id).state == "CANCELLED"

    def test_a_second_phone_at_the_same_door_keeps_its_proof_too(
        self, trip: Trip, collector: factories.Membership
    ) -> None:
        visiting.record_visit(
            trip.stop, draft_key=uuid4(), started_at=NOW, report=Report(outcome="NOBODY"), by=collector, now=NOW
        )

        second = kept(trip, by=collector, at=NOW + timedelta(minutes=5))

        assert "already visited" in second.kept_because
        assert Visit.objects.filter(stop=trip.stop).count() == 2

    def test_days_without_a_connection_do_not_lose_the_visit(self, trip: Trip, collector: factories.Membership) -> None:
        visit = kept(trip, by=collector, now=NOW + timedelta(days=5))
        assert "within 3 days" in visit.kept_because

        with pytest.raises(visiting.VisitTooLongAgo, match="within 31 days"):
            kept(trip, by=collector, now=NOW + timedelta(days=40))

    def test_a_payment_of_the_night_before_stops_the_trip_and_keeps_the_visit(
        self, trip: Trip, collector: factories.Membership
    ) -> None:
        money.take_payment(
            trip.case,
            amount=Decimal(100),
            received_on=NOW.date(),
            by=None,
            now=NOW - timedelta(hours=2),
            source="MANUAL",
        )
        with pytest.raises(TripHalted):
            visiting.record_visit(trip.stop, draft_key=uuid4(), started_at=NOW, report=FOUND, by=collector, now=EVENING)

        assert kept(trip, by=collector).kept_because

    def test_a_promise_of_a_kept_visit_is_told_and_not_made(self, trip: Trip, collector: factories.Membership) -> None:
        holds.place(trip.case, reason="HARDSHIP", by=collector, as_of=NOW.date())
        promise = DispositionCode.objects.get(code="PROMISE")
        report = Report(
            outcome="MET_DEBTOR", result=promise, amount=Decimal(500), on=date(2026, 11, 28), reason="FORGOT"
        )

        visit = kept(trip, report, by=collector)

        assert not Promise.objects.exists()
        assert not Disposition.objects.exists()
        assert Contact.objects.get().outcome == "CONVERSATION"
        told = Discrepancy.objects.get(visit=visit).found
        assert "500.00 MDL was promised by" in told
        assert "no promise was recorded" in told

    def test_a_dispute_told_at_the_door_holds_the_case_also_when_the_visit_is_only_kept(
        self, trip: Trip, collector: factories.Membership
    ) -> None:
        holds.place(trip.case, reason="HARDSHIP", by=collector, as_of=NOW.date())
        dispute = DispositionCode.objects.filter(effect="DISPUTE", is_active=True).first()

        kept(trip, Report(outcome="MET_DEBTOR", result=dispute, reason="DISPUTES"), by=collector)

        assert Hold.objects.filter(case=trip.case, reason="DISPUTE", lifted_at=None).exists()

    def test_the_same_draft_is_kept_once(self, trip: Trip, collector: factories.Membership) -> None:
        holds.place(trip.case, reason="DISPUTE", by=collector, as_of=NOW.date())
        key = uuid4()
        assert kept(trip, by=collector, key=key) == kept(trip, by=collector, key=key)
        assert Contact.objects.count() == Discrepancy.objects.count() == 1

    def test_a_visit_without_permit_names_its_refusal_also_in_sql(
        self, trip: Trip, collector: factories.Membership
    ) -> None:
        with pytest.raises(IntegrityError, match="field_visit_permitted_or_kept"), transaction.atomic():
            Visit.objects.create(
                order=trip.order, stop=trip.stop, case=trip.case, address=trip.stop.address, collector=collector,
                draft_key=uuid4(), started_at=NOW, entered_at=NOW, outcome="NOBODY",
            )  # fmt: skip

    def test_who_had_the_trip_before_sends_what_was_made_until_then(
        self, trip: Trip, collector: factories.Membership, coordinator: factories.Membership, member: Member
    ) -> None:
        another, noon = member("FIELD_COLLECTOR"), NOW + timedelta(hours=1)
        orders.assign([trip.order.id], another, by=coordinator, now=noon)
        assert trip.stop in visiting.sent_by(collector)
        assert trip.stop not in visiting.pending_of(collector)

        with pytest.raises(GivenToAnother):
            visiting.record_visit(
                trip.stop, draft_key=uuid4(), started_at=noon + timedelta(hours=1), report=FOUND, by=collector,
                now=EVENING,
            )  # fmt: skip
        visit = visiting.record_visit(
            trip.stop, draft_key=uuid4(), started_at=NOW, report=FOUND, by=collector, now=EVENING
        )
        assert visit.collector == collector
        assert VisitOrder.objects.get(id=trip.order.id).state == "DONE"

    def test_a_promise_is_counted_from_the_day_of_the_visit(self, trip: Trip, collector: factories.Membership) -> None:
        """The limits are those of the talk, however late the phone finds a connection."""
        promise = DispositionCode.objects.get(code="PROMISE")
        report = Report(
            outcome="MET_DEBTOR", result=promise, amount=Decimal(500), on=NOW.date(), reason="FORGOT", letter="DEBTOR"
        )
        visiting.record_visit(
            trip.stop, draft_key=uuid4(), started_at=NOW, report=report, by=collector, now=NOW + timedelta(days=1)
        )
        assert Promise.objects.get(case=trip.case).due_on == NOW.date()

    def test_a_visit_made_in_time_and_sent_later_is_in_time(
        self, trip: Trip, collector: factories.Membership, member: Member
    ) -> None:
        """The report and the dashboard compare the hour of the visit, not that of the connection."""
        VisitOrder.objects.filter(id=trip.order.id).update(due_at=EVENING, breached_at=EVENING + timedelta(minutes=5))
        visiting.record_visit(
            trip.stop, draft_key=uuid4(), started_at=NOW, report=FOUND, by=collector, now=EVENING + timedelta(hours=9)
        )

        since = NOW - timedelta(days=2)
        line = sla.by("collector_id", "collector__user__full_name", since=since, now=NOW + timedelta(days=1))[0]
        view = View(member("MANAGER"), "Europe/Chisinau", since.date(), NOW.date() + timedelta(days=1))
        assert (line.in_time, line.late) == (1, 0)
        assert results.trips_by_kind(view) == {"in_time": 1, "late": 0, "open": 0}


class TestOnThePhone:
    def test_the_refusal_offers_to_keep_the_visit_and_keeping_it_tells_the_coordinator(
        self, trip: Trip, collector: factories.Membership, coordinator: factories.Membership, agency: factories.Agency
    ) -> None:
        with agency_scope(agency.id):
            holds.place(trip.case, reason="DISPUTE", by=collector, as_of=NOW.date())
        client, body = factories.client_of(collector), filled()

        refused = client.post(form_of(trip), body, headers=JSON)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (409, "made")
        assert "keep it and tell the coordinator" in client.post(form_of(trip), body).content.decode()

        told = client.post(form_of(trip), body | {"made": "on"}, headers=JSON).json()
        assert client.post(told["photos"], {"kind": "OBJECT", "photo": upload()}).status_code == 200
        assert "Kept all the same, as a contact without permit:" in client.get(told["url"]).content.decode()
        office = factories.client_of(coordinator).get(reverse("field-follow-up")).content.decode()
        assert "A visit that could not be entered was kept" in office

    def test_photos_of_a_visit_follow_although_the_trip_was_given_to_somebody_else(
        self, trip: Trip, collector: factories.Membership, coordinator: factories.Membership, member: Member,
        agency: factories.Agency,
    ) -> None:  # fmt: skip
        client = factories.client_of(collector)
        with agency_scope(agency.id):
            orders.assign([trip.order.id], member("FIELD_COLLECTOR"), by=coordinator, now=NOW + timedelta(hours=1))
        told = client.post(form_of(trip), filled(), headers=JSON)
        assert told.status_code == 200
        assert client.post(told.json()["photos"], {"kind": "OBJECT", "photo": upload()}).status_code == 200

    def test_a_draft_of_an_address_that_another_phone_reported_can_still_be_opened(
        self, trip: Trip, collector: factories.Membership, agency: factories.Agency
    ) -> None:
        client = factories.client_of(collector)
        client.post(form_of(trip), filled())
        assert client.get(form_of(trip)).status_code == 302
        assert client.get(form_of(trip), {"again": "1"}).status_code == 200

    def test_strangers_to_the_trip_still_find_nothing(self, trip: Trip, member: Member) -> None:
        assert factories.client_of(member("FIELD_COLLECTOR")).get(form_of(trip)).status_code == 404
