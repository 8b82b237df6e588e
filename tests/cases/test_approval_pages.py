"""The inboxes of approvals: a coordinator and a creditor each see theirs, answer with one click, and no other way."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership
from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases import approval_views, approvals, inbox_views, promises
from cases.models import Approval, ApprovalKind, Case
from portfolios.models import CreditorUser
from tests import factories

pytestmark = pytest.mark.django_db

Member = Callable[..., Membership]


@pytest.fixture
def case(in_agency: factories.Agency) -> Iterator[Case]:
    before = dict(approvals._kinds)
    approvals.register(
        approvals.Kind(
            ApprovalKind.COMPLAINT, granted=lambda *_told: None, refused=lambda *_told: None,
            shown=lambda one: [approvals.Fact("Reason", one.facts["reason"])],
        )
    )  # fmt: skip
    yield factories.make_case(debtor=factories.make_debtor(name="Ion Rusu"))
    approvals._kinds.clear()
    approvals._kinds.update(before)


@pytest.fixture
def creditor_user(case: Case, member: Member) -> Membership:
    user = member("CREDITOR_USER")
    CreditorUser.objects.create(membership=user, creditor=case.creditor)
    return user


@pytest.fixture
def asked(case: Case, member: Member) -> dict[str, Approval]:
    rows = approvals.ask(
        ApprovalKind.COMPLAINT, 5, mandate=case.mandate, case=case, by=member("FIELD_COLLECTOR"), now=timezone.now(),
        facts={"reason": "The car was hidden"},
    )  # fmt: skip
    return {row.side: row for row in rows}


def state_of(approval: Approval) -> str:
    with agency_scope(approval.agency_id):
        return str(Approval.objects.get(id=approval.id).state)


def test_each_side_sees_only_its_own_question(
    asked: dict[str, Approval], member: Member, creditor_user: Membership
) -> None:
    coordinator, creditor = factories.client_of(member("COORDINATOR")), factories.client_of(creditor_user)
    own, other = asked["COORDINATOR"].id, asked["CREDITOR"].id

    page = coordinator.get(reverse("approvals")).content.decode()
    assert "The car was hidden" in page
    assert reverse("approval-decide", args=[own]) in page
    assert coordinator.post(reverse("approval-decide", args=[other]), {"decide": "approve"}).status_code == 404

    page = creditor.get(reverse("creditor-approvals")).content.decode()
    assert reverse("creditor-approval-decide", args=[other]) in page
    assert creditor.post(reverse("creditor-approval-decide", args=[own]), {"decide": "approve"}).status_code == 404
    assert state_of(asked["COORDINATOR"]) == state_of(asked["CREDITOR"]) == "WAITING"


def test_one_click_approves_and_the_case_shows_who(asked: dict[str, Approval], case: Case, member: Member) -> None:
    coordinator = factories.client_of(member("COORDINATOR", full_name="Ana Popa"))

    coordinator.post(reverse("approval-decide", args=[asked["COORDINATOR"].id]), {"decide": "approve"})

    assert state_of(asked["COORDINATOR"]) == "GRANTED"
    page = coordinator.get(reverse("case", args=[case.id])).content.decode()
    assert "Criminal complaint" in page
    assert "Ana Popa" in page
    assert "Ion Rusu" not in coordinator.get(reverse("approvals")).content.decode()
    assert "Criminal complaint" in coordinator.get(reverse("approvals-decided")).content.decode()


def test_a_refusal_without_a_reason_is_asked_for_one(asked: dict[str, Approval], creditor_user: Membership) -> None:
    browser = factories.client_of(creditor_user)
    address = reverse("creditor-approval-decide", args=[asked["CREDITOR"].id])

    page = browser.post(address, {"decide": "refuse"}, follow=True).content.decode()
    assert "Say in a few words why you refuse." in page
    assert state_of(asked["CREDITOR"]) == "WAITING"

    browser.post(address, {"decide": "refuse", "note": "Not now"})
    assert state_of(asked["CREDITOR"]) == "REFUSED"
    assert "Not now" in browser.get(reverse("creditor-approvals")).content.decode()


def test_what_is_late_says_so(asked: dict[str, Approval], member: Member) -> None:
    Approval.objects.filter(id=asked["COORDINATOR"].id).update(due_at=timezone.now() - timedelta(days=1))

    assert "Was due" in factories.client_of(member("COORDINATOR")).get(reverse("approvals")).content.decode()


def test_a_creditor_answers_over_the_api(asked: dict[str, Approval], case: Case, creditor_user: Membership) -> None:
    _token, secret = issue_token(creditor_user, name="bank", by=creditor_user.user)
    browser = Client(headers={"authorization": f"Bearer {secret}"})

    listed = browser.get("/api/v1/approvals?state=WAITING").json()["results"]
    assert [one["contract_no"] for one in listed] == [case.contract_no]
    assert listed[0]["facts"] == [{"label": "Reason", "value": "The car was hidden"}]
    address = f"/api/v1/approvals/{asked['CREDITOR'].id}/decision"
    refused = browser.post(address, {"grant": False}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "say_why")
    answer = browser.post(address, {"grant": True}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "GRANTED")
    again = browser.post(address, {"grant": True}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert browser.get(f"/api/v1/approvals/{asked['COORDINATOR'].id}/decision").status_code in (404, 405)
    other = browser.post(
        f"/api/v1/approvals/{asked['COORDINATOR'].id}/decision", {"grant": True}, content_type="application/json"
    )
    assert other.status_code == 404


@pytest.mark.parametrize("role", ["COLLECTOR", "FIELD_COLLECTOR", "LEGAL_OFFICER", "AGENCY_ADMINISTRATOR"])
def test_other_roles_decide_nothing(asked: dict[str, Approval], member: Member, role: str) -> None:
    browser = factories.client_of(member(role))

    for side, name in (("COORDINATOR", "approval-decide"), ("CREDITOR", "creditor-approval-decide")):
        answer = browser.post(reverse(name, args=[asked[side].id]), {"decide": "approve"})
        assert answer.status_code == 403
    assert state_of(asked["COORDINATOR"]) == state_of(asked["CREDITOR"]) == "WAITING"


def test_an_inbox_says_how_many_wait_and_turns_its_pages(
    asked: dict[str, Approval], case: Case, member: Member, creditor_user: Membership, agency: factories.Agency,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(inbox_views, "PAGE_SIZE", 1)
    approvals.ask(
        ApprovalKind.COMPLAINT, 6, mandate=case.mandate, case=case, by=member("FIELD_COLLECTOR"), now=timezone.now(),
        facts={"reason": "The second one"},
    )  # fmt: skip
    for who, inbox, decide in (
        (member("COORDINATOR"), "approvals", "approval-decide"),
        (creditor_user, "creditor-approvals", "creditor-approval-decide"),
    ):
        browser = factories.client_of(who)
        first = browser.get(reverse(inbox)).content.decode()
        assert "Waiting for your decision (2)" in first
        assert "The car was hidden" in first
        assert "The second one" not in first
        assert 'href="?waiting=2"' in first
        second = browser.get(f"{reverse(inbox)}?waiting=2").content.decode()
        assert "The second one" in second
        with agency_scope(agency.id):
            row = approvals.inbox(who).get(subject_id=6)
        address = reverse(decide, args=[row.id])
        assert f'action="{address}?waiting=2"' in second
        answer = browser.post(f"{address}?waiting=2", {"decide": "approve"})
        assert answer["Location"] == f"{reverse(inbox)}?waiting=2"


def test_promises_that_wait_are_counted_and_turn_their_own_pages(
    case: Case, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approval_views, "PAGE_SIZE", 1)
    today = timezone.localdate()
    for number, days in enumerate((20, 21)):
        one = case if number == 0 else factories.make_case(portfolio=case.portfolio, debtor=factories.make_debtor())
        promises.make_promise(
            one, amount=one.balance, due_on=today + timedelta(days=days), by=member("COLLECTOR"), as_of=today,
            now=timezone.now(),
        )  # fmt: skip
    browser = factories.client_of(member("COORDINATOR"))
    first = browser.get(reverse("approvals")).content.decode()
    assert "Promises to pay (2)" in first
    assert 'href="?page=2"' in first
    assert first.count('name="promise"') == 1
    second = browser.get(f"{reverse('approvals')}?page=2").content.decode()
    assert second.count('name="promise"') == 1
    assert first != second
