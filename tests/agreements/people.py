"""What the tests of agreements share: a case under a mandate, its people, and the steps of a plan."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cases import approvals, money, plans
from cases.models import Approval, Case, Plan
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def moment(day):
    return NOW + (day - TODAY)


def fresh(case):
    return Case.objects.select_related("mandate", "account", "debtor", "creditor").get(id=case.id)


def pay(case, amount, *, on=TODAY, booked=None):
    return money.take_payment(fresh(case), amount=Decimal(amount), received_on=on, by=None, now=moment(booked or on))


def take_back(case, payment, *, on=TODAY):
    money.reverse_payment(fresh(case), payment, by=None, now=moment(on), reason="Bounced")


def asked(case, by, kind, *, advance=100, days=5):
    return plans.request(
        fresh(case), format=kind, advance=Decimal(advance), advance_by=TODAY + timedelta(days=days), by=by,
        as_of=TODAY, now=NOW,
    )  # fmt: skip


def drafted(plan, by, *, months=4, amount=None, first_in=30, **more):
    plan = again(plan)
    terms = plans.terms_of(
        plan, amount=amount or plan.case.balance, months=months, first_on=TODAY + timedelta(days=first_in), **more
    )
    return plans.draft(plan, terms, by=by, as_of=TODAY, now=NOW)


def decide(kind, subject, by, *, grant=True, note=""):
    waiting = Approval.objects.get(kind=kind, subject_id=subject.id, state="WAITING")
    return approvals.decide(waiting, grant=grant, by=by, now=NOW, note=note)


def again(plan):
    return Plan.objects.select_related("case__mandate", "case__account", "case__debtor", "format").get(id=plan.id)


def signed(case, people, kind, *, months=3, advance=100, **more):
    """A plan over the whole balance that is being kept."""
    plan = asked(case, people("COLLECTOR"), kind, advance=advance)
    pay(case, advance)
    officer = people("RESTRUCTURING_OFFICER")
    drafted(plan, officer, months=months, **more)
    decide("PLAN", plan, people("COORDINATOR"))
    return plans.sign(again(plan), by=officer, as_of=TODAY, now=NOW)


def make_case(**fields):
    mandate = fields.pop("mandate", None) or factories.make_mandate(max_discount_percent=30)
    values = {"amount": 1000, "original_instalment": Decimal(100)} | fields
    return factories.make_case(portfolio=factories.make_portfolio(mandate), **values)
