"""A visit on a phone, in a real browser: one-handed, without a connection, and sent exactly once."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from agencies.scope import agency_scope
from cases import transitions
from cases.documents import content_of
from cases.models import Document
from field import objects, reporting
from field.models import FinancedObject, Photo, Signature, Visit
from tests import factories
from tests import waiting as waiting_for
from tests.browser import DATABASES, LAPTOP, PHONE, picture, serious_faults
from tests.visiting import pictures
from tests.visiting.conftest import NOW, Trip

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]
TARGETS = ", ".join(
    f".visit-form {one}"
    for one in (
        "button", "a", "summary", "select", ".big-button", ".photo-input > .btn",
        "input:not([type=radio], [type=checkbox], [type=hidden], [type=file])",
    )
)  # fmt: skip
SMALL = {"width": 360, "height": 740}
SignIn = Callable[..., Page]


@pytest.fixture
def phone(sign_in: SignIn, collector: factories.Membership) -> Page:
    page = sign_in(
        collector, viewport=SMALL, timezone_id="Europe/Chisinau", has_touch=True, permissions=["geolocation"],
        geolocation={"latitude": 47.025, "longitude": 28.85833, "accuracy": 9},
    )  # fmt: skip
    page.clock.set_fixed_time(NOW)
    return page


def opened(page: Page, trip: Trip) -> Page:
    page.goto(f"/field/stops/{trip.stop.id}/visit/")
    expect(page.locator("form[data-ready]")).to_be_visible()
    return page


def photo(name: str = "door.jpg", colour: str = "#3a72b5") -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": pictures.jpeg(size=(1200, 900), colour=colour)}


def fill(page: Page) -> None:
    page.get_by_text("Met somebody else", exact=True).tap()
    page.get_by_text("Neighbour", exact=True).tap()
    page.get_by_text("In the mailbox", exact=True).tap()
    page.get_by_text("Business card handed over").tap()
    page.locator("[data-photos=RESIDENCE]").set_input_files(photo())
    page.locator("[data-photos=OBJECT]").set_input_files(photo("car.jpg", "#b5823a"))
    expect(page.locator("[data-thumbs] li")).to_have_count(2)
    page.get_by_label("Note").fill("Third floor, blue door")


def visits(agency: factories.Agency) -> list[Visit]:
    with agency_scope(agency.id):
        return list(Visit.objects.order_by("id"))


def photos_of(agency: factories.Agency) -> list[str]:
    with agency_scope(agency.id):
        return sorted(Photo.objects.values_list("kind", flat=True))


def kept(page: Page) -> list[dict[str, Any]]:
    """Drafts in the phone's database, without the photos themselves."""
    return page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open("visits", 1);
        asked.onsuccess = () => { const all = asked.result.transaction("drafts").objectStore("drafts").getAll();
        all.onsuccess = () => done(all.result.map(({ fields }) => ({ fields }))); }; })"""
    )


def test_a_visit_with_photos_place_and_signature(
    phone: Page, trip: Trip, agency: factories.Agency, collector: factories.Membership
) -> None:
    """S003-12, S003-15, S004-34."""
    opened(phone, trip)
    picture(phone, "visit-form-360-start")
    fill(phone)
    phone.get_by_role("button", name="Add my position").tap()
    expect(phone.get_by_text("The position is added")).to_be_visible()
    phone.locator("summary", has_text="Signature").tap()
    phone.get_by_label("Name of the person who signs").fill("Ana Rusu")
    pad = phone.locator("[data-pad]")
    pad.evaluate("(pad) => pad.scrollIntoView({block: 'center'})")
    box = pad.bounding_box()
    assert box
    phone.mouse.move(box["x"] + 30, box["y"] + 60)
    phone.mouse.down()
    for step in range(1, 9):
        phone.mouse.move(box["x"] + 30 + step * 28, box["y"] + (30 if step % 2 else 90))
    phone.mouse.up()
    picture(phone, "visit-form-360-filled")
    assert serious_faults(phone) == []
    phone.get_by_role("button", name="Send the visit").tap()

    expect(phone.get_by_role("heading", name="What was found")).to_be_visible()
    picture(phone, "visit-360")
    [visit] = visits(agency)
    assert (visit.outcome, visit.relation, visit.letter) == ("MET_OTHER", "NEIGHBOUR", "MAILBOX")
    assert (visit.started_at, str(visit.latitude), visit.accuracy_m) == (NOW, "47.02500", 9)
    assert photos_of(agency) == ["OBJECT", "RESIDENCE"]
    with agency_scope(agency.id):
        assert Signature.objects.get(visit=visit).signer == "Ana Rusu"
    assert kept(phone) == []


def test_everything_can_be_hit_with_a_thumb(phone: Page, trip: Trip) -> None:
    opened(phone, trip)
    phone.get_by_text("Met the debtor", exact=True).tap()
    small = phone.evaluate(
        """([targets, least]) => [...document.querySelectorAll(targets)]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < least)
        .map((one) => one.outerHTML.slice(0, 80))""",
        [TARGETS, 44],
    )
    assert small == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_connection_nothing_is_lost_and_it_is_sent_once(
    phone: Page, trip: Trip, agency: factories.Agency
) -> None:
    opened(phone, trip)
    phone.context.set_offline(True)
    fill(phone)
    phone.get_by_role("button", name="Send the visit").tap()
    expect(phone.get_by_text("Kept on this phone.")).to_be_visible()
    expect(phone.get_by_text("Not sent yet: 1")).to_be_visible()
    picture(phone, "visit-offline-360")
    assert visits(agency) == []

    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="What was found")).to_be_visible()
    assert len(visits(agency)) == 1
    assert photos_of(agency) == ["OBJECT", "RESIDENCE"]
    assert kept(phone) == []


def test_the_list_shows_what_waits_and_sends_it_by_a_button(phone: Page, trip: Trip, agency: factories.Agency) -> None:
    opened(phone, trip)
    phone.route("**/visit/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    fill(phone)
    phone.get_by_role("button", name="Send the visit").tap()
    expect(phone.get_by_text("Kept on this phone.")).to_be_visible()
    phone.goto("/field/stops/")
    expect(phone.get_by_text("Not sent yet: 1")).to_be_visible()
    picture(phone, "stops-unsent-360")
    phone.unroute("**/visit/")
    phone.get_by_role("button", name="Send now").tap()

    expect(phone.get_by_text("Not sent yet")).to_be_hidden()
    assert len(visits(agency)) == 1


def test_an_answer_that_got_lost_makes_no_second_visit(phone: Page, trip: Trip, agency: factories.Agency) -> None:
    """The server took the visit, the phone never heard of it, and sends it again."""
    opened(phone, trip)
    lost = []

    def answer(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    phone.route("**/visit/", answer)
    fill(phone)
    phone.get_by_role("button", name="Send the visit").tap()
    expect(phone.get_by_text("Not sent yet: 1")).to_be_visible()
    assert lost == [200]
    assert len(visits(agency)) == 1
    phone.get_by_role("button", name="Send now").tap()

    expect(phone.get_by_text("Not sent yet")).to_be_hidden()
    assert len(visits(agency)) == 1
    assert photos_of(agency) == ["OBJECT", "RESIDENCE"]


def test_a_half_filled_form_is_there_again(phone: Page, trip: Trip) -> None:
    opened(phone, trip)
    fill(phone)
    waiting_for.until(lambda: "Third floor, blue door" in json.dumps(kept(phone)[0]["fields"]))
    phone.goto("/field/stops/")
    expect(phone.get_by_text("Draft on this phone")).to_be_visible()
    opened(phone, trip)

    expect(phone.get_by_label("Neighbour")).to_be_checked()
    expect(phone.get_by_label("Note")).to_have_value("Third floor, blue door")
    expect(phone.locator("[data-thumbs] li")).to_have_count(2)


def test_a_refusal_of_the_gate_keeps_the_draft_and_a_visit_that_was_made(
    phone: Page, trip: Trip, agency: factories.Agency, collector: factories.Membership
) -> None:
    from cases import holds

    opened(phone, trip)
    with agency_scope(agency.id):
        holds.place(trip.case, reason="DISPUTE", by=collector, as_of=NOW.date())
    fill(phone)
    phone.get_by_role("button", name="Send the visit").tap()

    expect(phone.get_by_role("alert").filter(has_text="disputes the debt")).to_be_visible()
    assert visits(agency) == []
    assert len(kept(phone)) == 1

    picture(phone, "visit-form-360-refused")
    phone.get_by_text("The visit was made all the same").tap()
    phone.get_by_role("button", name="Send the visit").tap()
    expect(phone.get_by_text("Kept all the same, as a contact without permit")).to_be_visible()
    picture(phone, "visit-360-kept")
    assert photos_of(agency) == ["OBJECT", "RESIDENCE"]
    assert kept(phone) == []


def test_a_photo_the_server_does_not_take_stays_on_the_phone_with_the_reason(
    phone: Page, trip: Trip, agency: factories.Agency
) -> None:
    opened(phone, trip)
    fill(phone)
    odd = {"name": "odd.gif", "mimeType": "image/gif", "buffer": b"GIF89a"}
    phone.locator("[data-photos=OTHER]").set_input_files(odd)
    expect(phone.locator("[data-thumbs] li")).to_have_count(3)
    phone.get_by_role("button", name="Send the visit").tap()

    expect(phone.get_by_role("heading", name="What was found")).to_be_visible()
    expect(phone.get_by_text("Not sent yet: 1")).to_be_visible()
    expect(phone.get_by_text("odd.gif: This is not a photo that can be kept.")).to_be_visible()
    assert photos_of(agency) == ["OBJECT", "RESIDENCE"]
    phone.once("dialog", lambda dialog: dialog.accept())
    phone.get_by_role("button", name="Delete").tap()
    expect(phone.get_by_text("Not sent yet")).to_be_hidden()
    assert kept(phone) == []


def test_a_coordinator_reads_the_visit_on_a_laptop(
    phone: Page, trip: Trip, agency: factories.Agency, sign_in: SignIn, member: Callable[..., factories.Membership]
) -> None:
    opened(phone, trip)
    fill(phone)
    phone.get_by_role("button", name="Send the visit").tap()
    expect(phone.get_by_role("heading", name="What was found")).to_be_visible()
    page = sign_in(member("COORDINATOR"), viewport=LAPTOP)
    page.goto(f"/cases/{trip.case.id}/")
    panel = page.locator(".field-panel")
    panel.scroll_into_view_if_needed()
    expect(panel.get_by_text("1 negative visit")).to_be_visible()
    expect(panel.locator("img").first).to_be_visible()
    assert panel.locator("img").first.evaluate("(image) => image.complete && image.naturalWidth > 0")
    picture(page, "case-panel-1366")
    panel.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("button", name="Make the visit protocol").click()
    expect(page.get_by_role("link", name="Visit protocol")).to_be_visible()
    picture(page, "visit-1366")
    with agency_scope(agency.id):
        document = Document.objects.get(kind="VISIT_PROTOCOL")
        assert len(PdfReader(io.BytesIO(content_of(document))).pages) >= 1


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
    phone.get_by_label("Photos of the financed object").set_input_files([photo(), photo("car.jpg", "#b5823a")])
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
    assert photos_of(agency) == ["OBJECT", "OBJECT"]
    with agency_scope(agency.id):
        assert FinancedObject.objects.get(id=found.id).state == "FOUND"


def test_the_form_on_a_laptop(sign_in: SignIn, collector: factories.Membership, trip: Trip) -> None:
    page = sign_in(collector, viewport=LAPTOP, timezone_id="Europe/Chisinau")
    page.clock.set_fixed_time(NOW)
    opened(page, trip)
    page.get_by_text("Met the debtor", exact=True).click()
    expect(page.get_by_text("How did the talk end?")).to_be_visible()
    picture(page, "visit-form-1366")
    assert serious_faults(page) == []


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
