"""An agency may add codes of suspicion of its own; they are retired, never deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agencies.scope import agency_scope
from audit.models import Event
from cases.models import Case, DeskWord, DispositionCode, Hold
from tests import factories

pytestmark = pytest.mark.django_db
Codes = Callable[[str], DispositionCode]
Member = Callable[..., factories.Membership]
OWN = "Papers of a dead relative"


@pytest.fixture
def office(member: Member) -> Client:
    return factories.client_of(member("COORDINATOR"))


@pytest.fixture
def own(office: Client, agency: factories.Agency) -> DeskWord:
    office.post("/desk/words/suspicions/", {"label": OWN})
    with agency_scope(agency.id):
        return DeskWord.objects.get(kind="SUSPICION")


def suspect(browser: Client, case: Case, code_of: Codes, detail: str) -> Any:
    said = {"code": code_of("FRAUD").id, "direction": "IN", "detail_code": detail}
    return browser.post(f"/cases/{case.id}/result/", said)


def test_a_code_of_the_agency_s_own_is_offered_and_kept(
    browser: Client, case: Case, code_of: Codes, own: DeskWord
) -> None:
    """S004-64."""
    page = browser.get(f"/cases/{case.id}/").content.decode()
    assert f'<option value="{own.code}">{OWN}</option>' in page

    assert suspect(browser, case, code_of, own.code).status_code == 302

    with agency_scope(case.agency_id):
        assert Hold.objects.get(case=case).detail_code == own.code
    assert f"Suspected fraud</b> ({OWN})" in browser.get(f"/cases/{case.id}/").content.decode()


def test_a_retired_code_is_not_offered_and_what_was_recorded_stays_readable(
    browser: Client, office: Client, case: Case, code_of: Codes, own: DeskWord
) -> None:
    """S004-64."""
    suspect(browser, case, code_of, own.code)
    office.post("/desk/words/use/", {"kind": "SUSPICION", "word": own.code, "retire": "1"})

    page = browser.get(f"/cases/{case.id}/").content.decode()
    assert f'<option value="{own.code}">' not in page
    assert f"({OWN})" in page
    with agency_scope(case.agency_id):
        assert DeskWord.objects.filter(kind="SUSPICION").count() == 1


def test_a_retired_code_cannot_be_recorded(
    browser: Client, office: Client, case: Case, code_of: Codes, own: DeskWord
) -> None:
    office.post("/desk/words/use/", {"kind": "SUSPICION", "word": own.code, "retire": "1"})

    response = suspect(browser, case, code_of, own.code)

    assert response.status_code == 422
    assert "Say what makes you suspect fraud" in response.content.decode()


def test_the_form_of_a_hold_knows_it_too(office: Client, case: Case, own: DeskWord) -> None:
    office.post(f"/cases/{case.id}/holds/", {"reason": "FRAUD", "detail_code": own.code})

    with agency_scope(case.agency_id):
        assert Hold.objects.get(case=case).detail_code == own.code


@pytest.mark.parametrize("label", ["arrested", OWN.upper(), "  "])
def test_a_word_that_is_there_or_empty_is_refused(office: Client, own: DeskWord, label: str) -> None:
    assert office.post("/desk/words/suspicions/", {"label": label}).status_code == 422


def test_adding_and_retiring_are_in_the_agency_s_history(
    office: Client, own: DeskWord, agency: factories.Agency
) -> None:
    for _twice in range(2):
        office.post("/desk/words/use/", {"kind": "SUSPICION", "word": own.code, "retire": "1"})

    with agency_scope(agency.id):
        kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds.count("agency.desk_word_kept") == 1
    assert kinds.count("agency.desk_word_retired") == 1


def test_an_empty_list_says_what_to_do(office: Client) -> None:
    assert "Add what your collectors meet" in office.get("/desk/words/").content.decode()
