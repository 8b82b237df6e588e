"""The desk in a real browser: by keyboard alone, on a laptop and a phone, for everyone's eyes."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from agencies.scope import agency_scope
from cases.models import Case, Disposition, Note, Promise
from tests import factories
from tests.browser import DATABASES, PHONE, picture, serious_faults
from tests.desk.conftest import NOW

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]
SignIn = Callable[..., Page]
Queue = Callable[..., list[Case]]


@pytest.fixture
def desk(sign_in: SignIn, collector: factories.Membership, queue_of: Queue) -> Page:
    """A collector's desk with the first of three cases at hand."""
    queue_of(collector, 3)
    page = sign_in(collector)
    page.goto("/desk/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Vasile Ceban 1", level=1)).to_be_focused()
    return page


def name_of(page: Page) -> str:
    return page.locator("#case-title").inner_text()


def test_twenty_cases_are_worked_without_a_mouse(
    sign_in: SignIn, collector: factories.Membership, queue_of: Queue, agency: factories.Agency
) -> None:
    queue_of(collector, 20)
    page = sign_in(collector)
    page.add_init_script("addEventListener('mousedown', () => { window.mouse = true })")
    page.goto("/desk/")
    page.keyboard.press("n")
    for number in range(1, 21):
        expect(page.get_by_role("heading", name=f"Vasile Ceban {number}", level=1, exact=True)).to_be_focused()
        page.keyboard.press("c")
        expect(page.get_by_role("link", name="Dial")).to_be_focused()
        page.keyboard.press("4")
    expect(page.get_by_role("heading", name="Your queue is empty")).to_be_focused()

    assert page.evaluate("window.mouse") is None
    with agency_scope(agency.id):
        assert Disposition.objects.filter(code__code="NO_ANSWER").count() == 20


def test_the_title_names_the_case(desk: Page) -> None:
    assert "Vasile Ceban 1" in desk.title()


def test_one_screen_of_a_laptop_holds_the_desk(desk: Page) -> None:
    picture(desk, "desk")
    assert desk.evaluate("document.documentElement.scrollHeight <= innerHeight")
    for part in ("Vasile Ceban 1", "Contact limits", "Script", "Result", "Queue"):
        expect(desk.get_by_role("heading", name=part).first).to_be_in_viewport()
    expect(desk.get_by_role("button", name="Worked without contact")).to_be_in_viewport()


def test_leaving_without_a_result_is_refused_in_words(desk: Page) -> None:
    desk.keyboard.press("n")

    expect(desk.get_by_role("alert")).to_contain_text("First record a result for Vasile Ceban 1")


def test_a_promise_is_taken_by_keys_with_its_limits_in_sight(desk: Page, agency: factories.Agency) -> None:
    """S004-18."""
    desk.keyboard.press("c")
    expect(desk.get_by_role("link", name="Dial")).to_be_focused()
    desk.keyboard.press("t")
    expect(desk.get_by_text("Up to 7 days")).to_be_visible()
    expect(desk.get_by_label("Amount").first).to_be_focused()
    desk.keyboard.type("250")
    desk.get_by_label("By", exact=True).fill("2026-11-28")
    desk.locator("#promise-reason").select_option("FORGOT")
    desk.get_by_label("Amount").first.press("Enter")

    expect(desk.get_by_role("heading", name="Vasile Ceban 2", level=1)).to_be_focused()
    with agency_scope(agency.id):
        assert str(Promise.objects.get().amount) == "250.00"


def test_a_promise_too_far_turns_into_a_question_for_approval(desk: Page) -> None:
    desk.keyboard.press("t")
    desk.get_by_label("By", exact=True).fill("2026-12-10")

    expect(desk.get_by_role("button", name="Ask for approval")).to_be_visible()


def test_a_result_that_asks_why_takes_the_answer_by_key(desk: Page, agency: factories.Agency) -> None:
    """S003-07."""
    desk.keyboard.press("c")
    expect(desk.get_by_role("link", name="Dial")).to_be_focused()
    desk.keyboard.press("8")
    expect(desk.get_by_role("heading", name="Why was it not paid?")).to_be_visible()
    desk.keyboard.press("2")

    expect(desk.get_by_role("heading", name="Vasile Ceban 2", level=1)).to_be_focused()
    with agency_scope(agency.id):
        assert Disposition.objects.get().reason == "INCOME_LOST"


