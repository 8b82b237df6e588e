"""Dead numbers make the collector ask the holder for another one; heirs hear where to go."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agencies.scope import agency_scope
from audit.models import Event
from cases.models import Case, Disposition, DispositionCode
from debtors.models import ContactPoint

pytestmark = pytest.mark.django_db
Codes = Callable[[str], DispositionCode]


def talk(browser: Client, case: Case, code_of: Codes, **more: str) -> Any:
    """The debtor called."""
    said = {"code": code_of("CALL_BACK").id, "direction": "IN", "reason": "FORGOT"}
    return browser.post(f"/cases/{case.id}/result/", said | more)


def test_whoever_reaches_the_holder_of_dead_numbers_must_ask_for_another_one(
    browser: Client, dead_numbers: Case, code_of: Codes
) -> None:
    """S004-59."""
    response = talk(browser, dead_numbers, code_of)

    assert response.status_code == 422
    assert "Ask for another one, or say that none is given" in response.content.decode()


def test_the_number_the_holder_gives_is_kept_and_marked_distinctly(
    browser: Client, dead_numbers: Case, code_of: Codes
) -> None:
    """S004-59."""
    talk(browser, dead_numbers, code_of, new_number="069 555 111")

    with agency_scope(dead_numbers.agency_id):
        point = ContactPoint.objects.get(value="+37369555111")
        assert (point.source, point.validity, point.owner_role) == ("HOLDER_ASKED", "UNKNOWN", "HOLDER")
        assert Event.objects.filter(kind="debtor.number_from_holder", case_id=dead_numbers.id).exists()
        assert Disposition.objects.get().details["number"] == "TAKEN"
    page = browser.get(f"/cases/{dead_numbers.id}/").content.decode()
    assert "the holder was asked for another one and gave it" in page


def test_a_case_with_a_fresh_number_does_not_go_to_skip_tracing(
    browser: Client, dead_numbers: Case, code_of: Codes
) -> None:
    talk(browser, dead_numbers, code_of, new_number="069 555 111")

    with agency_scope(dead_numbers.agency_id):
        assert Case.objects.get(id=dead_numbers.id).next_action == "RECALL"


def test_a_holder_who_gives_none_is_noted(browser: Client, dead_numbers: Case, code_of: Codes) -> None:
    assert talk(browser, dead_numbers, code_of, number_not_given="1").status_code == 302

    with agency_scope(dead_numbers.agency_id):
        assert Disposition.objects.get().details["number"] == "NOT_GIVEN"


def test_what_is_no_number_leaves_nothing(browser: Client, dead_numbers: Case, code_of: Codes) -> None:
    assert talk(browser, dead_numbers, code_of, new_number="none").status_code == 422

    with agency_scope(dead_numbers.agency_id):
        assert not Disposition.objects.exists()


def test_whoever_is_not_the_holder_is_not_asked(browser: Client, dead_numbers: Case, code_of: Codes) -> None:
    assert talk(browser, dead_numbers, code_of, spoke_with="GUARANTOR").status_code == 302


def test_whoever_wants_no_contact_is_not_asked(browser: Client, dead_numbers: Case, code_of: Codes) -> None:
    said = {"code": code_of("NO_FURTHER_CONTACT").id, "direction": "IN", "reason": "UNWILLING"}

    assert browser.post(f"/cases/{dead_numbers.id}/result/", said).status_code == 302


def test_with_a_number_that_works_nobody_is_asked(browser: Client, case: Case, code_of: Codes) -> None:
    assert "Every number of this person is dead" not in browser.get(f"/cases/{case.id}/").content.decode()
    assert talk(browser, case, code_of).status_code == 302


def test_the_desk_and_the_script_say_that_the_numbers_are_dead(browser: Client, dead_numbers: Case) -> None:
    page = browser.get(f"/cases/{dead_numbers.id}/").content.decode()

    assert "Every number of this person is dead" in page
    assert "At which number may I reach you?" in page


def test_heirs_hear_the_branch_and_the_papers(browser: Client, case: Case) -> None:
    """S004-61."""
    with agency_scope(case.agency_id):
        Case.objects.filter(id=case.id).update(branch="Orhei Centru")

    page = browser.get(f"/cases/{case.id}/").content.decode()
    assert f"Please go to the branch Orhei Centru of {case.creditor.name}" in page
    assert "Bring the death certificate and your identity document" in page


def test_without_a_branch_heirs_are_sent_to_where_the_contract_was_concluded(browser: Client, case: Case) -> None:
    page = browser.get(f"/cases/{case.id}/").content.decode()

    assert f"the branch of {case.creditor.name} where the contract was concluded" in page


def test_once_the_debtor_is_known_to_have_died_the_heirs_text_lies_open(browser: Client, case: Case) -> None:
    """S004-61."""
    browser.post(f"/cases/{case.id}/status/", {"status-code": "DECEASED"})

    assert '<details class="to-heirs" open>' in browser.get(f"/cases/{case.id}/").content.decode()
