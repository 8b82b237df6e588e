"""Each result does what its code says, frees the case, and can be taken back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from audit.models import Event
from cases import dispositions, holds, promises, queue
from cases.disposition_codes import DEFAULTS
from cases.models import Case, Disposition, DispositionCode, Hold
from debtors.models import ContactPoint, PersonStatus
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def collector(in_agency, member):
    return member("COLLECTOR")


@pytest.fixture
def case(collector):
    dispositions.seed_codes()
    return factories.make_case(collector=collector)


def record(case, code, by, **fields):
    return dispositions.record_disposition(case, code=DispositionCode.objects.get(code=code), by=by, now=NOW, **fields)


def phone(case):
    return ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")


def fresh(case):
    return Case.objects.get(id=case.id)


def test_an_agency_gets_its_codes_once(case):
    assert DispositionCode.objects.count() == len(DEFAULTS)
    assert dispositions.seed_codes() == 0


def test_codes_are_named_in_the_agencys_language_and_keys_differ(case):
    keys = list(DispositionCode.objects.values_list("key", flat=True))
    assert len(set(keys)) == len(keys)


def test_a_result_frees_the_case_and_plans_the_next_step(case, collector):
    """S000-10."""
    queue.claim(case, collector, NOW)
    record(case, "NO_ANSWER", collector, contact_point=phone(case))
    case = fresh(case)
    assert (case.claimed_by_id, case.next_action, case.last_worked_at) == (None, "CALL", NOW)
    assert case.next_action_at == datetime(2026, 11, 25, 6, tzinfo=UTC)


def test_a_result_leaves_one_event_without_the_note(case, collector):
    result = record(case, "NO_ANSWER", collector, note="His wife Maria answered")
    event = Event.objects.get(kind="case.disposition_recorded")
    assert (event.subject_id, event.case_id) == (result.id, case.id)
    assert "Maria" not in str(event.data)


def test_a_conversation_proves_the_number(case, collector):
    record(case, "REFUSES", collector, contact_point=phone(case), reason="UNWILLING")
    assert (phone(case).validity, phone(case).last_answered_at) == ("VALID", NOW)


def test_some_codes_ask_why_it_was_not_paid(case, collector):
    """S002-02, S004-16, S004-66."""
    with pytest.raises(dispositions.ReasonMissing):
        record(case, "REFUSES", collector)


def test_a_promise_code_needs_its_promise(case, collector):
    with pytest.raises(dispositions.PromiseMissing):
        record(case, "PROMISE", collector, reason="FORGOT")
    promises.make_promise(
        case, amount=Decimal(1000), due_on=TODAY + timedelta(days=3), by=collector, as_of=TODAY, now=NOW
    )
    record(case, "PROMISE", collector, reason="FORGOT")
    assert fresh(case).next_action == "PROMISE_DUE"
    assert fresh(case).next_action_at == datetime(2026, 11, 27, 6, tzinfo=UTC)


def test_the_last_wrong_number_sends_the_case_to_skip_tracing(case, collector):
    """S000-07, S004-14."""
    record(case, "WRONG_NUMBER", collector, contact_point=phone(case))
    assert phone(case).validity == "WRONG_NUMBER"
    assert fresh(case).next_action == "SKIP_TRACE"


def test_a_wrong_number_among_others_is_only_struck_off(case, collector):
    """S004-54."""
    wrong = phone(case)
    ContactPoint.objects.create(debtor_id=case.debtor_id, kind="PHONE", value="+37369000000")
    record(case, "WRONG_NUMBER", collector, contact_point=wrong)
    assert fresh(case).next_action == "CALL"


def test_says_paid_pauses_the_case_and_keeps_what_was_said(case, collector):
    """S004-55, S004-58."""
    with pytest.raises(dispositions.PaymentDetailsMissing):
        record(case, "SAYS_PAID", collector)
    details = {
        "paid_on": TODAY,
        "amount": Decimal("200.00"),
        "bank": "Moldindconbank",
        "town": "Orhei",
        "method": "Counter",
    }
    result = record(case, "SAYS_PAID", collector, details=details)
    hold = Hold.objects.get(case=case)
    assert (hold.reason, hold.until) == ("CLAIMS_PAID", TODAY + timedelta(days=5))
    assert (fresh(case).on_hold, fresh(case).next_action) == (True, "CHECK_PAYMENT")
    assert result.details["bank"] == "Moldindconbank"


@pytest.mark.parametrize(
    ("code", "reason", "status"),
    [("DECEASED", "DECEASED", "DECEASED"), ("NO_FURTHER_CONTACT", "CEASE_REQUEST", "CEASE_REQUEST"),
     ("REPRESENTED", "REPRESENTED", "REPRESENTED"), ("DISPUTES", "DISPUTE", None), ("HARDSHIP", "HARDSHIP", None)],
)  # fmt: skip
def test_special_states_hold_the_case_at_once(case, collector, code, reason, status):
    """S003-07, S004-62, S004-66."""
    record(case, code, collector, reason="UNKNOWN")
    assert list(Hold.objects.values_list("reason", flat=True)) == [reason]
    assert list(PersonStatus.objects.values_list("code", flat=True)) == ([status] if status else [])


def test_suspected_fraud_needs_its_detail_and_goes_to_review(case, collector):
    """S004-63."""
    with pytest.raises(holds.FraudNeedsDetail):
        record(case, "FRAUD", collector)
    record(case, "FRAUD", collector, details={"detail_code": "ARRESTED"})
    assert Hold.objects.get(case=case).detail_code == "ARRESTED"
    assert fresh(case).next_action == "FRAUD_REVIEW"
    assert PersonStatus.objects.get().code == "IMPRISONED"


def test_a_call_back_comes_at_the_agreed_hour(case, collector):
    """S004-24."""
    at = NOW + timedelta(hours=5)
    record(case, "CALL_BACK", collector, reason="UNKNOWN", recall_at=at)
    assert (fresh(case).next_action, fresh(case).next_action_at) == ("RECALL", at)


def test_a_closed_case_takes_only_inbound_results(collector):
    dispositions.seed_codes()
    case = factories.make_case(stage="CLOSED", closed_on=TODAY, close_reason="PAID")
    with pytest.raises(holds.CaseIsClosed):
        record(case, "NO_ANSWER", collector)
    record(case, "NO_CONTACT", collector, direction="IN")
    assert Disposition.objects.count() == 1


def test_undo_brings_back_everything_the_result_changed(case, collector):
    before = Case.objects.values("next_action", "next_action_at", "priority", "on_hold", "last_worked_at").get(
        id=case.id
    )
    result = record(case, "DECEASED", collector, contact_point=phone(case))
    dispositions.undo(result, by=collector, now=NOW + timedelta(seconds=8))
    after = Case.objects.values("next_action", "next_action_at", "priority", "on_hold", "last_worked_at").get(
        id=case.id
    )
    assert after == before
    assert not Hold.objects.filter(lifted_at=None).exists()
    assert not PersonStatus.objects.filter(ended_at=None).exists()


def test_undo_makes_a_struck_number_good_again(case, collector):
    result = record(case, "WRONG_NUMBER", collector, contact_point=phone(case))
    dispositions.undo(result, by=collector, now=NOW)
    assert phone(case).validity == "UNKNOWN"


def test_undo_is_for_the_same_person_within_a_day(case, collector, member):
    result = record(case, "NO_ANSWER", collector)
    with pytest.raises(dispositions.NotUndoable, match="Only whoever recorded"):
        dispositions.undo(result, by=member("COLLECTOR"), now=NOW)
    with pytest.raises(dispositions.NotUndoable, match="24 hours"):
        dispositions.undo(result, by=collector, now=NOW + timedelta(hours=25))


def test_only_the_newest_result_is_undone(case, collector):
    older = record(case, "NO_ANSWER", collector)
    record(case, "BUSY", collector)
    with pytest.raises(dispositions.NotUndoable, match="worked again"):
        dispositions.undo(older, by=collector, now=NOW)