def test_undo_brings_the_case_back(desk: Page, agency: factories.Agency) -> None:
    desk.keyboard.press("0")
    expect(desk.get_by_role("heading", name="Vasile Ceban 2", level=1)).to_be_focused()
    desk.keyboard.press("u")

    expect(desk.get_by_role("heading", name="Vasile Ceban 1", level=1)).to_be_focused()
    with agency_scope(agency.id):
        assert Disposition.objects.get().undone_at


def test_the_toast_says_what_was_recorded_and_offers_to_take_it_back(desk: Page) -> None:
    desk.keyboard.press("0")
    toast = desk.get_by_role("status").filter(has_text="Worked without contact recorded for Vasile Ceban 1")

    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    expect(desk.get_by_role("heading", name="Vasile Ceban 1", level=1)).to_be_focused()


def test_a_note_is_written_and_kept_by_keys(desk: Page, agency: factories.Agency) -> None:
    desk.keyboard.press("o")
    desk.keyboard.type("No pay day before Friday")
    desk.keyboard.press("Control+Enter")

    expect(desk.get_by_role("status").filter(has_text="The note is kept.")).to_be_visible()
    with agency_scope(agency.id):
        assert Note.objects.get().text == "No pay day before Friday"


def test_what_was_typed_outlives_a_reload(desk: Page) -> None:
    desk.keyboard.press("o")
    desk.keyboard.type("Half a sentence")
    desk.reload()

    expect(desk.locator("#note")).to_have_value("Half a sentence")


def test_keys_rest_while_someone_types(desk: Page) -> None:
    desk.keyboard.press("o")
    desk.keyboard.type("n0")

    assert name_of(desk) == "Vasile Ceban 1"
    desk.keyboard.press("Escape")
    expect(desk.locator("#case-title")).to_be_focused()


def test_the_queue_is_walked_with_j_and_opened_with_enter(desk: Page) -> None:
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")

    expect(desk.get_by_role("heading", name="Vasile Ceban 2", level=1)).to_be_focused()
    expect(desk.get_by_text("Without a result: Vasile Ceban 1")).to_be_visible()


def test_sums_are_covered_in_a_call_until_the_debtor_is_known(desk: Page) -> None:
    """S001-11, S004-22, S004-71, S004-74."""
    desk.keyboard.press("c")
    expect(desk.get_by_role("link", name="Dial")).to_be_focused()
    covered = "getComputedStyle(document.querySelector('.centre .amount')).color"
    assert desk.evaluate(covered) == "rgba(0, 0, 0, 0)"
    desk.keyboard.press("v")
    desk.keyboard.press("Space")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")

    assert desk.evaluate(covered) != "rgba(0, 0, 0, 0)"
    expect(desk.locator("#spoke-with")).to_have_value("HOLDER")
    expect(desk.get_by_text("Please ask Vasile Ceban 1 to call me back")).to_be_hidden()


def test_a_blocked_call_keeps_the_focus_and_says_why_and_until_when(desk: Page) -> None:
    with time_machine.travel(NOW + timedelta(hours=11), tick=True):
        desk.reload()
    desk.keyboard.press("c")

    blocked = desk.get_by_role("button", name="Call +373")
    expect(blocked).to_be_focused()
    expect(blocked).to_have_attribute("aria-disabled", "true")
    expect(desk.get_by_text("next allowed Wed 25 Nov 08:00 Europe/Chisinau").first).to_be_visible()


