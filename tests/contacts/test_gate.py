"""The one door: what it says, what it stores, what its permits are good for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import translation

from contacts import approvals, gate, replaying, sentences
from contacts.models import ApprovalRequest, Decision, Permit
from debtors.models import ContactPoint
from jurisdictions.codes import Code
from tests import factories
from tests.contacts.conftest import NIGHT
from tests.contacts.makers import make_contact, make_hold, make_party


def test_a_reminder_call_on_a_weekday_morning_is_allowed(case, phone, now):
    """S001-01."""
    answer = gate.ask(case, channel="CALL", contact_point=phone, now=now)
    assert (answer.verdict, answer.codes, answer.zone) == ("ALLOW", (), "Europe/Chisinau")


def test_at_night_the_sentence_names_the_next_morning_on_the_debtors_clock(case, phone):
    answer = gate.ask(case, channel="CALL", contact_point=phone, now=NIGHT)
    assert answer.verdict == "DEFER"
    assert "next allowed Wed 25 Nov 08:00 Europe/Chisinau" in answer.sentence
    assert "it is 22:30 for the debtor, allowed 08:00-20:00" in answer.sentence


def test_the_third_call_of_a_week_in_romania_says_so_and_cites_the_code(in_agency, now):
    """S001-10."""
    mandate = factories.make_mandate(factories.make_creditor(country="RO"))
    case = factories.make_case(portfolio=factories.make_portfolio(mandate))
    for days in (1, 2):
        make_contact(case, kind="CONVERSATION", at=now - timedelta(days=days))
    phone = ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")
    answer = gate.ask(case, channel="CALL", contact_point=phone, now=now)
    assert answer.sentence.startswith("3rd call this week, the limit is 2; next allowed")
    assert "AMCC code" in answer.sentence


def test_asking_stores_nothing_and_reserves_nothing(case, phone, now):
    gate.ask(case, channel="CALL", contact_point=phone, now=now)
    assert (Decision.objects.count(), Permit.objects.count()) == (0, 0)


def test_a_request_stores_the_verdict_with_its_packs_and_gives_a_permit(case, phone, now, collector):
    decided = gate.request(case, channel="CALL", contact_point=phone, by=collector.user, now=now)
    decision = Decision.objects.get()
    assert decided.permit is not None
    assert decision.verdict == "ALLOW"
    assert [pack[0] for pack in decision.packs] == ["BASE", "EU", "MD"]
    assert decision.zone == "Europe/Chisinau"


def test_a_refusal_is_stored_too_and_gives_no_permit(case, phone, now):
    make_hold(case, "DISPUTE")
    decided = gate.request(case, channel="CALL", contact_point=phone, by=None, now=now)
    assert decided.permit is None
    assert Decision.objects.get().codes == ["DEBT_DISPUTED"]


def test_the_evidence_holds_no_name_number_or_text(case, phone, now):
    gate.request(case, channel="SMS", contact_point=phone, by=None, now=now)
    decision = Decision.objects.get()
    stored = f"{decision.intent} {decision.findings}"
    assert phone.value not in stored
    assert case.debtor.name not in stored


def test_a_stored_decision_can_be_told_again_in_other_words(case, phone):
    decided = gate.request(case, channel="CALL", contact_point=phone, by=None, now=NIGHT)
    stored = Decision.objects.get()
    assert gate.sentence(stored) == decided.sentence
    with translation.override("ro"):
        assert "Europe/Chisinau" in gate.sentence(stored)


def test_a_permit_is_good_for_five_minutes_and_never_past_the_closing_hour(case, phone):
    just_before = datetime(2026, 11, 24, 17, 57, tzinfo=UTC)
    permit = gate.request(case, channel="CALL", contact_point=phone, by=None, now=just_before).permit
    assert permit.expires_at == datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


def test_a_permit_leaves_once(case, phone, now):
    permit = gate.request(case, channel="SMS", contact_point=phone, content_digest=b"a", by=None, now=now).permit
    gate.use(permit, content_digest=b"a", now=now)
    with pytest.raises(gate.PermitSpent):
        gate.use(permit, content_digest=b"a", now=now)


def test_a_permit_does_not_carry_other_content(case, phone, now):
    permit = gate.request(case, channel="SMS", contact_point=phone, content_digest=b"a", by=None, now=now).permit
    with pytest.raises(gate.ContentDiffers):
        gate.use(permit, content_digest=b"b", now=now)


def test_an_old_permit_is_worth_nothing(case, phone, now):
    permit = gate.request(case, channel="SMS", contact_point=phone, content_digest=b"a", by=None, now=now).permit
    with pytest.raises(gate.PermitExpired):
        gate.use(permit, content_digest=b"a", now=now + timedelta(minutes=6))


def test_a_permit_not_yet_spent_already_counts(case, phone, now):
    gate.request(case, channel="SMS", contact_point=phone, by=None, now=now)
    again = gate.request(case, channel="SMS", contact_point=phone, by=None, now=now)
    assert again.decision.codes == ["FREQ_CAP"]


def test_within_one_batch_the_second_message_to_a_person_is_counted_against_the_first(case, phone, now):
    question = gate.Question(case.id, "SMS", phone.id)
    first, second = gate.request_many([gate.Request(question), gate.Request(question)], now=now)
    assert (first.decision.verdict, second.decision.verdict) == ("ALLOW", "DEFER")


def test_counts_are_shared_by_all_cases_of_the_person(case, phone, now):
    other = factories.make_case(debtor=case.debtor)
    make_contact(other, kind="SMS", at=now - timedelta(hours=1))
    assert gate.ask(case, channel="SMS", contact_point=phone, now=now).codes == ("FREQ_CAP",)


def test_a_message_the_carrier_never_took_counts_for_nothing(case, phone, now):
    make_contact(case, kind="SMS", at=now - timedelta(hours=1), outcome="NOT_PLACED")
    assert gate.ask(case, channel="SMS", contact_point=phone, now=now).allowed


def test_decisions_can_be_neither_edited_nor_deleted(case, phone, now):
    gate.request(case, channel="CALL", contact_point=phone, by=None, now=now)
    for statement in ("UPDATE contacts_decision SET verdict = 'ALLOW'", "DELETE FROM contacts_decision"):
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_no_contact_leaves_without_a_permit_unless_it_stands_out(case, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_contact(case, at=now, unpermitted=False)


def test_replaying_a_stored_decision_confirms_it(case, phone, now):
    gate.request(case, channel="CALL", contact_point=phone, by=None, now=now)
    gate.request(case, channel="CALL", contact_point=phone, by=None, now=NIGHT)
    assert [replaying.replay(decision).same for decision in Decision.objects.order_by("id")] == [True, True]


def test_every_code_has_a_sentence():
    assert {str(code) for code in Code} - set(sentences.SENTENCES) == set()


def test_every_sentence_can_be_said_without_knowing_the_inputs():
    assert all(sentences.reason(code, {}) for code in sentences.SENTENCES)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("FRAUD", "STATUS_FRAUD"),
        ("CLAIMS_PAID", "CLAIMS_PAID"),
        ("INSOLVENCY", "STATUS_INSOLVENCY"),
        ("DECEASED", "STATUS_DECEASED"),
        ("REPRESENTED", "STATUS_REPRESENTED"),
        ("CEASE_REQUEST", "STATUS_CEASE"),
        ("CREDITOR", "CREDITOR_HOLD"),
    ],
)
def test_a_hold_on_the_case_stops_contact(case, phone, now, reason, code):
    make_hold(case, reason)
    answer = gate.ask(case, channel="CALL", contact_point=phone, now=now)
    assert (answer.verdict, answer.codes) == ("BLOCK", (code,))


def test_a_disputed_debt_is_left_to_a_second_persons_judgement_where_the_law_does_not_block_it(case, phone, now):
    make_hold(case, "DISPUTE")
    answer = gate.ask(case, channel="CALL", contact_point=phone, now=now)
    assert (answer.verdict, answer.codes) == ("APPROVE", ("DEBT_DISPUTED",))


def test_a_lifted_hold_stops_nothing(case, phone, now):
    make_hold(case, "DISPUTE", lifted_at=now - timedelta(hours=1))
    assert gate.ask(case, channel="CALL", contact_point=phone, now=now).allowed


def test_a_channel_outside_the_mandate_is_refused(in_agency, now):
    """S003-17."""
    mandate = factories.make_mandate(allowed_channels=["CALL", "LETTER"])
    case = factories.make_case(portfolio=factories.make_portfolio(mandate))
    phone = ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")
    assert gate.ask(case, channel="SMS", contact_point=phone, now=now).codes == ("CHANNEL_NOT_IN_MANDATE",)
    assert gate.ask(case, channel="CALL", contact_point=phone, now=now).allowed


def test_the_agencys_own_rules_are_told_in_the_readers_language_alone(in_agency, now):
    mandate = factories.make_mandate(allowed_channels=["CALL"])
    case = factories.make_case(portfolio=factories.make_portfolio(mandate))
    with translation.override("ro"):
        answer = gate.ask(case, channel="SMS", now=now)
    assert answer.codes == ("CHANNEL_NOT_IN_MANDATE",)
    assert answer.sentence == "Mandatul creditorului nu permite acest canal"


@pytest.mark.parametrize(
    ("validity", "code"),
    [
        ("UNCONFIRMED", "CONTACT_POINT_UNCONFIRMED"),
        ("WRONG_NUMBER", "CONTACT_POINT_INVALID"),
        ("INVALID", "CONTACT_POINT_INVALID"),
    ],
)
def test_a_number_that_may_not_be_the_debtors_is_not_called(case, phone, now, validity, code):
    """S004-60, S004-72."""
    ContactPoint.objects.filter(id=phone.id).update(validity=validity)
    assert gate.ask(case, channel="CALL", contact_point=phone, now=now).codes == (code,)


def test_a_number_of_nobody_on_the_case_is_refused(case, now):
    """S004-68, S004-72."""
    stranger = factories.make_case()
    point = ContactPoint.objects.get(debtor_id=stranger.debtor_id, kind="PHONE")
    assert gate.ask(case, channel="CALL", contact_point=point, now=now).codes == ("CONTACT_POINT_NOT_OWNED",)


def test_a_paid_case_and_a_case_of_an_ended_mandate_are_left_alone(in_agency, now):
    paid = factories.make_case(balance=0, overdue=0)
    ended = factories.make_case(
        portfolio=factories.make_portfolio(factories.make_mandate(ends_on=factories.TODAY - timedelta(days=1)))
    )
    for one in (paid, ended):
        assert gate.ask(one, channel="CALL", now=now).codes == ("DEBT_CLOSED",)


def test_a_ceded_debt_without_notice_of_assignment_is_not_collected(in_agency, now):
    """S004-11."""
    mandate = factories.make_mandate(ownership="CEDED", assignment_notice_required=True)
    case = factories.make_case(portfolio=factories.make_portfolio(mandate))
    assert gate.ask(case, channel="CALL", now=now).codes == ("NOTICE_MISSING",)
    assert gate.ask(case, channel="LETTER", message_kind="ASSIGNMENT_NOTICE", now=now).allowed


def test_the_law_of_residence_binds_beside_that_of_the_contract(in_agency, now):
    case = factories.make_case(debtor=factories.make_debtor(country="IT", phone="+393471234567"))
    phone = ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")
    answer = gate.ask(case, channel="IVM", contact_point=phone, now=now)
    assert "CHANNEL_PROHIBITED" in answer.codes


def test_a_guarantor_in_romania_needs_a_second_persons_approval(in_agency, now, member):
    """S004-17."""
    mandate = factories.make_mandate(factories.make_creditor(country="RO"))
    case = factories.make_case(portfolio=factories.make_portfolio(mandate))
    point = ContactPoint.objects.get(debtor_id=make_party(case, "GUARANTOR").person_id, kind="PHONE")
    asker, other = member("COLLECTOR").user, member("COORDINATOR").user
    decided = gate.request(case, channel="CALL", contact_point=point, by=asker, now=now)
    assert decided.decision.verdict == "APPROVE"
    asked = approvals.ask_approval(decided.decision, by=asker, now=now)
    with pytest.raises(approvals.SecondPersonNeeded):
        approvals.decide(asked, granted=True, by=asker, now=now)
    approvals.decide(asked, granted=True, by=other, now=now)
    approved = gate.request(case, channel="CALL", contact_point=point, by=asker, now=now)
    assert approved.permit is not None
    assert approved.decision.approved_by == other


def test_an_approval_covers_one_contact_point_and_lapses(in_agency, now, member):
    mandate = factories.make_mandate(factories.make_creditor(country="RO"))
    case = factories.make_case(portfolio=factories.make_portfolio(mandate))
    point, elsewhere = (
        ContactPoint.objects.get(debtor_id=make_party(case, "GUARANTOR").person_id, kind="PHONE") for _ in range(2)
    )
    asker, other = member("COLLECTOR").user, member("COORDINATOR").user
    decided = gate.request(case, channel="CALL", contact_point=point, by=asker, now=now)
    approvals.decide(approvals.ask_approval(decided.decision, by=asker, now=now), granted=True, by=other, now=now)
    assert gate.request(case, channel="CALL", contact_point=elsewhere, by=asker, now=now).permit is None
    later = now + timedelta(days=6)
    assert gate.request(case, channel="CALL", contact_point=point, by=asker, now=later).permit is None


def test_what_the_law_blocks_cannot_even_be_put_up_for_approval(case, phone, now, collector):
    make_hold(case, "FRAUD")
    decided = gate.request(case, channel="CALL", contact_point=phone, by=collector.user, now=now)
    with pytest.raises(approvals.NothingToApprove):
        approvals.ask_approval(decided.decision, by=collector.user, now=now)
    assert ApprovalRequest.objects.count() == 0


def test_an_approval_does_not_lift_the_hours(in_agency, now, member):
    case = factories.make_case()
    make_hold(case, "HARDSHIP")
    phone = ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")
    asker, other = member("COLLECTOR").user, member("COORDINATOR").user
    decided = gate.request(case, channel="CALL", contact_point=phone, by=asker, now=now)
    approvals.decide(approvals.ask_approval(decided.decision, by=asker, now=now), granted=True, by=other, now=now)
    assert gate.request(case, channel="CALL", contact_point=phone, by=asker, now=NIGHT).permit is None
    assert gate.request(case, channel="CALL", contact_point=phone, by=asker, now=now).permit is not None


def test_an_expired_authorisation_makes_a_proxy_a_third_party(case, now):
    """S001-11, S004-68, S004-70, S004-75."""
    party = make_party(case, "PROXY", valid_until=factories.TODAY - timedelta(days=1))
    point = ContactPoint.objects.get(debtor_id=party.person_id, kind="PHONE")
    assert gate.ask(case, channel="CALL", contact_point=point, now=now).codes == ("PARTY_THIRD_PARTY",)


def test_the_meter_shows_how_much_of_each_limit_is_used(case, phone, now):
    make_contact(case, kind="SMS", at=now - timedelta(days=2))
    meter: Any = gate.ask(case, channel="SMS", contact_point=phone, now=now).meter
    assert [(bar.used, bar.limit, bar.days) for bar in meter.bars] == [(0, 1, 1), (1, 3, 7)]
    assert meter.closes_local.strftime("%H:%M") == "20:00"
