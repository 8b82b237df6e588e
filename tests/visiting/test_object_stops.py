"""What stops the work with a financed object: a payment, a dispute, the end of the case, and a stale answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.scope import agency_scope
from audit.models import Event
from cases import holds, money, transitions
from cases.models import Approval, Case
from field import going, objects
from field.models import FinancedObject, ObjectStep
from tests import factories
from tests.visiting.conftest import NOW
from tests.visiting.test_objects import answer, boot, creditor, found, scope

pytestmark = pytest.mark.django_db
Member = Callable[..., factories.Membership]
__all__ = ["creditor", "found", "scope"]

LATER = NOW + timedelta(hours=1, minutes=30)
"""After the creditor's yes, before the boot is put on."""


def pay(case: Case, amount: int = 50, *, at: datetime = LATER) -> None:
    fresh = Case.objects.select_related("account", "mandate", "agency").get(id=case.id)
    money.take_payment(fresh, amount=Decimal(amount), received_on=factories.TODAY, by=None, now=at)


@pytest.fixture
def approved(scope: Any, found: FinancedObject, creditor: factories.Membership, collector: Any) -> FinancedObject:
    answer(objects.ask_for_boot(found, by=collector, now=NOW), grant=True, by=creditor)
    return found


def state(found: FinancedObject) -> str:
    return str(FinancedObject.objects.get(id=found.id).state)


def test_a_part_payment_after_the_yes_stops_the_boot_until_the_coordinator_looked(
    approved: FinancedObject, collector: factories.Membership
) -> None:
    """S002-11, S003-11."""
    pay(approved.case)

    with pytest.raises(going.StepHalted, match=r"payment of 50\.00"):
        boot(approved, by=collector)
    assert state(approved) == "FOUND"
    going.go_on(approved.case, by=collector, now=LATER)
    boot(approved, by=collector)
    assert state(approved) == "BOOTED"
    assert Event.objects.filter(kind="field.went_on", case_id=approved.case_id).count() == 1


def test_a_dispute_after_the_yes_stops_the_boot_until_it_is_lifted(
    approved: FinancedObject, collector: factories.Membership
) -> None:
    """S002-11, S003-11."""
    hold = holds.place(approved.case, reason="DISPUTE", by=collector, as_of=factories.TODAY)

    with pytest.raises(going.StepHalted, match="a hold is open"):
        boot(approved, by=collector)
    with pytest.raises(going.NothingStopped):
        going.go_on(approved.case, by=collector, now=LATER)
    holds.lift(hold, by=collector, now=LATER)
    boot(approved, by=collector)


def test_a_closed_case_takes_no_step_against_the_holder_and_releases_the_object(
    approved: FinancedObject, collector: factories.Membership, member: Member
) -> None:
    boot(approved, by=collector)
    transitions.close(
        Case.objects.get(id=approved.case_id), reason="RECALLED", by=member("MANAGER"), as_of=factories.TODAY
    )

    with pytest.raises(going.StepHalted, match="the case is closed"):
        objects.take_step(approved, "SECURED", by=collector, now=LATER)
    done = objects.take_step(approved, "RELEASED", by=collector, now=LATER, language="en")
    assert done.protocol.title == "Protocol of release"
    assert not objects.has_boot(approved)
    closed = Case.objects.get(id=approved.case_id)
    with pytest.raises(objects.CaseIsClosed):
        objects.register(closed, description="Trailer", by=collector, now=LATER)


def test_no_boot_is_asked_for_and_nothing_is_taken_away_after_a_payment(
    scope: Any, found: FinancedObject, collector: factories.Membership
) -> None:
    pay(found.case)

    with pytest.raises(going.StepHalted):
        objects.ask_for_boot(found, by=collector, now=LATER)
    with pytest.raises(going.StepHalted):
        objects.take_step(found, "SECURED", note="Handed over by the wife", by=collector, now=LATER)
    going.go_on(found.case, by=collector, now=LATER)
    objects.take_step(found, "SECURED", note="Handed over by the wife", by=collector, now=LATER)
    pay(found.case, 9, at=LATER + timedelta(minutes=2))
    with pytest.raises(going.StepHalted, match=r"payment of 9\.00"):
        objects.take_step(found, "TRANSPORTED", by=collector, now=LATER + timedelta(minutes=3))


