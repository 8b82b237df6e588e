"""Approvals: everybody who is asked says yes, a second person each, and what was decided stays."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from agencies.models import Membership
from audit.models import Event
from cases import approvals
from cases.models import Approval, ApprovalKind, Case
from portfolios.models import CreditorUser, Mandate
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
Member = Callable[..., Membership]


class Heard:
    """What the owner of a kind was told."""

    def __init__(self) -> None:
        self.granted: list[int] = []
        self.refused: list[int] = []


@pytest.fixture
def heard(in_agency: factories.Agency) -> Iterator[Heard]:
    told = Heard()
    before = dict(approvals._kinds)
    for kind in (ApprovalKind.COMPLAINT, ApprovalKind.LAWSUIT, ApprovalKind.BOOT):
        approvals.register(
            approvals.Kind(
                kind,
                granted=lambda one, _by, _now: told.granted.append(one.subject_id),
                refused=lambda one, _by, _now: told.refused.append(one.subject_id),
                shown=lambda _one: [],
            )
        )
    yield told
    approvals._kinds.clear()
    approvals._kinds.update(before)


@pytest.fixture
def case(heard: Heard) -> Case:
    return factories.make_case()


@pytest.fixture
def creditor_user(case: Case, member: Member) -> Membership:
    user = member("CREDITOR_USER")
    CreditorUser.objects.create(membership=user, creditor=case.creditor)
    return user


def asked(case: Case, kind: ApprovalKind, by: Membership | None, subject_id: int = 7) -> dict[str, Approval]:
    rows = approvals.ask(kind, subject_id, mandate=case.mandate, case=case, by=by, now=NOW, facts={"amount": "10.00"})
    return {row.side: row for row in rows}


def test_a_complaint_needs_the_coordinator_and_the_creditor(
    case: Case, heard: Heard, member: Member, creditor_user: Membership
) -> None:
    open_ = asked(case, ApprovalKind.COMPLAINT, member("FIELD_COLLECTOR"))

    approvals.decide(open_["COORDINATOR"], grant=True, by=member("COORDINATOR"), now=NOW)
    assert heard.granted == []
    assert not approvals.is_granted(ApprovalKind.COMPLAINT, 7)

    approvals.decide(open_["CREDITOR"], grant=True, by=creditor_user, now=NOW)
    assert heard.granted == [7]
    approvals.check(ApprovalKind.COMPLAINT, 7)


def test_the_mandate_adds_the_creditor_to_a_lawsuit(case: Case, heard: Heard) -> None:
    assert approvals.sides_of(ApprovalKind.LAWSUIT, case.mandate) == ("COORDINATOR",)
    case.mandate.approvals = ["LAWSUIT"]
    assert approvals.sides_of(ApprovalKind.LAWSUIT, case.mandate) == ("COORDINATOR", "CREDITOR")


def test_one_no_ends_it_for_everybody(case: Case, heard: Heard, member: Member, creditor_user: Membership) -> None:
    open_ = asked(case, ApprovalKind.COMPLAINT, member("FIELD_COLLECTOR"))

    approvals.decide(open_["CREDITOR"], grant=False, by=creditor_user, now=NOW, note="Not in our interest")

    assert heard.refused == [7]
    assert Approval.objects.get(id=open_["COORDINATOR"].id).state == "WITHDRAWN"
    with pytest.raises(approvals.AlreadyDecided):
        approvals.decide(open_["COORDINATOR"], grant=True, by=member("COORDINATOR"), now=NOW)
    with pytest.raises(approvals.ApprovalMissing):
        approvals.check(ApprovalKind.COMPLAINT, 7)


def test_a_refusal_says_why(case: Case, heard: Heard, creditor_user: Membership) -> None:
    open_ = asked(case, ApprovalKind.BOOT, None)

    with pytest.raises(approvals.SayWhy):
        approvals.decide(open_["CREDITOR"], grant=False, by=creditor_user, now=NOW)


def test_nobody_decides_on_what_they_asked_for(case: Case, heard: Heard, member: Member) -> None:
    coordinator = member("COORDINATOR")
    open_ = asked(case, ApprovalKind.LAWSUIT, coordinator)

    with pytest.raises(approvals.SecondPersonNeeded):
        approvals.decide(open_["COORDINATOR"], grant=True, by=coordinator, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(id=open_["COORDINATOR"].id).update(
            state="GRANTED", decided_by=coordinator.user, decided_at=NOW
        )


def test_the_coordinator_cannot_answer_for_the_creditor(case: Case, heard: Heard, member: Member) -> None:
    open_ = asked(case, ApprovalKind.BOOT, None)

    with pytest.raises(approvals.NotYours):
        approvals.decide(open_["CREDITOR"], grant=True, by=member("COORDINATOR"), now=NOW)


def test_another_creditors_user_cannot_answer(case: Case, heard: Heard, member: Member) -> None:
    stranger = member("CREDITOR_USER")
    CreditorUser.objects.create(membership=stranger, creditor=factories.make_creditor())
    open_ = asked(case, ApprovalKind.BOOT, None)

    assert not approvals.inbox(stranger).exists()
    with pytest.raises(approvals.NotYours):
        approvals.decide(open_["CREDITOR"], grant=True, by=stranger, now=NOW)


def test_a_collector_answers_for_nobody(case: Case, heard: Heard, member: Member) -> None:
    open_ = asked(case, ApprovalKind.LAWSUIT, None)

    with pytest.raises(approvals.NotYours):
        approvals.decide(open_["COORDINATOR"], grant=True, by=member("COLLECTOR"), now=NOW)


def test_what_was_decided_stays(case: Case, heard: Heard, creditor_user: Membership) -> None:
    open_ = asked(case, ApprovalKind.BOOT, None)
    approvals.decide(open_["CREDITOR"], grant=False, by=creditor_user, now=NOW, note="No")

    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(id=open_["CREDITOR"].id).update(state="GRANTED")
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(id=open_["CREDITOR"].id).delete()


def test_the_same_thing_is_asked_once(case: Case, heard: Heard) -> None:
    asked(case, ApprovalKind.BOOT, None)

    with pytest.raises(IntegrityError), transaction.atomic():
        asked(case, ApprovalKind.BOOT, None)


def test_withdrawn_it_may_be_asked_again(case: Case, heard: Heard, member: Member) -> None:
    asked(case, ApprovalKind.BOOT, None)

    assert approvals.withdraw(ApprovalKind.BOOT, 7, by=member("COORDINATOR"), now=NOW) == 1
    asked(case, ApprovalKind.BOOT, None)


def test_the_inbox_begins_with_the_most_urgent(case: Case, heard: Heard, member: Member) -> None:
    late = asked(case, ApprovalKind.LAWSUIT, None, 1)["COORDINATOR"]
    soon = asked(case, ApprovalKind.LAWSUIT, None, 2)["COORDINATOR"]
    Approval.objects.filter(id=soon.id).update(due_at=NOW + timedelta(hours=1))

    assert list(approvals.inbox(member("COORDINATOR"))) == [soon, late]


def test_each_answer_is_in_the_history(case: Case, heard: Heard, creditor_user: Membership) -> None:
    open_ = asked(case, ApprovalKind.BOOT, None)
    approvals.decide(open_["CREDITOR"], grant=True, by=creditor_user, now=NOW)

    kinds = list(
        Event.objects.filter(case_id=case.id, kind__startswith="approval.")
        .order_by("id")
        .values_list("kind", flat=True)
    )
    assert kinds == ["approval.asked", "approval.granted"]


def test_no_answer_is_born_without_its_question(case: Case, member: Member) -> None:
    with pytest.raises(IntegrityError, match="asked for before"), transaction.atomic():
        Approval.objects.create(
            kind="BOOT", subject_id=3, side="CREDITOR", case=case, creditor=case.creditor, state="GRANTED",
            asked_by=member("COORDINATOR").user, asked_at=NOW, due_at=NOW + timedelta(days=3), facts={},
        )  # fmt: skip


def test_a_side_whose_question_was_withdrawn_has_not_said_yes(case: Case, member: Member) -> None:
    Mandate.objects.filter(id=case.mandate_id).update(approvals=["LAWSUIT"])
    both = asked(Case.objects.select_related("mandate").get(id=case.id), ApprovalKind.LAWSUIT, member("LEGAL_OFFICER"))
    assert set(both) == {"COORDINATOR", "CREDITOR"}
    approvals.decide(both["COORDINATOR"], grant=True, by=member("COORDINATOR"), now=NOW)
    approvals.withdraw(ApprovalKind.LAWSUIT, both["CREDITOR"].subject_id, by=None, now=NOW)
    assert not approvals.is_granted(ApprovalKind.LAWSUIT, both["CREDITOR"].subject_id)
