"""A collector works the queue with plain forms, as a browser without script does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from agencies.scope import agency_scope
from cases.models import Case, Disposition, DispositionCode, Note, Promise
from contacts.models import Contact
from debtors.models import ContactPoint
from ledger.models import Payment
from tests import factories
from tests.desk.conftest import NOW

pytestmark = pytest.mark.django_db
Codes = Callable[[str], DispositionCode]
Queue = Callable[..., list[Case]]


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


@pytest.fixture
def browser(collector: factories.Membership) -> Client:
    return factories.client_of(collector)


@pytest.fixture
def at_hand(browser: Client, collector: factories.Membership, queue_of: Queue) -> list[Case]:
    """Three cases wait, and the first one is at hand."""
    cases = queue_of(collector, 3)
    browser.post("/desk/next/")
    return cases


def call(browser: Client, case: Case) -> None:
    with agency_scope(case.agency_id):
        point = ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")
    browser.post(f"/cases/{case.id}/call/{point.id}/")


def test_an_empty_desk_offers_the_next_case(browser: Client, collector: factories.Membership, queue_of: Queue) -> None:
    queue_of(collector, 2)

    assert "2 cases wait for you" in text_of(browser.get("/desk/"))


def test_next_puts_the_first_case_of_the_queue_on_the_desk(
    browser: Client, collector: factories.Membership, queue_of: Queue
) -> None:
    """S003-06."""
    first = queue_of(collector, 2)[0]

    assert browser.post("/desk/next/").url == f"/cases/{first.id}/"


def test_the_case_shows_money_owner_numbers_script_and_limits(browser: Client, at_hand: list[Case]) -> None:
    """S001-12, S004-13, S004-24, S004-79."""
    page = text_of(browser.get(f"/cases/{at_hand[0].id}/"))

    for expected in ("Vasile Ceban 1", "1,000.00", "40 days", "Contract holder", "May I speak with", "Contact limits"):
        assert expected in page


def test_a_case_is_not_left_without_a_result(browser: Client, at_hand: list[Case]) -> None:
    """S004-78."""
    response = browser.post("/desk/next/")

    assert response.status_code == 422
    assert "First record a result for Vasile Ceban 1" in text_of(response)


def test_a_result_leads_to_the_next_case(browser: Client, at_hand: list[Case], code_of: Codes) -> None:
    call(browser, at_hand[0])

    response = browser.post(f"/cases/{at_hand[0].id}/result/", {"code": code_of("NO_ANSWER").id})

    assert response.url == f"/cases/{at_hand[1].id}/"


def test_whoever_prefers_to_stay_sees_the_same_case_after_a_result(
    browser: Client, collector: factories.Membership, at_hand: list[Case], code_of: Codes
) -> None:
    collector.user.shortcuts = {"after": "stay"}
    collector.user.save()
    call(browser, at_hand[0])

    response = browser.post(f"/cases/{at_hand[0].id}/result/", {"code": code_of("NO_ANSWER").id})

    assert response.url == f"/cases/{at_hand[0].id}/"


def test_a_call_and_its_result_are_one_contact_with_its_permit(
    browser: Client, at_hand: list[Case], code_of: Codes, agency: factories.Agency
) -> None:
    call(browser, at_hand[0])
    browser.post(f"/cases/{at_hand[0].id}/result/", {"code": code_of("NO_ANSWER").id})

    with agency_scope(agency.id):
        contact = Contact.objects.get(case=at_hand[0])
    assert contact.permit_id
    assert not contact.unpermitted
    assert contact.disposition_id


def test_a_second_call_beyond_the_limit_is_refused_with_its_reason(
    browser: Client, at_hand: list[Case], code_of: Codes, agency: factories.Agency
) -> None:
    case = at_hand[0]
    with agency_scope(agency.id):
        point = ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")
    answers = [browser.post(f"/cases/{case.id}/call/{point.id}/") for _ in range(9)]

    assert answers[0].status_code == 302
    assert answers[-1].status_code == 422
    assert "next allowed" in text_of(answers[-1])


def test_an_outbound_result_without_a_call_asks_how_it_came(
    browser: Client, at_hand: list[Case], code_of: Codes
) -> None:
    response = browser.post(f"/cases/{at_hand[0].id}/result/", {"code": code_of("NO_ANSWER").id, "note": "Rang out"})

    assert response.status_code == 422
    assert "No call was begun here" in text_of(response)


def test_who_called_without_asking_says_so_and_it_stands_out(
    browser: Client, at_hand: list[Case], code_of: Codes, agency: factories.Agency
) -> None:
    browser.post(f"/cases/{at_hand[0].id}/result/", {"code": code_of("NO_ANSWER").id, "unasked": "1"})

    with agency_scope(agency.id):
        assert Contact.objects.get(case=at_hand[0]).unpermitted


def test_an_inbound_call_needs_no_permit(
    browser: Client, at_hand: list[Case], code_of: Codes, agency: factories.Agency
) -> None:
    """S004-78."""
    reason = {"reason": "FORGOT", "direction": "IN"}
    browser.post(f"/cases/{at_hand[0].id}/result/", {"code": code_of("CALL_BACK").id} | reason)

    with agency_scope(agency.id):
        assert Contact.objects.get(case=at_hand[0]).direction == "IN"


def test_two_passed_checks_say_that_the_holder_spoke(
    browser: Client, at_hand: list[Case], code_of: Codes, agency: factories.Agency
) -> None:
    """S001-12, S004-22."""
    call(browser, at_hand[0])
    sent = {"code": code_of("REFUSES").id, "reason": "UNWILLING", "check": ["BIRTH", "TOWN"]}
    browser.post(f"/cases/{at_hand[0].id}/result/", sent)

    with agency_scope(agency.id):
        result = Disposition.objects.get()
    assert result.spoke_with == "HOLDER"
    assert result.details["checks"] == "BIRTH TOWN"


def test_a_promise_within_a_week_holds_at_once(browser: Client, at_hand: list[Case], agency: factories.Agency) -> None:
    call(browser, at_hand[0])
    sent = {"promise-amount": "1000", "promise-due_on": "2026-11-30", "promise-reason": "FORGOT"}

    assert browser.post(f"/cases/{at_hand[0].id}/promise/", sent).url == f"/cases/{at_hand[1].id}/"

    with agency_scope(agency.id):
        promise = Promise.objects.get()
        assert (promise.state, promise.case_id) == ("ACTIVE", at_hand[0].id)
        assert Disposition.objects.get().code.code == "PROMISE"


def test_a_promise_beyond_a_week_waits_for_approval(
    browser: Client, at_hand: list[Case], agency: factories.Agency
) -> None:
    call(browser, at_hand[0])
    sent = {"promise-amount": "1000", "promise-due_on": "2026-12-15", "promise-reason": "FORGOT"}
    browser.post(f"/cases/{at_hand[0].id}/promise/", sent)

    with agency_scope(agency.id):
        assert Promise.objects.get().state == "AWAITING_APPROVAL"


def test_a_refused_promise_leaves_nothing_and_keeps_the_form_open(
    browser: Client, at_hand: list[Case], agency: factories.Agency
) -> None:
    response = browser.post(
        f"/cases/{at_hand[0].id}/promise/", {"promise-amount": "1000", "promise-due_on": "2026-11-30"}
    )

    assert response.status_code == 422
    assert 'data-opened="act-promise"' in text_of(response)
    with agency_scope(agency.id):
        assert not Promise.objects.exists()


def test_says_paid_keeps_what_the_debtor_told(
    browser: Client, at_hand: list[Case], code_of: Codes, agency: factories.Agency
) -> None:
    """S004-55."""
    told = {"paid_on": "2026-11-20", "amount": "500", "bank": "Banca Codru", "direction": "IN"}
    browser.post(f"/cases/{at_hand[0].id}/result/", {"code": code_of("SAYS_PAID").id} | told)

    with agency_scope(agency.id):
        result = Disposition.objects.get()
        assert result.details["bank"] == "Banca Codru"
        assert Case.objects.get(id=at_hand[0].id).on_hold


def test_a_call_back_returns_when_it_was_agreed(
    browser: Client, at_hand: list[Case], code_of: Codes, agency: factories.Agency
) -> None:
    sent = {"recall-on": "2026-11-26", "recall-at": "15:30", "code": code_of("NO_CONTACT").id}
    browser.post(f"/cases/{at_hand[0].id}/recall/", sent)

    with agency_scope(agency.id):
        case = Case.objects.get(id=at_hand[0].id)
    assert case.next_action == "RECALL"
    assert case.next_action_at.isoformat() == "2026-11-26T13:30:00+00:00"


def test_a_note_is_kept_and_shown(browser: Client, at_hand: list[Case], agency: factories.Agency) -> None:
    """S004-13."""
    browser.post(f"/cases/{at_hand[0].id}/note/", {"note": "Works abroad until March"})

    assert "Works abroad until March" in text_of(browser.get(f"/cases/{at_hand[0].id}/"))
    with agency_scope(agency.id):
        assert Note.objects.get().by.full_name == "Ana Popa"


def test_a_phone_from_someone_else_is_added_unconfirmed(
    browser: Client, at_hand: list[Case], agency: factories.Agency
) -> None:
    """S001-09, S004-54, S004-74."""
    sent = {
        "point-kind": "PHONE", "point-value": "069 123 456", "point-owner_role": "HOLDER", "point-place": "MOBILE",
        "point-source": "NEIGHBOUR",
    }  # fmt: skip
    browser.post(f"/cases/{at_hand[0].id}/contact-point/", sent)

    with agency_scope(agency.id):
        assert ContactPoint.objects.get(value="+37369123456").validity == "UNCONFIRMED"


def test_what_is_no_phone_is_refused_in_words(browser: Client, at_hand: list[Case]) -> None:
    sent = {
        "point-kind": "PHONE", "point-value": "abc", "point-owner_role": "HOLDER", "point-place": "MOBILE",
        "point-source": "DEBTOR",
    }  # fmt: skip
    response = browser.post(f"/cases/{at_hand[0].id}/contact-point/", sent)

    assert response.status_code == 422
    assert "This is not a phone number" in text_of(response)


def test_a_payment_entered_at_the_desk_lowers_the_debt(
    browser: Client, at_hand: list[Case], agency: factories.Agency
) -> None:
    """S001-05, S001-14."""
    sent = {"payment-amount": "400", "payment-received_on": "2026-11-23", "payment-source": "MANUAL"}
    browser.post(f"/cases/{at_hand[0].id}/payment/", sent)

    with agency_scope(agency.id):
        assert Payment.objects.get().amount == 400
        assert Case.objects.get(id=at_hand[0].id).balance == 600


def test_the_payment_form_sent_twice_books_once(browser: Client, at_hand: list[Case], agency: factories.Agency) -> None:
    form = browser.get(f"/cases/{at_hand[0].id}/").context["forms"]["payment"]
    sent = {
        "payment-amount": "400", "payment-received_on": "2026-11-23", "payment-source": "CREDITOR",
        "payment-once": form["once"].value(),
    }  # fmt: skip
    address = f"/cases/{at_hand[0].id}/payment/"
    assert [browser.post(address, sent).status_code for _time in range(2)] == [302, 302]
    changed = browser.post(address, sent | {"payment-amount": "40"})

    assert changed.status_code == 422
    assert "booked already, with other values" in text_of(changed)
    with agency_scope(agency.id):
        assert [(one.amount, one.source) for one in Payment.objects.all()] == [(400, "CREDITOR")]


def test_a_payment_refused_and_corrected_is_booked_from_the_same_form(
    browser: Client, at_hand: list[Case], agency: factories.Agency
) -> None:
    sent = {"payment-received_on": "2026-11-23", "payment-source": "MANUAL", "payment-once": "a1"}
    address = f"/cases/{at_hand[0].id}/payment/"
    assert browser.post(address, sent | {"payment-amount": "4000"}).status_code == 422
    browser.post(address, sent | {"payment-amount": "400"})

    with agency_scope(agency.id):
        assert Payment.objects.get().amount == 400


def test_a_status_stops_calls_at_once(browser: Client, at_hand: list[Case]) -> None:
    """S004-62."""
    browser.post(f"/cases/{at_hand[0].id}/status/", {"status-code": "DECEASED"})

    page = text_of(browser.get(f"/cases/{at_hand[0].id}/"))
    assert "recorded as deceased" in page
    assert 'aria-disabled="true"' in page


def test_a_result_is_taken_back_and_the_case_is_at_hand_again(
    browser: Client, at_hand: list[Case], code_of: Codes, agency: factories.Agency
) -> None:
    browser.post(f"/cases/{at_hand[0].id}/result/", {"code": code_of("NO_CONTACT").id})
    with agency_scope(agency.id):
        result = Disposition.objects.get()

    assert browser.post(f"/desk/results/{result.id}/undo/").url == f"/cases/{at_hand[0].id}/"
    with agency_scope(agency.id):
        assert Disposition.objects.get().undone_at


def test_the_way_back_leads_to_the_case_before(browser: Client, at_hand: list[Case], code_of: Codes) -> None:
    browser.get(f"/cases/{at_hand[0].id}/")
    browser.post(f"/cases/{at_hand[0].id}/result/", {"code": code_of("NO_CONTACT").id})

    page = text_of(browser.get(f"/cases/{at_hand[1].id}/"))
    assert (
        f'href="/cases/{at_hand[0].id}/" hx-get="/cases/{at_hand[0].id}/" hx-push-url="true" data-key="p|Backspace"'
        in page
    )


def test_a_colleague_sees_who_has_the_case(member: Callable[..., factories.Membership], at_hand: list[Case]) -> None:
    colleague = factories.client_of(member("COLLECTOR"))

    assert "Ana Popa is working this case now" in text_of(colleague.get(f"/cases/{at_hand[0].id}/"))


def test_the_day_counts_what_was_done(browser: Client, at_hand: list[Case], code_of: Codes) -> None:
    browser.post(
        f"/cases/{at_hand[0].id}/result/", {"code": code_of("REFUSES").id, "reason": "ILLNESS", "direction": "IN"}
    )

    page = text_of(browser.get("/desk/"))
    assert "<dt>Worked</dt><dd>1</dd>" in page
    assert "<dt>Right party</dt><dd>1</dd>" in page


def test_an_inbound_caller_is_found_whatever_the_queue(
    browser: Client, member: Callable[..., factories.Membership], queue_of: Queue
) -> None:
    """S004-03."""
    other = queue_of(member("COLLECTOR"), 1)[0]

    found = browser.get("/cases/find/?q=vasile", headers={"accept": "application/json"}).json()["cases"]
    assert [row["url"] for row in found] == [f"/cases/{other.id}/"]


def test_history_is_narrowed_and_goes_on(browser: Client, at_hand: list[Case]) -> None:
    browser.post(f"/cases/{at_hand[0].id}/note/", {"note": "Sister answers"})

    part = browser.get(f"/cases/{at_hand[0].id}/timeline/?group=ledger", headers={"hx-request": "true"})
    assert "Sister answers" not in text_of(part)
    assert "Sister answers" in text_of(browser.get(f"/cases/{at_hand[0].id}/timeline/?group=case"))


def test_a_sign_of_life_prolongs_the_claim(browser: Client, at_hand: list[Case], agency: factories.Agency) -> None:
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        browser.post(f"/cases/{at_hand[0].id}/stay/")

    with agency_scope(agency.id):
        assert Case.objects.get(id=at_hand[0].id).claimed_until == NOW + timedelta(minutes=9)


def test_a_promise_due_today_does_not_bring_the_case_straight_back(
    browser: Client, at_hand: list[Case], code_of: Codes, agency: factories.Agency
) -> None:
    call(browser, at_hand[0])
    browser.post(
        f"/cases/{at_hand[0].id}/promise/",
        {"promise-amount": "1000", "promise-due_on": "2026-11-24", "promise-reason": "FORGOT"},
    )

    with agency_scope(agency.id):
        assert Case.objects.get(id=at_hand[0].id).next_action_at > NOW