@pytest.mark.parametrize("gone", ["NOT_FOUND", "REFUSED"])
def test_a_yes_for_a_boot_does_not_outlive_the_object_s_place(
    approved: FinancedObject, collector: factories.Membership, creditor: factories.Membership, gone: str
) -> None:
    """S003-11: what was approved is this boot, there and then."""
    objects.take_step(approved, gone, by=collector, now=LATER)
    objects.take_step(approved, "FOUND", by=collector, now=LATER)

    with pytest.raises(objects.BootNotApproved):
        boot(approved, by=collector)
    assert ObjectStep.objects.get(step="BOOTED").state == "LAPSED"
    answer(objects.ask_for_boot(approved, by=collector, now=LATER), grant=True, by=creditor)
    boot(approved, by=collector)
    assert state(approved) == "BOOTED"


def test_a_request_that_still_waits_leaves_the_creditor_s_inbox_when_the_object_is_gone(
    scope: Any, found: FinancedObject, collector: factories.Membership
) -> None:
    objects.ask_for_boot(found, by=collector, now=NOW)
    objects.take_step(found, "NOT_FOUND", by=collector, now=LATER)

    assert Approval.objects.get(kind="BOOT").state == "WITHDRAWN"


def test_after_a_refusal_nothing_is_seized_without_a_yes(
    scope: Any, found: FinancedObject, collector: factories.Membership
) -> None:
    """S003-11, S003-22."""
    objects.take_step(found, "REFUSED", by=collector, now=LATER)
    found.refresh_from_db()

    assert objects.possible(found) == ["FOUND"]
    with pytest.raises(objects.StepNotPossible):
        objects.take_step(found, "SECURED", note="Taken", by=collector, now=LATER)
    objects.take_step(found, "FOUND", by=collector, now=LATER)
    with pytest.raises(objects.GiverMissing):
        objects.take_step(found, "SECURED", by=collector, now=LATER)


def test_a_boot_that_is_on_lets_the_object_be_secured_or_released_after_a_refusal(
    approved: FinancedObject, collector: factories.Membership
) -> None:
    boot(approved, by=collector)
    objects.take_step(approved, "REFUSED", by=collector, now=NOW + timedelta(hours=3))
    approved.refresh_from_db()

    assert objects.possible(approved) == ["FOUND", "SECURED", "RELEASED"]
    objects.take_step(approved, "FOUND", by=collector, now=NOW + timedelta(hours=3))
    approved.refresh_from_db()
    assert not objects.may_ask_for_boot(approved)
    assert "RELEASED" in objects.possible(approved)
    objects.take_step(approved, "RELEASED", by=collector, now=NOW + timedelta(hours=4))
    assert not objects.has_boot(approved)


def test_the_page_says_why_nothing_is_done_and_lets_the_coordinator_go_on(
    found: FinancedObject, collector: factories.Membership, member: Member, agency: factories.Agency
) -> None:
    """S002-11."""
    with agency_scope(agency.id):
        pay(found.case, at=timezone.now())
    address = reverse("case-objects", args=[found.case_id])
    driver, coordinator = factories.client_of(collector), factories.client_of(member("COORDINATOR"))

    page = driver.get(address).content.decode()
    assert "a payment of 50.00 MDL was received" in page
    assert "The coordinator looks at the payment" in page
    assert 'value="ASK_BOOT"' not in page
    assert 'value="SECURED"' not in page
    refused = driver.post(reverse("object-step", args=[found.id]), {"step": "ASK_BOOT"}, follow=True)
    assert "Stopped: a payment" in refused.content.decode()
    go_on = reverse("field-go-on", args=[found.case_id])
    assert driver.post(go_on).status_code == 403

    assert go_on in coordinator.get(address).content.decode()
    coordinator.post(go_on, {"back": "objects"})
    assert 'value="ASK_BOOT"' in driver.get(address).content.decode()
