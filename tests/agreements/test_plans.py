"""Payment plans from the advance instalment to the last one, or to enforcement (S004-47…52)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from cases import approvals, documents, plan_formats, plan_judging, plans, queue, roll, transitions
from cases.holds import CaseIsClosed
from cases.models import Approval, Case, Document, Instalment, Plan, PlanFormat
from cases.plan_schedule import ScheduleRefused
from ledger import proof
from ledger.models import Payment
from tests import factories
from tests.agreements.people import (
    NOW,
    again,
    asked,
    decide,
    drafted,
    fresh,
    make_case,
    moment,
    pay,
    signed,
    take_back,
)
from tests.factories import TODAY


@pytest.fixture
def case(in_agency):
    return make_case()


@pytest.fixture
def kind(case):
    return factories.make_plan_format(case.mandate, balloon_allowed=True)


def after(days):
    return TODAY + timedelta(days=days)


def night(days):
    return plan_judging.judge_due(as_of=after(days), now=moment(after(days)))


class TestFormats:
    def test_a_format_is_used_only_once_the_creditor_approved_it(self, case, member):
        """S001-06."""
        waiting = factories.make_plan_format(case.mandate, approved=False)
        assert list(plan_formats.usable(case.mandate)) == []
        with pytest.raises(plan_formats.FormatNotApproved):
            asked(case, member("COLLECTOR"), waiting)

        decide("PLAN_FORMAT", waiting, member("CREDITOR_USER", creditor=case.creditor))
        assert [one.id for one in plan_formats.usable(case.mandate)] == [waiting.id]

    def test_no_coordinator_and_no_statement_approves_a_format_in_the_creditors_place(self, case, member):
        waiting = factories.make_plan_format(case.mandate, approved=False)
        with pytest.raises(approvals.NotYours):
            decide("PLAN_FORMAT", waiting, member("COORDINATOR"))
        with pytest.raises(IntegrityError, match="not approved"), transaction.atomic():
            PlanFormat.objects.filter(id=waiting.id).update(state="APPROVED")

    def test_a_format_of_another_mandate_is_refused(self, case, kind, member):
        other = make_case()
        with pytest.raises(plan_formats.FormatNotApproved):
            asked(other, member("COLLECTOR"), kind)

    def test_a_format_may_not_be_longer_than_the_mandate_allows(self, in_agency, member):
        """S004-49."""
        mandate = factories.make_mandate(max_plan_months=6)
        with pytest.raises(plan_formats.FormatTooLong, match="at most 6"):
            factories.make_plan_format(mandate, max_months=7)

    def test_a_retired_format_makes_room_for_another_of_its_name(self, case, kind, member):
        plan_formats.retire(kind, by=member("MANAGER"), now=NOW)
        assert factories.make_plan_format(case.mandate, name=kind.name).id != kind.id


class TestAdvance:
    def test_the_advance_is_at_least_one_original_instalment(self, case, kind, member):
        """S004-47."""
        with pytest.raises(plans.AdvanceTooSmall, match="100"):
            asked(case, member("COLLECTOR"), kind, advance=99)

    def test_only_the_booked_advance_brings_the_case_to_the_restructuring_queue(self, case, kind, member):
        """S004-48."""
        plan = asked(case, member("COLLECTOR"), kind)
        officer = member("RESTRUCTURING_OFFICER")
        assert queue.take_next(officer, now=moment(after(6))) is None
        with pytest.raises(plans.AdvanceNotPaid):
            drafted(plan, officer)

        pay(case, 60)
        assert again(plan).state == "ADVANCE_DUE"
        pay(case, 40, on=after(2))

        assert again(plan).state == "DRAFTING"
        taken = queue.take_next(officer, now=moment(after(6)))
        assert (taken.id, taken.next_action) == (case.id, "RESTRUCTURE")
        assert "advance" in queue.explain("RESTRUCTURE", NOW, NOW, 0, 0)

    def test_money_booked_before_the_plan_was_asked_for_is_no_advance(self, case, kind, member):
        pay(case, 100)
        plan = asked(case, member("COLLECTOR"), kind)
        pay(case, 50)
        assert again(plan).state == "ADVANCE_DUE"

    def test_an_advance_taken_back_closes_the_draft_again(self, case, kind, member):
        plan = asked(case, member("COLLECTOR"), kind)
        paid = pay(case, 100)
        drafted(plan, member("RESTRUCTURING_OFFICER"))

        take_back(case, paid)

        assert again(plan).state == "ADVANCE_DUE"
        assert Approval.objects.get(kind="PLAN").state == "WITHDRAWN"

    def test_an_advance_that_does_not_come_lets_the_plan_lapse(self, case, kind, member):
        plan = asked(case, member("COLLECTOR"), kind)
        assert night(5) == {}
        assert night(6) == {"LAPSED": 1}
        assert night(6) == {}
        assert (again(plan).state, fresh(case).next_action) == ("LAPSED", "CALL")

    def test_an_advance_paid_in_time_and_booked_late_revives_the_plan(self, case, kind, member):
        plan = asked(case, member("COLLECTOR"), kind)
        night(6)
        pay(case, 100, on=after(4), booked=after(8))
        assert (again(plan).state, fresh(case).next_action) == ("DRAFTING", "RESTRUCTURE")

    def test_one_plan_at_a_time(self, case, kind, member):
        asked(case, member("COLLECTOR"), kind)
        with pytest.raises(plans.AgreementAlreadyOpen):
            asked(case, member("COLLECTOR"), kind)


class TestDraft:
    @pytest.fixture
    def plan(self, case, kind, member):
        made = asked(case, member("COLLECTOR"), kind)
        pay(case, 100)
        return made

    def test_instalments_below_the_original_or_beyond_a_year_are_refused(self, plan, member):
        """S004-49, S004-50."""
        officer = member("RESTRUCTURING_OFFICER")
        with pytest.raises(ScheduleRefused, match="smallest allowed is 100"):
            drafted(plan, officer, months=10)
        with pytest.raises(ScheduleRefused, match="at most 12"):
            drafted(plan, officer, months=13)
        with pytest.raises(ScheduleRefused, match="is owed"):
            drafted(plan, officer, amount=Decimal(901))

    def test_the_decider_reads_interest_fee_and_total(self, case, member):
        """S001-15."""
        kind = factories.make_plan_format(case.mandate, interest_percent=Decimal(12), fee_percent=Decimal(2))
        plan = asked(case, member("COLLECTOR"), kind)
        pay(case, 100)
        drafted(plan, member("RESTRUCTURING_OFFICER"))

        waiting = Approval.objects.get(kind="PLAN")
        shown = {fact.label: fact.value for fact in plans.APPROVAL.shown(waiting)}
        assert (shown["Fee"], shown["Interest"], shown["To be paid in all"]) == ("18.00 MDL", "22.60 MDL", "940.60 MDL")

    def test_whoever_drafts_does_not_approve(self, plan, member):
        coordinator = member("COORDINATOR")
        drafted(plan, coordinator)
        with pytest.raises(approvals.SecondPersonNeeded):
            decide("PLAN", plan, coordinator)

    def test_where_the_mandate_says_so_the_creditor_approves_too(self, in_agency, member):
        case = make_case(mandate=factories.make_mandate(approvals=["PLAN"]))
        kind = factories.make_plan_format(case.mandate)
        plan = asked(case, member("COLLECTOR"), kind)
        pay(case, 100)
        drafted(plan, member("RESTRUCTURING_OFFICER"))
        waiting = {one.side: one for one in Approval.objects.filter(kind="PLAN")}
        assert set(waiting) == {"COORDINATOR", "CREDITOR"}

        approvals.decide(waiting["COORDINATOR"], grant=True, by=member("COORDINATOR"), now=NOW)
        assert again(plan).state == "AWAITING_APPROVAL"
        approvals.decide(waiting["CREDITOR"], grant=True, by=member("CREDITOR_USER", creditor=case.creditor), now=NOW)
        assert again(plan).state == "APPROVED"

    def test_no_statement_makes_a_plan_stand_that_nobody_approved(self, plan):
        with pytest.raises(IntegrityError, match="not approved"), transaction.atomic():
            Plan.objects.filter(id=plan.id).update(state="ACTIVE", amount=1, signed_on=TODAY)

    def test_a_refused_draft_goes_back_to_the_officer_with_the_reason(self, case, plan, member):
        officer = member("RESTRUCTURING_OFFICER")
        drafted(plan, officer)
        decide("PLAN", plan, member("COORDINATOR"), grant=False, note="Too long")

        assert again(plan).state == "REFUSED"
        new = Plan.objects.get(state="DRAFTING")
        assert (new.note, fresh(case).next_action) == ("Too long", "RESTRUCTURE")
        drafted(new, officer, months=3)
        assert again(new).state == "AWAITING_APPROVAL"

    def test_an_advance_taken_back_after_the_approval_needs_a_new_draft_and_a_new_approval(self, case, plan, member):
        officer = member("RESTRUCTURING_OFFICER")
        drafted(plan, officer)
        decide("PLAN", plan, member("COORDINATOR"))
        take_back(case, Payment.objects.get())
        assert again(plan).state == "ADVANCE_DUE"
        with pytest.raises(plans.PlanIsElsewhere):
            plans.sign(again(plan), by=officer, as_of=TODAY, now=NOW)

        pay(case, 100)
        new = drafted(plan, officer)
        assert (again(plan).state, again(new).state, new.id != plan.id) == ("CANCELLED", "AWAITING_APPROVAL", True)

    def test_no_schedule_is_made_or_signed_on_a_closed_case(self, case, plan, member):
        transitions.close(fresh(case), reason="RECALLED", by=member("MANAGER"), as_of=TODAY)
        with pytest.raises(CaseIsClosed):
            drafted(plan, member("RESTRUCTURING_OFFICER"), amount=Decimal(500))

    def test_the_approved_plan_has_its_paper_in_the_debtors_language(self, plan, member):
        drafted(plan, member("RESTRUCTURING_OFFICER"))
        decide("PLAN", plan, member("COORDINATOR"))

        paper = Document.objects.get(kind="AGREEMENT")
        assert (again(plan).document_id, paper.language, paper.subject_id) == (paper.id, "ro", plan.id)
        assert documents.content_of(paper).startswith(b"%PDF")


class TestKept:
    def test_a_signed_plan_keeps_the_case_from_going_further(self, in_agency, kind, case, member):
        """S004-48: the debt keeps its days past due, the case stays where it is."""
        signed(case, member, kind)
        kept = fresh(case)
        assert (kept.on_plan, kept.stage, kept.oldest_due_on) == (True, "PRE_SOFT", case.oldest_due_on)

        moved = roll.roll_stages(as_of=after(29), now=moment(after(29)))
        assert moved == {}
        refusal = {rule.name: why for rule, why in transitions.available(kept, role="MANAGER", as_of=after(80))}
        assert "payment plan is being kept" in refusal["send_to_field"]

    def test_neither_interest_nor_penalty_runs_beside_the_plan(self, in_agency, member):
        case = make_case(mandate=factories.make_mandate(interest_percent=Decimal(36)))
        signed(case, member, factories.make_plan_format(case.mandate))
        roll.roll_day(as_of=after(10), now=moment(after(10)))
        assert fresh(case).balance == 900

    def test_what_the_plan_costs_is_charged_at_the_signature_and_the_books_agree(self, in_agency, case, member):
        """S001-07."""
        kind = factories.make_plan_format(case.mandate, interest_percent=Decimal(12), fee_percent=Decimal(2))
        plan = signed(case, member, kind, months=4)
        account = fresh(case).account
        assert (account.fees, account.interest) == (plan.fee, plan.interest) == (Decimal("18.00"), Decimal("22.60"))
        assert fresh(case).balance == plan.total
        assert proof.prove() == []

    def test_every_instalment_in_time_completes_the_plan_and_closes_the_case(self, case, kind, member):
        """S000-16, S000-17."""
        plan = signed(case, member, kind)
        for number, days in ((1, 30), (2, 61), (3, 92)):
            row = Instalment.objects.get(plan=plan, number=number)
            pay(case, row.amount, on=after(days - 3))
            assert night(days) == {}
        assert (again(plan).state, fresh(case).stage, fresh(case).close_reason) == ("COMPLETED", "CLOSED", "PAID")

    def test_a_late_instalment_within_the_days_of_grace_is_in_time(self, case, kind, member):
        plan = signed(case, member, kind)
        assert night(33) == {}
        pay(case, 300, on=after(33))
        assert night(34) == {}
        assert again(plan).state == "ACTIVE"

    def test_one_missed_instalment_opens_enforcement(self, case, kind, member):
        """S004-52, S001-16."""
        plan = signed(case, member, kind)
        assert night(34) == {"BROKEN": 1}
        assert night(34) == {}

        broken = fresh(case)
        assert (again(plan).state, broken.on_plan, broken.next_action) == ("BROKEN", False, "ENFORCE")
        assert "enforcement" in queue.explain("ENFORCE", NOW, NOW, 0, 0)
        assert Event.objects.filter(kind="case.plan_broken", case_id=case.id).count() == 1
        offered = {rule.name: why for rule, why in transitions.available(broken, role="MANAGER", as_of=after(34))}
        assert offered["send_to_field"] == ""

    def test_a_missed_instalment_opens_field_to_people_before_its_days(self, in_agency, member):
        """S004-52: without the broken plan field is refused at that age."""
        case = make_case(days_past_due=40, stage="SOFT")
        manager = member("MANAGER")
        with pytest.raises(transitions.TransitionRefused):
            transitions.apply(fresh(case), "send_to_field", by=manager, as_of=TODAY)
        signed(case, member, factories.make_plan_format(case.mandate))
        Case.objects.filter(id=case.id).update(oldest_due_on=after(0))
        night(34)
        transitions.apply(fresh(case), "send_to_field", by=manager, as_of=after(34))
        assert roll.roll_stages(as_of=after(70), now=moment(after(70))) == {}
        assert fresh(case).stage == "FIELD"

    def test_a_bounced_instalment_breaks_the_plan_and_a_late_booking_mends_it(self, case, kind, member):
        plan = signed(case, member, kind)
        paid = pay(case, 300, on=after(25))
        take_back(case, paid, on=after(40))
        assert (again(plan).state, fresh(case).plan_broken) == ("BROKEN", True)

        pay(case, 300, on=after(26), booked=after(41))
        assert (again(plan).state, fresh(case).on_plan, fresh(case).plan_broken) == ("ACTIVE", True, False)

    def test_a_reversal_after_the_last_instalment_reopens_case_and_plan(self, case, kind, member):
        plan = signed(case, member, kind)
        pay(case, 600, on=after(20))
        last = pay(case, 300, on=after(20))
        assert (again(plan).state, fresh(case).stage) == ("COMPLETED", "CLOSED")

        take_back(case, last, on=after(21))
        assert (again(plan).state, fresh(case).on_plan) == ("ACTIVE", True)
        assert fresh(case).stage != "CLOSED"

    def test_a_cancelled_plan_lets_the_case_go_on(self, case, kind, member):
        plan = signed(case, member, kind)
        with pytest.raises(plans.NotYours):
            plans.cancel(again(plan), by=member("COLLECTOR"), now=NOW)
        plans.cancel(again(plan), by=member("COORDINATOR"), now=NOW)
        assert (again(plan).state, fresh(case).on_plan, fresh(case).plan_broken) == ("CANCELLED", False, False)

    def test_the_plan_of_a_case_closed_otherwise_ends_with_it(self, case, kind, member):
        plan = signed(case, member, kind)
        transitions.close(fresh(case), reason="RECALLED", by=member("MANAGER"), as_of=TODAY)
        assert night(34) == {}
        assert (again(plan).state, fresh(case).on_plan) == ("CANCELLED", False)
