"""A part of the debt is forgiven bucket by bucket: within the mandate's discount, approved by others, taken back."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from agencies.scope import agency_scope
from audit.models import Event
from cases import approvals, costs, transitions, waivers
from cases.models import Approval, Case, Waiver
from ledger import posting, proof
from ledger.models import Bucket
from tests import factories
from tests.agreements.people import NOW, decide, fresh, make_case, pay
from tests.factories import TODAY


@pytest.fixture
def case(in_agency):
    """1,000 of principal and 100 of costs; the mandate allows 30 per cent."""
    made = make_case()
    costs.charge(fresh(made), amount=Decimal(100), incurred_on=TODAY, reference="Court fee", by=None, now=NOW)
    return fresh(made)


def asked(case, by, *, why="Charged by mistake", **parts):
    wanted = {Bucket(name.upper()): Decimal(amount) for name, amount in parts.items()}
    return waivers.ask(fresh(case), parts=wanted, reason=why, by=by, now=NOW)


def owed(case):
    account = fresh(case).account
    return account.principal, account.costs, fresh(case).balance


def test_a_waiver_is_booked_part_by_part_once_a_second_person_agreed(case, member):
    one = asked(case, member("COLLECTOR"), costs=100, principal=50)
    assert owed(case) == (1000, 100, 1100)
    decide("WAIVER", one, member("COORDINATOR"))
    assert owed(case) == (950, 0, 950)
    one.refresh_from_db()
    assert (one.state, len(one.entries)) == ("POSTED", 2)
    assert proof.prove() == []
    kinds = Event.objects.filter(case_id=case.id).values_list("kind", flat=True)
    assert {"case.waiver_asked", "approval.granted", "case.waiver_posted", "ledger.waived"} <= set(kinds)


def test_whoever_asked_does_not_decide(case, member):
    coordinator = member("COORDINATOR")
    one = asked(case, coordinator, costs=10)
    with pytest.raises(approvals.SecondPersonNeeded):
        decide("WAIVER", one, coordinator)
    assert owed(case)[1] == 100


def test_the_creditor_is_asked_too_where_the_mandate_keeps_discounts_to_him(case, member):
    case.mandate.approvals = ["DISCOUNT"]
    case.mandate.save()
    one = asked(case, member("COLLECTOR"), costs=10)
    sides = set(Approval.objects.filter(kind="WAIVER", subject_id=one.id).values_list("side", flat=True))
    assert sides == {"COORDINATOR", "CREDITOR"}


def test_the_database_books_no_waiver_that_was_not_approved(case, member):
    one = asked(case, member("COLLECTOR"), costs=10)
    with pytest.raises(IntegrityError, match="is not approved"), transaction.atomic():
        Waiver.objects.filter(id=one.id).update(state="POSTED")


def test_more_than_the_mandates_discount_is_refused_with_a_sentence(case, member):
    collector = member("COLLECTOR")
    with pytest.raises(waivers.WaiverTooLarge, match=r"at most 30.*330.00"):
        asked(case, collector, principal=331)
    none = make_case(mandate=factories.make_mandate())
    with pytest.raises(waivers.WaiverTooLarge, match="no discount"):
        asked(none, collector, principal=1)


def test_what_was_waived_before_counts(case, member):
    collector, coordinator = member("COLLECTOR"), member("COORDINATOR")
    decide("WAIVER", asked(case, collector, principal=300), coordinator)
    with pytest.raises(waivers.WaiverTooLarge):
        asked(case, collector, principal=31)
    decide("WAIVER", asked(case, collector, principal=30), coordinator)
    assert owed(case) == (670, 100, 770)


def test_no_more_than_is_owed_in_a_part(case, member):
    with pytest.raises(posting.WaiverExceedsBucket) as refused:
        asked(case, member("COLLECTOR"), costs=101)
    assert refused.value.field == "costs"


def test_what_was_paid_meanwhile_is_not_waived(case, member):
    one = asked(case, member("COLLECTOR"), costs=100)
    pay(case, 50)
    if fresh(case).account.costs == 100:
        pay(case, 1000)
    with pytest.raises(posting.WaiverExceedsBucket):
        decide("WAIVER", one, member("COORDINATOR"))
    assert Waiver.objects.get(id=one.id).state == "AWAITING_APPROVAL"


def test_a_refused_waiver_changes_nothing_and_the_case_is_called(case, member):
    one = asked(case, member("COLLECTOR"), costs=10)
    decide("WAIVER", one, member("COORDINATOR"), grant=False, note="Not without a paper")
    assert (Waiver.objects.get(id=one.id).state, Case.objects.get(id=case.id).next_action) == ("REFUSED", "CALL")
    assert owed(case) == (1000, 100, 1100)


def test_a_waiver_taken_back_is_owed_again(case, member):
    coordinator = member("COORDINATOR")
    one = asked(case, member("COLLECTOR"), costs=100)
    decide("WAIVER", one, coordinator)
    waivers.take_back(Waiver.objects.get(id=one.id), by=coordinator, now=NOW)
    assert owed(case) == (1000, 100, 1100)
    assert proof.prove() == []
    with pytest.raises(waivers.WaiverIsElsewhere):
        waivers.take_back(Waiver.objects.get(id=one.id), by=coordinator, now=NOW)


def test_one_waits_at_a_time_and_its_asker_may_cancel_it(case, member):
    collector = member("COLLECTOR")
    one = asked(case, collector, costs=10)
    with pytest.raises(waivers.WaiverIsElsewhere):
        asked(case, collector, costs=10)
    with pytest.raises(waivers.NotYours):
        waivers.cancel(one, by=member("COLLECTOR"), now=NOW)
    waivers.cancel(one, by=collector, now=NOW)
    assert Approval.objects.get(kind="WAIVER").state == "WITHDRAWN"


def test_a_waiver_that_waits_ends_with_its_case(case, member):
    one = asked(case, member("COLLECTOR"), costs=10)
    transitions.close(fresh(case), reason="RECALLED", by=member("MANAGER"), as_of=TODAY)
    assert Waiver.objects.get(id=one.id).state == "CANCELLED"


@pytest.mark.django_db
def test_the_page_asks_the_case_shows_it_and_a_coordinator_takes_it_back(agency, member):
    with agency_scope(agency.id):
        case = make_case()
    collector, coordinator = member("COLLECTOR"), member("COORDINATOR")
    browser = factories.client_of(collector)
    address = reverse("waiver-ask", args=[case.id])
    assert "300.00" in browser.get(address).content.decode()
    answer = browser.post(address, {"principal": "301", "reason": "Hardship"})
    assert answer.status_code == 422
    assert 'value="301"' in answer.content.decode()
    assert "may still be waived" in answer.content.decode()
    assert browser.post(address, {"principal": "120", "reason": "Hardship"}).status_code == 302
    assert "Hardship" in browser.get(reverse("case", args=[case.id])).content.decode()
    other = factories.client_of(coordinator)
    assert "Hardship" in other.get(reverse("approvals")).content.decode()
    with agency_scope(agency.id):
        approval = Approval.objects.get(kind="WAIVER")
        one = Waiver.objects.get()
    other.post(reverse("approval-decide", args=[approval.id]), {"decide": "approve"})
    with agency_scope(agency.id):
        assert Case.objects.get(id=case.id).balance == 880
    other.post(reverse("waiver-take-back", args=[case.id, one.id]))
    with agency_scope(agency.id):
        assert Case.objects.get(id=case.id).balance == 1000


def test_who_may_not_offer_discounts_may_not_ask(agency, member):
    with agency_scope(agency.id):
        case = make_case()
    assert factories.client_of(member("CREDITOR_USER")).get(reverse("waiver-ask", args=[case.id])).status_code == 403