def test_the_palette_finds_a_case_and_an_action_with_a_slip(desk: Page, agency: factories.Agency) -> None:
    with agency_scope(agency.id):
        contract_no = Case.objects.get(debtor__name="Vasile Ceban 3").contract_no
    desk.keyboard.press("/")
    desk.keyboard.type(contract_no)
    expect(desk.get_by_role("option", name="Vasile Ceban")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Vasile Ceban 3", level=1)).to_be_focused()
    desk.keyboard.press("Control+k")
    desk.keyboard.type("proimse")
    expect(desk.get_by_role("dialog").get_by_role("option").first).to_contain_text("Promise")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Up to 7 days")).to_be_visible()


def test_help_shows_the_map_of_this_screen(desk: Page) -> None:
    desk.keyboard.press("?")

    dialog = desk.get_by_role("dialog", name="Keys of this page")
    for label in ("Next case", "No answer", "Script", "Check who is speaking"):
        expect(dialog.get_by_text(label, exact=True)).to_be_visible()


def test_own_keys_win_and_the_layer_can_be_switched_off(
    sign_in: SignIn, collector: factories.Membership, queue_of: Queue
) -> None:
    queue_of(collector, 1)
    collector.user.shortcuts = {"keys": {"next": "w"}}
    collector.user.save()
    page = sign_in(collector)
    page.goto("/desk/")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", name="Vasile Ceban 1", level=1)).to_be_focused()

    collector.user.shortcuts = {"off": True}
    collector.user.save()
    page.reload()
    page.keyboard.press("0")
    expect(page.get_by_role("heading", name="Vasile Ceban 1", level=1)).to_be_visible()


def test_without_script_the_forms_still_work(
    sign_in: SignIn, collector: factories.Membership, queue_of: Queue, agency: factories.Agency
) -> None:
    queue_of(collector, 2)
    page = sign_in(collector, java_script_enabled=False)
    page.goto("/desk/")
    page.get_by_role("button", name="Next case").last.click()
    page.get_by_role("button", name="Call +373").click()
    expect(page.get_by_role("link", name="Dial")).to_be_visible()
    page.get_by_role("button", name="No answer").click()

    expect(page.get_by_role("heading", name="Vasile Ceban 2", level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_people_out(
    scheme: str, sign_in: SignIn, fresh_page: Callable[..., Page], collector: factories.Membership, queue_of: Queue
) -> None:
    case = queue_of(collector, 3)[0]
    page = sign_in(collector, color_scheme=scheme)
    faults: dict[str, Any] = {}
    for address in ("/desk/", f"/cases/{case.id}/", "/styleguide/", "/cases/find/?q=vasile"):
        page.goto(address)
        faults[address] = serious_faults(page)
        picture(page, f"{scheme}{address.replace('/', '_').partition('?')[0]}")
    page.goto(f"/cases/{case.id}/")
    page.keyboard.press(".")
    faults["special states"] = serious_faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    faults["palette"] = serious_faults(page)
    stranger = fresh_page(color_scheme=scheme)
    stranger.goto("/accounts/login/")
    faults["login"] = serious_faults(stranger)

    assert {where: found for where, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_everything_in_one_column(
    width: int, sign_in: SignIn, collector: factories.Membership, queue_of: Queue
) -> None:
    case = queue_of(collector, 3)[0]
    page = sign_in(collector, viewport={"width": width, "height": PHONE["height"]}, has_touch=True)
    for address in (f"/cases/{case.id}/", "/desk/", "/styleguide/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto(f"/cases/{case.id}/")
    box = page.get_by_role("button", name="Call +373").bounding_box()
    picture(page, f"phone-{width}")
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] > width * 0.7


def test_targets_are_large_enough(desk: Page) -> None:
    small = desk.evaluate("""() => [...document.querySelectorAll('button, a[href], summary, input, select')]
        .filter((e) => e.checkVisibility())
        .filter((e) => !e.matches('.visually-hidden, .skip, [type=checkbox], [type=radio], p a, li a'))
        .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)""")

    assert small == []


def test_a_key_is_seen_to_work_at_once_and_the_next_case_comes_soon(desk: Page) -> None:
    desk.keyboard.press("t")
    started = time.perf_counter()
    desk.keyboard.press("Escape")
    assert time.perf_counter() - started < 1
    with desk.expect_response("**/result/") as answer:
        desk.keyboard.press("0")
    timing = answer.value.request.timing
    assert answer.value.status == 200
    assert timing["responseStart"] - timing["requestStart"] < 1500


def test_a_case_prints_on_two_sheets(desk: Page, tmp_path: Any) -> None:
    desk.emulate_media(media="print")
    desk.pdf(path=str(tmp_path / "case.pdf"), format="A4")
    sheets = PdfReader(str(tmp_path / "case.pdf"))
    assert len(sheets.pages) <= 2
    assert "Vasile Ceban 1" in sheets.pages[0].extract_text()
