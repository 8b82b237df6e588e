"""The financed object on a phone, and the final report at the creditor's, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from agencies.scope import agency_scope
from cases import transitions
from field import objects, reporting
from field.models import FinancedObject, Photo
from tests import factories
from tests.browser import DATABASES, LAPTOP, PHONE, picture, serious_faults
from tests.visiting.conftest import NOW, Trip
from tests.visiting.pictures import upload

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]
SignIn = Callable[..., Page]


def test_a_boot_is_asked_approved_by_the_creditor_and_put_on(
    phone: Page, trip: Trip, agency: factories.Agency, sign_in: SignIn, member: Callable[..., factories.Membership]
) -> None:
    """S003-11."""
    phone.goto(f"/field/cases/{trip.case.id}/objects/")
    phone.get_by_label("What is it").fill("Dacia Logan, grey")
    phone.get_by_label("Plate").fill("abc 123")
    phone.get_by_role("button", name="Register").tap()
    phone.get_by_role("button", name="Found", exact=True).tap()
    expect(phone.get_by_role("button", name="Immobilised with a boot")).to_have_count(0)
    phone.get_by_role("button", name="Ask the creditor for a boot").tap()
    expect(phone.get_by_text("Waits for the creditor")).to_be_visible()
    assert serious_faults(phone) == []
    picture(phone, "object-360")

    page = sign_in(member("CREDITOR_USER", creditor=trip.case.creditor), viewport=LAPTOP)
    page.goto("/creditor/approvals/")
    expect(page.get_by_text("Dacia Logan, grey")).to_be_visible()
    picture(page, "creditor-boot-1366")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()

    phone.reload()
    phone.get_by_role("button", name="Immobilised with a boot").tap()
    expect(phone.get_by_text("The step was recorded, and its protocol made.")).to_be_visible()
    expect(phone.get_by_role("link", name="Protocol")).to_have_count(2)
    with agency_scope(agency.id):
        assert FinancedObject.objects.get().state == "BOOTED"


def test_a_step_without_a_connection_keeps_its_form_and_its_photos(
    phone: Page, trip: Trip, agency: factories.Agency, collector: factories.Membership
) -> None:
    """S003-22."""
    with agency_scope(agency.id):
        found = objects.register(trip.case, description="Dacia Logan, grey", by=collector, now=NOW)
    phone.goto(f"/field/cases/{trip.case.id}/objects/")
    phone.get_by_label("Condition and remarks").fill("Scratched door")
    phone.get_by_label("Photos of the financed object").set_input_files([upload(), upload("car.jpg", "#b5823a")])
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Found", exact=True).tap()
    expect(phone.get_by_role("alert").filter(has_text="There is no connection.")).to_be_visible()
    picture(phone, "object-offline-360")

    phone.context.set_offline(False)
    phone.get_by_role("button", name="Found", exact=True).tap()
    expect(phone.get_by_text("The step was recorded, and its protocol made.")).to_be_visible()
    expect(phone.locator("figure img")).to_have_count(2)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious_faults(phone) == []
    picture(phone, "object-photos-360")
    with agency_scope(agency.id):
        assert FinancedObject.objects.get(id=found.id).state == "FOUND"
        assert list(Photo.objects.values_list("kind", flat=True)) == ["OBJECT", "OBJECT"]


def test_the_creditor_reads_the_final_report(
    sign_in: SignIn, trip: Trip, agency: factories.Agency, member: Callable[..., factories.Membership]
) -> None:
    """S003-13."""
    manager, creditor = member("MANAGER"), member("CREDITOR_USER", creditor=trip.case.creditor)
    with agency_scope(agency.id):
        transitions.close(trip.case, reason="RECALLED", by=manager, as_of=NOW.date())
        reporting.final_report(trip.case, by=None, now=NOW)
    page = sign_in(creditor, viewport=PHONE)
    page.goto(f"/creditor/cases/{trip.case.id}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Final report").click()
    assert download.value.suggested_filename == f"final-report-{trip.case.id}.pdf"
    assert serious_faults(page) == []
    picture(page, "creditor-final-report-390")
