"""At the door the collector asks for what others must approve, and it goes where the wishes of desks go."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.scope import agency_scope
from cases.models import AgreedWay, Approval, Case, DispositionCode, Plan, Promise, Settlement
from debtors.models import ContactPoint
from field.models import Visit
from tests import factories
from tests.visiting.conftest import Trip
from tests.visiting.test_pages import JSON, filled, form_of

pytestmark = pytest.mark.django_db
Member = Callable[..., factories.Membership]


@pytest.fixture
def phone(collector: factories.Membership) -> Client:
    return factories.client_of(collector)


@pytest.fixture
def discounts(trip: Trip) -> Trip:
    """The mandate allows a tenth to be waived."""
    with agency_scope(trip.case.agency_id):
        trip.case.mandate.max_discount_percent = 10
        trip.case.mandate.save(update_fields=["max_discount_percent"])
    return trip


def met(trip: Trip, code: str = "CALL_BACK", **more: Any) -> dict[str, Any]:
    """The debtor was met; how the talk ended."""
    with agency_scope(trip.case.agency_id):
        result = DispositionCode.objects.get(code=code).id
    return filled(outcome="MET_DEBTOR", letter="NONE", result=result, reason="FORGOT", **more)


def test_a_promise_beyond_the_short_limit_waits_in_the_inbox(
    trip: Trip, phone: Client, member: Member, agency: factories.Agency
) -> None:
    sent = met(trip, "PROMISE", amount="12000", on="2026-12-15")
    page = phone.post(form_of(trip), sent, follow=True).content.decode()

    assert "Asked for" in page
    with agency_scope(agency.id):
        assert Promise.objects.get().state == "AWAITING_APPROVAL"
        assert Approval.objects.get().kind == "PROMISE"
    assert trip.case.contract_no in factories.client_of(member("COORDINATOR")).get("/approvals/").content.decode()


def test_the_form_says_how_far_ahead_may_be_promised(trip: Trip, phone: Client) -> None:
    page = phone.get(form_of(trip)).content.decode()

    assert "A promise is taken until Dec 1, 2026." in page
    assert "waits for approval" in page


def test_a_discount_asked_at_the_door_is_decided_as_from_a_desk(
    discounts: Trip, phone: Client, member: Member, agency: factories.Agency
) -> None:
    wish = {"ask-kind": "DISCOUNT", "ask-discount_percent": "10", "ask-pay_by": "2026-12-04"}
    phone.post(form_of(discounts), met(discounts) | wish)

    with agency_scope(agency.id):
        assert Settlement.objects.get().state == "AWAITING_APPROVAL"
        waiting = Approval.objects.get(kind="DISCOUNT")
    coordinator = factories.client_of(member("COORDINATOR"))
    coordinator.post(reverse("approval-decide", args=[waiting.id]), {"decide": "approve"})
    with agency_scope(agency.id):
        assert Settlement.objects.get().state == "OFFERED"


def test_a_plan_asked_at_the_door_waits_for_its_advance(trip: Trip, phone: Client, agency: factories.Agency) -> None:
    with agency_scope(agency.id):
        kind = factories.make_plan_format(trip.case.mandate)
    wish = {"ask-kind": "PLAN", "ask-format": kind.id, "ask-advance": "1000", "ask-advance_by": "2026-12-01"}
    phone.post(form_of(trip), met(trip) | wish)

    with agency_scope(agency.id):
        assert Plan.objects.get(case=trip.case).state == "ADVANCE_DUE"
        assert Case.objects.get(id=trip.case.id).next_action == "PROMISE_DUE"


def test_a_wish_the_mandate_refuses_leaves_nothing_and_keeps_the_form(
    discounts: Trip, phone: Client, agency: factories.Agency
) -> None:
    wish = {"ask-kind": "DISCOUNT", "ask-discount_percent": "40", "ask-pay_by": "2026-12-04"}
    response = phone.post(form_of(discounts), met(discounts, note="Wants to end it") | wish)

    assert response.status_code == 422
    assert "a discount of at most 10" in response.content.decode()
    assert "Wants to end it" in response.content.decode()
    with agency_scope(agency.id):
        assert not Visit.objects.exists()


def test_an_incomplete_wish_names_its_field_to_the_script(discounts: Trip, phone: Client) -> None:
    answer = phone.post(form_of(discounts), met(discounts) | {"ask-kind": "DISCOUNT"}, headers=JSON)

    assert [one["field"] for one in answer.json()["errors"]] == ["ask-discount_percent", "ask-pay_by"]


def test_what_the_mandate_does_not_know_is_not_offered(trip: Trip, phone: Client) -> None:
    assert "Ask for an approval" not in phone.get(form_of(trip)).content.decode()


def test_nothing_is_asked_for_when_the_debtor_was_not_met(
    discounts: Trip, phone: Client, agency: factories.Agency
) -> None:
    wish = {"ask-kind": "DISCOUNT", "ask-discount_percent": "10", "ask-pay_by": "2026-12-04"}
    phone.post(form_of(discounts), filled() | wish)

    with agency_scope(agency.id):
        assert Visit.objects.exists()
        assert not Settlement.objects.exists()


def test_the_way_of_paying_is_kept_with_the_promise(trip: Trip, phone: Client, agency: factories.Agency) -> None:
    """S004-20."""
    phone.post(form_of(trip), met(trip, "PROMISE", amount="12000", on="2026-11-28", way="BRANCH"))

    with agency_scope(agency.id):
        made = AgreedWay.objects.get(case=trip.case)
        assert (made.way, made.promise_id) == ("BRANCH", Promise.objects.get().id)


def test_at_the_door_the_holder_of_dead_numbers_is_asked_for_one(
    trip: Trip, phone: Client, agency: factories.Agency
) -> None:
    """S004-59."""
    with agency_scope(agency.id):
        ContactPoint.objects.filter(debtor_id=trip.case.debtor_id, kind="PHONE").update(validity="DISCONNECTED")
    assert "Every number of this person is dead" in phone.get(form_of(trip)).content.decode()

    assert phone.post(form_of(trip), met(trip)).status_code == 422
    phone.post(form_of(trip), met(trip, new_number="069 555 112"))

    with agency_scope(agency.id):
        assert ContactPoint.objects.get(value="+37369555112").source == "HOLDER_ASKED"


def test_the_case_on_the_phone_leads_to_plan_and_discount(discounts: Trip, phone: Client) -> None:
    page = phone.get(f"/cases/{discounts.case.id}/").content.decode()

    assert reverse("plan-request", args=[discounts.case.id]) in page
    assert reverse("settlement-offer", args=[discounts.case.id]) in page


def test_a_plan_format_of_another_agency_is_no_choice(
    trip: Trip, phone: Client, agency: factories.Agency, other_agency: factories.Agency
) -> None:
    with agency_scope(other_agency.id):
        foreign = factories.make_plan_format(factories.make_mandate())
    wish = {"ask-kind": "PLAN", "ask-format": foreign.id, "ask-advance": "1000", "ask-advance_by": "2026-12-01"}

    assert phone.post(form_of(trip), met(trip) | wish).status_code == 422
    with agency_scope(agency.id):
        assert not Plan.objects.exists()
        assert not Visit.objects.exists()
