"""A visit on a phone, in a real browser: one-handed, without a connection, and sent exactly once."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from agencies.scope import agency_scope
from cases.documents import content_of
from cases.models import Document
from field.models import Photo, Signature, Visit
from tests import factories
from tests import waiting as waiting_for
from tests.browser import CHROMIUM, DATABASES, LAPTOP, picture, serious_faults
from tests.visiting.conftest import NOW, SMALL, Trip
from tests.visiting.pictures import upload

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]
TARGETS = ", ".join(
    f".visit-form {one}"
    for one in (
        "button", "a", "summary", "select", ".big-button", ".photo-input > .btn",
        "input:not([type=radio], [type=checkbox], [type=hidden], [type=file])",
    )
)  # fmt: skip
SignIn = Callable[..., Page]


def opened(page: Page, trip: Trip) -> Page:
    page.goto(f"/field/stops/{trip.stop.id}/visit/")
    expect(page.locator("form[data-ready]")).to_be_visible()
    return page


def fill(page: Page) -> None:
    page.get_by_text("Met somebody else", exact=True).tap()
    page.get_by_text("Neighbour", exact=True).tap()
    page.get_by_text("In the mailbox", exact=True).tap()
    page.get_by_text("Business card handed over").tap()
    page.locator("[data-photos=RESIDENCE]").set_input_files(upload())
    page.locator("[data-photos=OBJECT]").set_input_files(upload("car.jpg", "#b5823a"))
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
    expect(phone.get_by_text("No address to visit")).to_be_visible()  # what was sent is not offered again


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


@pytest.mark.parametrize("pressed", [True, False])
def test_a_visit_is_sent_after_the_browser_was_closed_and_opened_again(
    chromium: Browser, live_server: Any, tmp_path: Path, trip: Trip, agency: factories.Agency,
    collector: factories.Membership, pressed: bool,
) -> None:  # fmt: skip
    """The connection was lost while the form was open; the phone was put away, and switched on again later."""
    session = factories.client_of(collector).cookies["sessionid"].value

    def phone_on() -> Page:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path=CHROMIUM, args=["--no-sandbox"], base_url=live_server.url, viewport=SMALL,
            has_touch=True, timezone_id="Europe/Chisinau", reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        return page

    page = opened(phone_on(), trip)
    page.context.set_offline(True)
    fill(page)
    if pressed:
        page.get_by_role("button", name="Send the visit").tap()
        expect(page.get_by_text("Kept on this phone.")).to_be_visible()
    else:
        waiting_for.until(lambda: "Third floor, blue door" in json.dumps(kept(page)[0]["fields"]))
    page.context.close()
    assert visits(agency) == []

    page = phone_on()
    try:
        page.goto("/field/stops/")
        if not pressed:
            expect(page.get_by_text("Draft on this phone")).to_be_visible()
            opened(page, trip)
            expect(page.locator("[data-thumbs] li")).to_have_count(2)
            page.get_by_role("button", name="Send the visit").tap()
            expect(page.get_by_role("heading", name="What was found")).to_be_visible()
        else:
            expect(page.get_by_text("No address to visit")).to_be_visible()
        waiting_for.until(lambda: kept(page) == [])
        assert [one.note for one in visits(agency)] == ["Third floor, blue door"]
        assert photos_of(agency) == ["OBJECT", "RESIDENCE"]
    finally:
        page.context.close()


def test_a_phone_without_room_says_so_and_keeps_the_form(phone: Page, trip: Trip, agency: factories.Agency) -> None:
    opened(phone, trip)
    fill(phone)
    phone.evaluate(
        """() => { IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); }; }"""
    )
    phone.get_by_role("button", name="Send the visit").tap()
    expect(phone.get_by_role("alert").filter(has_text="This phone has no room")).to_be_visible()
    expect(phone.get_by_label("Note")).to_have_value("Third floor, blue door")
    assert visits(agency) == []


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


def test_the_form_on_a_laptop(sign_in: SignIn, collector: factories.Membership, trip: Trip) -> None:
    page = sign_in(collector, viewport=LAPTOP, timezone_id="Europe/Chisinau")
    page.clock.set_fixed_time(NOW)
    opened(page, trip)
    page.get_by_text("Met the debtor", exact=True).click()
    expect(page.get_by_text("How did the talk end?")).to_be_visible()
    picture(page, "visit-form-1366")
    assert serious_faults(page) == []
