"""Calls people make: asked for before, recorded after, and none goes uncounted."""

from datetime import timedelta

import pytest

from audit.models import Event
from contacts import calls, gate, waterfall
from contacts.models import Contact, Decision
from debtors.models import ContactPoint
from tests import factories
from tests.contacts.conftest import NIGHT
from tests.contacts.makers import make_contact, make_party


@pytest.fixture
def no_answer(case):
    return factories.make_disposition_code(outcome="NO_ANSWER")


@pytest.fixture
def spoken(case):
    return factories.make_disposition_code(outcome="CONVERSATION")


def test_a_begun_call_counts_before_anybody_answers(case, phone, now, collector):
    permit = calls.begin_call(case, phone, by=collector, now=now)
    contact = Contact.objects.get()
    assert (contact.kind, contact.permit_id, contact.by) == ("CALL_ATTEMPT", permit.id, collector.user)
    assert permit.used_at == now


def test_a_call_at_night_is_refused_with_the_sentence_and_the_refusal_is_kept(case, phone, collector):
    with pytest.raises(calls.ContactNotAllowed) as refused:
        calls.begin_call(case, phone, by=collector, now=NIGHT)
    assert "next allowed Wed 25 Nov 08:00 Europe/Chisinau" in refused.value.sentence
    assert Decision.objects.get().verdict == "DEFER"
    assert Contact.objects.count() == 0


def test_a_conversation_is_counted_as_one_and_bears_its_result(case, phone, now, collector, spoken):
    permit = calls.begin_call(case, phone, by=collector, now=now)
    disposition = calls.record_result(case, code=spoken, permit_id=permit.id, by=collector, now=now)
    contact = Contact.objects.get()
    assert (contact.kind, contact.outcome, contact.disposition) == ("CONVERSATION", "CONVERSATION", disposition)
    assert gate.ask(case, channel="CALL", contact_point=phone, now=now).codes == ("FREQ_CAP",)


def test_an_unanswered_call_stays_an_attempt(case, phone, now, collector, no_answer):
    permit = calls.begin_call(case, phone, by=collector, now=now)
    calls.record_result(case, code=no_answer, permit_id=permit.id, by=collector, now=now)
    assert Contact.objects.get().kind == "CALL_ATTEMPT"
    assert gate.ask(case, channel="CALL", contact_point=phone, now=now).allowed


def test_a_number_that_was_not_dialled_after_all_counts_for_nothing(case, phone, now, collector):
    code = factories.make_disposition_code(outcome="NO_CONTACT")
    permit = calls.begin_call(case, phone, by=collector, now=now)
    calls.record_result(case, code=code, permit_id=permit.id, by=collector, now=now)
    meter = gate.ask(case, channel="CALL", contact_point=phone, now=now).meter
    assert meter is not None
    assert all(bar.used == 0 for bar in meter.bars)


def test_a_call_costs_what_the_agency_pays(case, phone, now, collector, no_answer, agency):
    """S000-25."""
    agency.call_cost = "0.1200"
    agency.save()
    permit = calls.begin_call(case, phone, by=collector, now=now)
    calls.record_result(case, code=no_answer, permit_id=permit.id, by=collector, now=now)
    assert str(Contact.objects.get().cost) == "0.1200"


def test_an_outbound_call_nobody_asked_for_is_recorded_as_such_and_alarms(case, phone, now, collector, spoken):
    calls.record_result(case, code=spoken, contact_point=phone, direction="OUT", by=collector, now=now)
    assert Contact.objects.get().unpermitted
    assert Event.objects.filter(kind="contact.unpermitted", case_id=case.id).count() == 1


def test_a_debtor_who_calls_us_needs_no_permit_and_raises_no_alarm(case, phone, now, collector, spoken):
    calls.record_result(case, code=spoken, contact_point=phone, direction="IN", by=collector, now=now)
    contact = Contact.objects.get()
    assert (contact.direction, contact.unpermitted) == ("IN", False)
    assert not Event.objects.filter(kind="contact.unpermitted").exists()


def test_a_permit_of_another_case_records_nothing(case, phone, now, collector, spoken):
    permit = calls.begin_call(case, phone, by=collector, now=now)
    other = factories.make_case()
    with pytest.raises(calls.PermitNotFound):
        calls.record_result(other, code=spoken, permit_id=permit.id, by=collector, now=now)


def test_numbers_are_tried_holder_first_then_employer_codebtor_guarantor(case, phone, now):
    """S004-12, S004-14."""
    employer = ContactPoint.objects.create(
        debtor_id=case.debtor_id, kind="PHONE", value="+37322000001", owner_role="EMPLOYER", place="WORKPLACE"
    )
    guarantor, codebtor = (make_party(case, role).person_id for role in ("GUARANTOR", "CODEBTOR"))
    found = waterfall.best_points(case, now=now)
    assert [one.rank for one in found] == [0, 1, 2, 3]
    assert [one.point_id for one in found[:2]] == [phone.id, employer.id]
    assert [one.person_id for one in found[2:]] == [codebtor, guarantor]


def test_each_number_comes_with_the_gates_answer(case, now):
    make_party(case, "GUARANTOR")
    assert [one.answer.verdict for one in waterfall.best_points(case, now=now)] == ["ALLOW", "APPROVE"]


def test_an_employers_number_in_romania_is_shown_with_the_reason_why_not(in_agency, now):
    """S004-17, S004-71."""
    mandate = factories.make_mandate(factories.make_creditor(country="RO"))
    case = factories.make_case(portfolio=factories.make_portfolio(mandate))
    ContactPoint.objects.create(
        debtor_id=case.debtor_id, kind="PHONE", value="+40212000001", owner_role="EMPLOYER", place="WORKPLACE"
    )
    employer = waterfall.best_points(case, now=now)[1]
    assert employer.answer.codes == ("PLACE_WORKPLACE",)


def test_invalid_numbers_come_last_with_their_reason(case, phone, now):
    good = ContactPoint.objects.create(debtor_id=case.debtor_id, kind="PHONE", value="+37322000002")
    ContactPoint.objects.filter(id=phone.id).update(validity="WRONG_NUMBER")
    found = waterfall.best_points(case, now=now)
    assert [(one.point_id, one.usable) for one in found] == [(good.id, True), (phone.id, False)]
    assert found[1].validity == "Wrong number"


def test_the_number_that_answered_last_is_tried_first(case, phone, now):
    other = ContactPoint.objects.create(
        debtor_id=case.debtor_id, kind="PHONE", value="+37322000002", validity="VALID",
        last_answered_at=now - timedelta(days=3),
    )  # fmt: skip
    assert waterfall.best_points(case, now=now)[0].point_id == other.id


def test_a_case_without_any_good_number_is_one_for_skip_tracing(case, phone, now):
    """S004-14."""
    assert not waterfall.all_invalid(case, now=now)
    ContactPoint.objects.filter(id=phone.id).update(validity="DISCONNECTED")
    assert waterfall.all_invalid(case, now=now)


def test_what_an_earlier_conversation_says_does_not_stop_the_next_week(case, phone, now):
    make_contact(case, kind="CONVERSATION", at=now - timedelta(days=8))
    assert gate.ask(case, channel="CALL", contact_point=phone, now=now).allowed
