"""A visit at the place of work: the letter is handed over sealed, and only where the law lets us come at all."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from contacts.gate import ContactNotAllowed
from contacts.models import Contact
from debtors.models import Consent, ContactPoint
from field import letters_left, visiting
from field.models import Visit
from field.visiting import Report
from tests import factories
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db
TripOf = Callable[..., Trip]
EMPLOYER = Report(
    outcome="MET_OTHER", relation="WORK", letter="OTHER", employer="Fabrica Orhei", note="At work on Monday."
)


@pytest.fixture(autouse=True)
def scope(in_agency: factories.Agency) -> factories.Agency:
    return in_agency


@pytest.fixture
def at_work(collector: factories.Membership, trip_of: TripOf) -> Callable[[str], Trip]:
    """at_work("RO") orders a visit to the factory in which the debtor works."""

    def order(country: str) -> Trip:
        mandate = factories.make_mandate(factories.make_creditor(country=country))
        trip = trip_of(collector, portfolio=factories.make_portfolio(mandate))
        trip.stop.address.place = "WORKPLACE"
        trip.stop.address.save(update_fields=["place"])
        return trip

    return order


def visited(trip: Trip, report: Report, by: Any) -> Visit:
    return visiting.record_visit(trip.stop, draft_key=uuid4(), started_at=NOW, report=report, by=by, now=NOW)


def test_the_employer_was_met_and_took_the_sealed_letter(
    at_work: Callable[[str], Trip], collector: factories.Membership
) -> None:
    """S004-36."""
    visit = visited(at_work("MD"), EMPLOYER, collector)

    assert (visit.relation, visit.letter, visit.employer) == ("WORK", "OTHER", "Fabrica Orhei")
    assert Contact.objects.get(case=visit.case).permit_id == visit.permit_id
    page = factories.client_of(collector).get(reverse("visit", args=[visit.id])).content.decode()
    assert "(the employer, sealed)" in page
    assert "At work on Monday." in page


@pytest.mark.parametrize("letter", ["MAILBOX", "DOOR"])
def test_at_work_the_letter_goes_into_a_hand(
    at_work: Callable[[str], Trip], collector: factories.Membership, letter: str
) -> None:
    """S004-36."""
    with pytest.raises(letters_left.LetterNotAllowed, match="handed to the debtor or to the employer"):
        visited(at_work("MD"), Report(outcome="NOBODY", letter=letter), collector)


def test_at_work_a_neighbour_is_not_given_the_letter(
    at_work: Callable[[str], Trip], collector: factories.Membership
) -> None:
    """S004-36, S004-72."""
    with pytest.raises(letters_left.LetterNotAllowed, match="only the employer or a colleague"):
        visited(at_work("MD"), Report(outcome="MET_OTHER", relation="NEIGHBOUR", letter="OTHER"), collector)


def test_the_debtor_who_is_met_at_work_takes_it(
    at_work: Callable[[str], Trip], collector: factories.Membership
) -> None:
    trip = at_work("MD")
    form = factories.client_of(collector).get(reverse("visit-form", args=[trip.stop.id])).content.decode()
    assert "to the employer for the debtor" in form
    assert 'value="MAILBOX"' not in form
    assert 'value="DOOR"' not in form


def test_where_the_law_forbids_the_place_of_work_there_is_no_visit(
    at_work: Callable[[str], Trip], collector: factories.Membership
) -> None:
    """S004-36: in Romania the consumer is not contacted at work."""
    trip = at_work("RO")

    with pytest.raises(ContactNotAllowed, match="may not be contacted at work"):
        visited(trip, Report(outcome="NOBODY"), collector)

    assert not Visit.objects.exists()


def test_where_a_code_forbids_it_the_debtor_s_consent_opens_it(
    at_work: Callable[[str], Trip], collector: factories.Membership
) -> None:
    """S004-36: in Italy only where the debtor named the place of work."""
    trip = at_work("IT")
    with pytest.raises(ContactNotAllowed):
        visited(trip, EMPLOYER, collector)

    Consent.objects.create(
        debtor=trip.case.debtor, kind="workplace_number_given", given_at=NOW, how="Said so on the phone"
    )

    assert visited(trip, EMPLOYER, collector).letter == "OTHER"
    assert ContactPoint.objects.get(id=trip.stop.address_id).place == "WORKPLACE"
