"""Arguments climb step by step; the step that was reached is kept, and the next call goes on from there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from agencies.scope import agency_scope
from audit.models import Event
from cases import arguments, desk_words
from cases.models import Case, DeskWord, Disposition, DispositionCode, Party
from tests import factories
from tests.desk.conftest import NOW

pytestmark = pytest.mark.django_db
Codes = Callable[[str], DispositionCode]
Member = Callable[..., factories.Membership]
IN_ORDER = ["HISTORY", "PENALTY", "BUREAU", "INSOLVENCY", "LEGAL", "GUARANTOR"]


@pytest.fixture
def coordinator(member: Member) -> factories.Membership:
    return member("COORDINATOR")


@pytest.fixture
def office(coordinator: factories.Membership) -> Client:
    return factories.client_of(coordinator)


def refuse(browser: Client, case: Case, code_of: Codes, **more: Any) -> Any:
    said = {"code": code_of("REFUSES").id, "direction": "IN", "reason": "UNWILLING"}
    return browser.post(f"/cases/{case.id}/result/", said | more)


def script(browser: Client, case: Case) -> str:
    return str(browser.get(f"/cases/{case.id}/").content.decode())


def codes(agency: factories.Agency) -> list[str]:
    with agency_scope(agency.id):
        return [step.code for step in arguments.ladder(arguments.all_words())]


def test_every_agency_starts_with_the_steps_of_the_procedure(agency: factories.Agency) -> None:
    """S004-19."""
    assert codes(agency) == IN_ORDER


def test_the_step_that_was_reached_is_kept_and_shown_to_the_next_caller(
    browser: Client, case: Case, code_of: Codes
) -> None:
    """S004-19."""
    refuse(browser, case, code_of, argument="BUREAU")

    with agency_scope(case.agency_id):
        assert Disposition.objects.get().argument == "BUREAU"
    page = script(browser, case)
    assert "Last reached: 3 record at the credit bureau" in page
    assert page.index("3 record at the credit bureau</span>") < page.index("go on here") < page.index("legal pursuit")


def test_the_newest_talk_counts_and_one_taken_back_does_not(browser: Client, case: Case, code_of: Codes) -> None:
    refuse(browser, case, code_of, argument="HISTORY")
    refuse(browser, case, code_of, argument="LEGAL")
    with agency_scope(case.agency_id):
        last = Disposition.objects.order_by("-id").first()
    assert last is not None
    assert "Last reached: 5" in script(browser, case)

    browser.post(f"/desk/results/{last.id}/undo/")

    assert "Last reached: 1" in script(browser, case)


def test_a_result_without_a_talk_climbs_no_ladder(browser: Client, case: Case, code_of: Codes) -> None:
    browser.post(f"/cases/{case.id}/result/", {"code": code_of("NO_CONTACT").id, "argument": "LEGAL"})

    with agency_scope(case.agency_id):
        assert Disposition.objects.get().argument == ""


def test_a_step_nobody_knows_is_not_kept(browser: Client, case: Case, code_of: Codes) -> None:
    refuse(browser, case, code_of, argument="THREATEN")

    with agency_scope(case.agency_id):
        assert Disposition.objects.get().argument == ""


def test_a_guarantor_is_spoken_of_only_where_there_is_one(browser: Client, case: Case) -> None:
    assert "whoever signed with you" not in script(browser, case)

    with agency_scope(case.agency_id):
        Party.objects.create(case=case, person=factories.make_debtor(), role="GUARANTOR")

    assert "whoever signed with you" in script(browser, case)


def test_the_debtor_hears_the_arguments_in_their_language(
    browser: Client, case: Case, coordinator: factories.Membership
) -> None:
    texts = {"ro": "Plata de azi oprește penalitățile.", "en": "A payment today stops the penalties."}
    with agency_scope(case.agency_id):
        desk_words.keep_argument("PENALTY", label="", texts=texts, by=coordinator, now=NOW)
        case.debtor.language = "ro"
        case.debtor.save(update_fields=["language"])

    page = script(browser, case)

    assert texts["ro"] in page
    assert texts["en"] not in page


def test_where_the_agency_wrote_nothing_the_product_s_words_stand(
    coordinator: factories.Membership, agency: factories.Agency
) -> None:
    with agency_scope(agency.id), translation.override("en"):
        desk_words.keep_argument("PENALTY", label="", texts={"ro": "Dobânda crește."}, by=coordinator, now=NOW)
        step = next(one for one in arguments.ladder(arguments.all_words()) if one.code == "PENALTY")
        assert step.spoken("ro") == "Dobânda crește."
        assert "Penalty interest grows" in step.spoken("it")


def test_a_refusal_ends_with_what_was_spoken_of_in_a_friendly_tone(browser: Client, case: Case) -> None:
    """S004-67."""
    page = script(browser, case)

    assert "If they refuse:" in page
    closing = page[page.index("If they refuse:") :]
    for part in ("Let me repeat what we spoke of", "1,000.00", case.contract_no, "gladly", "Thank you for the talk"):
        assert part in closing


def test_the_page_shows_the_ladder_and_takes_the_agency_s_words(office: Client, agency: factories.Agency) -> None:
    """S004-19."""
    office.post("/desk/words/argument/?step=BUREAU", {"label": "credit register", "text_ro": "Registrul reține."})

    page = office.get("/desk/words/").content.decode()
    assert "credit register" in page
    assert "Own words" in page
    with agency_scope(agency.id):
        assert DeskWord.objects.get(code="BUREAU").texts == {"ro": "Registrul reține."}
        assert Event.objects.filter(kind="agency.desk_word_kept").count() == 1


def test_an_agency_adds_a_step_and_puts_it_where_it_belongs(office: Client, agency: factories.Agency) -> None:
    office.post("/desk/words/argument/", {"label": "a part is enough", "text_en": "A part today is enough."})
    assert codes(agency) == [*IN_ORDER, "STEP_1"]

    office.post("/desk/words/argument/move/", {"word": "STEP_1", "up": "1"})

    assert codes(agency) == [*IN_ORDER[:5], "STEP_1", "GUARANTOR"]


def test_a_step_without_words_is_refused_and_the_form_keeps_what_was_typed(office: Client) -> None:
    response = office.post("/desk/words/argument/", {"label": "a part is enough"})

    assert response.status_code == 422
    assert "write what is said, in one language at least" in response.content.decode()
    assert 'value="a part is enough"' in response.content.decode()


def test_a_retired_step_is_not_said_and_what_was_reached_with_it_stays(
    office: Client, browser: Client, case: Case, code_of: Codes, agency: factories.Agency
) -> None:
    refuse(browser, case, code_of, argument="INSOLVENCY")

    office.post("/desk/words/use/", {"kind": "ARGUMENT", "word": "INSOLVENCY", "retire": "1"})

    assert "INSOLVENCY" not in codes(agency)
    with agency_scope(agency.id):
        assert Disposition.objects.get().argument == "INSOLVENCY"
    office.post("/desk/words/use/", {"kind": "ARGUMENT", "word": "INSOLVENCY", "again": "1"})
    assert codes(agency) == IN_ORDER


def test_the_first_step_does_not_go_higher(office: Client, agency: factories.Agency) -> None:
    office.post("/desk/words/argument/move/", {"word": "HISTORY", "up": "1"})

    assert codes(agency) == IN_ORDER


def test_collectors_say_the_words_and_do_not_change_them(browser: Client) -> None:
    assert browser.get("/desk/words/").status_code == 403
    assert browser.post("/desk/words/argument/", {"label": "x", "text_en": "y"}).status_code == 403


def test_an_administrator_may_change_them(member: Member) -> None:
    assert factories.client_of(member("AGENCY_ADMINISTRATOR")).get("/desk/words/").status_code == 200


def test_the_words_of_another_agency_are_not_seen(
    office: Client, other_agency: factories.Agency, agency: factories.Agency
) -> None:
    with agency_scope(other_agency.id):
        DeskWord.objects.create(kind="ARGUMENT", code="STEP_1", label="next door", texts={"en": "Next door."})

    assert "next door" not in office.get("/desk/words/").content.decode()
    assert office.get("/desk/words/argument/?step=STEP_1").status_code == 404
    assert office.post("/desk/words/use/", {"kind": "ARGUMENT", "word": "STEP_1"}).status_code == 404
