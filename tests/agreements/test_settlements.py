"""Settlements: a discount within the limit, the agreed sum in time, the waiver, and its undoing (S000-17)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cases import approvals, documents, roll, settlements
from cases.models import Approval, Document, Settlement
from ledger import proof
from tests import factories
from tests.agreements.people import NOW, decide, fresh, make_case, moment, pay, take_back
from tests.factories import TODAY


@pytest.fixture
def case(in_agency):
    return make_case()


def offered(case, by, *, percent=30, days=10):
    return settlements.offer(
        fresh(case), discount_percent=Decimal(percent), pay_by=TODAY + timedelta(days=days), by=by, as_of=TODAY,
        now=NOW,
    )  # fmt: skip


def granted(case, member, **terms):
    made = offered(case, member("COLLECTOR"), **terms)
    decide("DISCOUNT", made, member("COORDINATOR"))
    return made


def state(one):
    return Settlement.objects.get(id=one.id).state


def night(days):
    return roll.roll_day(as_of=TODAY + timedelta(days=days), now=moment(TODAY + timedelta(days=days)))


def test_a_discount_above_the_mandates_limit_is_refused_with_a_sentence(case, member):
    """S003-17."""
    with pytest.raises(settlements.DiscountTooLarge, match="at most 30"):
        offered(case, member("COLLECTOR"), percent=31)
    none = make_case(mandate=factories.make_mandate())
    with pytest.raises(settlements.DiscountTooLarge, match="no discount"):
        offered(none, member("COLLECTOR"), percent=1)


def test_the_day_of_payment_lies_within_three_months(case, member):
    with pytest.raises(settlements.PayDayRefused):
        offered(case, member("COLLECTOR"), days=93)
    with pytest.raises(settlements.PayDayRefused):
        offered(case, member("COLLECTOR"), days=-1)


def test_nothing_is_offered_before_a_second_person_agreed(case, member):
    coordinator = member("COORDINATOR")
    made = offered(case, coordinator)
    with pytest.raises(approvals.SecondPersonNeeded):
        decide("DISCOUNT", made, coordinator)
    with pytest.raises(IntegrityError, match="not approved"), transaction.atomic():
        Settlement.objects.filter(id=made.id).update(state="OFFERED")


def test_where_the_mandate_says_so_the_creditor_agrees_too(in_agency, member):
    case = make_case(mandate=factories.make_mandate(max_discount_percent=30, approvals=["DISCOUNT"]))
    made = offered(case, member("COLLECTOR"))
    sides = {one.side: one for one in Approval.objects.filter(kind="DISCOUNT")}
    approvals.decide(sides["COORDINATOR"], grant=True, by=member("COORDINATOR"), now=NOW)
    assert state(made) == "AWAITING_APPROVAL"
    approvals.decide(sides["CREDITOR"], grant=True, by=member("CREDITOR_USER", creditor=case.creditor), now=NOW)
    assert state(made) == "OFFERED"


def test_the_approved_offer_has_its_paper_in_the_debtors_language(case, member):
    made = granted(case, member)
    paper = Document.objects.get(kind="SETTLEMENT")
    assert (paper.subject_id, paper.language) == (made.id, "ro")
    assert documents.content_of(paper).startswith(b"%PDF")


def test_the_agreed_sum_in_time_waives_the_rest_and_closes_the_case(case, member):
    """S000-17."""
    made = granted(case, member)
    pay(case, 300)
    assert (state(made), fresh(case).balance) == ("OFFERED", 700)
    pay(case, 400, on=TODAY + timedelta(days=9))

    closed = fresh(case)
    assert (state(made), closed.stage, closed.close_reason, closed.balance) == ("PAID", "CLOSED", "SETTLED", 0)
    assert closed.account.paid == 700


def test_the_waiver_takes_what_is_left_of_every_part(in_agency, member):
    case = make_case()
    account = case.account
    account.principal, account.penalty = Decimal(900), Decimal(100)
    account.save()
    made = granted(case, member)
    pay(case, 700)
    assert len(Settlement.objects.get(id=made.id).waivers) == 1
    assert (fresh(case).account.balance, fresh(case).account.principal) == (0, 0)


def test_not_paid_by_its_day_it_lapses_and_nothing_is_waived(case, member):
    made = granted(case, member)
    pay(case, 699, on=TODAY + timedelta(days=10))
    assert night(10).get("settlements_lapsed") is None
    assert night(11)["settlements_lapsed"] == 1

    assert (state(made), fresh(case).balance, fresh(case).next_action) == ("LAPSED", 301, "CALL")
    pay(case, 1, on=TODAY + timedelta(days=11))
    assert (state(made), fresh(case).balance) == ("LAPSED", 300)


def test_paid_in_time_and_booked_late_it_is_paid_after_all(case, member):
    made = granted(case, member)
    night(11)
    pay(case, 700, on=TODAY + timedelta(days=10), booked=TODAY + timedelta(days=12))
    assert (state(made), fresh(case).close_reason) == ("PAID", "SETTLED")


def test_money_that_came_while_the_offer_waited_counts(case, member):
    made = offered(case, member("COLLECTOR"))
    pay(case, 700)
    assert state(made) == "AWAITING_APPROVAL"
    decide("DISCOUNT", made, member("COORDINATOR"))
    assert (state(made), fresh(case).close_reason) == ("PAID", "SETTLED")


def test_a_reversal_takes_the_waiver_back_and_reopens_the_case(case, member):
    made = granted(case, member)
    paid = pay(case, 700)
    take_back(case, paid, on=TODAY + timedelta(days=3))

    back = fresh(case)
    assert (state(made), back.stage != "CLOSED", back.close_reason, back.balance) == ("OFFERED", True, "", 1000)
    assert back.account.balance == 1000
    assert proof.prove() == []

    pay(case, 700, on=TODAY + timedelta(days=5))
    assert (state(made), fresh(case).close_reason) == ("PAID", "SETTLED")


def test_a_reversal_after_the_day_leaves_it_lapsed(case, member):
    made = granted(case, member)
    paid = pay(case, 700)
    take_back(case, paid, on=TODAY + timedelta(days=30))
    assert (state(made), fresh(case).balance) == ("LAPSED", 1000)
    assert fresh(case).stage != "CLOSED"


def test_an_offer_that_waited_too_long_is_cancelled_with_its_question(case, member):
    made = offered(case, member("COLLECTOR"), days=1)
    assert night(2)["settlements_cancelled"] == 1
    assert (state(made), Approval.objects.get(kind="DISCOUNT").state) == ("CANCELLED", "WITHDRAWN")


def test_whoever_offered_or_a_coordinator_takes_an_offer_back(case, member):
    made = granted(case, member)
    with pytest.raises(settlements.NotYours):
        settlements.cancel(made, by=member("COLLECTOR"), now=NOW)
    settlements.cancel(made, by=member("COORDINATOR"), now=NOW)
    pay(case, 700)
    assert (state(made), fresh(case).balance) == ("CANCELLED", 300)


def test_a_plan_and_a_settlement_exclude_each_other(case, member):
    granted(case, member)
    with pytest.raises(settlements.AgreementAlreadyOpen, match="settlement"):
        offered(case, member("COLLECTOR"))
