"""Pay: salary and share on a statement of each month, kept as issued, seen by few."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership
from audit.models import Event
from cases.models import Case
from ledger.models import Payment
from reports import pay
from reports.models import PayLine, PayRule, PayStatement
from tests import factories
from tests.reports.test_targets import case_of

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
NOW = timezone.now()
Member = Callable[..., Membership]


@pytest.fixture
def manager(in_agency: factories.Agency, member: Member) -> Membership:
    return member("MANAGER")


@pytest.fixture
def ana(manager: Membership, member: Member) -> Membership:
    found = member("COLLECTOR")
    rule(found, manager)
    return found


@pytest.fixture
def case(ana: Membership, manager: Membership) -> Case:
    return case_of(ana, manager, since=SEPTEMBER)


def rule(member: Membership, by: Membership, **more: Any) -> PayRule:
    values: dict[str, Any] = {
        "valid_from": SEPTEMBER, "currency": "MDL", "salary": Decimal(8000), "percent": Decimal("2.5"),
    }  # fmt: skip
    return pay.set_rule(member, by=by, now=NOW, **(values | more))


def paid(case: Case, amount: str, on: date) -> Payment:
    return factories.make_payment(case.account, amount=Decimal(amount), received_on=on)


def issue(member: Membership, by: Membership, month: date = OCTOBER) -> PayStatement:
    return pay.issue(member, month=month, by=by, as_of=factories.TODAY, now=NOW)


def shares(statement: PayStatement) -> list[tuple[str, Decimal]]:
    return [(line.kind, line.share) for line in pay.lines_of(statement)]


def test_a_collector_earns_a_salary_and_a_share_of_what_came_in(
    ana: Membership, manager: Membership, case: Case
) -> None:
    """S001-17: fixed salary and a commission on what was recovered."""
    paid(case, "100.20", date(2026, 10, 5))
    paid(case, "400", date(2026, 10, 31))
    paid(case, "77", date(2026, 11, 1))

    statement = issue(ana, manager)

    assert shares(statement) == [("PAYMENT", Decimal("2.51")), ("PAYMENT", Decimal("10.00"))]
    assert pay.total_of(statement, pay.lines_of(statement)) == {"MDL": Decimal("8012.51")}
    assert Event.objects.filter(kind=pay.ISSUED, subject_id=statement.id).count() == 1


def test_a_payment_stands_on_one_statement_and_its_reversal_on_the_next(
    ana: Membership, manager: Membership, case: Case
) -> None:
    """S001-17: what was reversed is taken off."""
    september, october = paid(case, "200", date(2026, 9, 10)), paid(case, "100", date(2026, 10, 5))
    first = issue(ana, manager, SEPTEMBER)
    Payment.objects.filter(id=september.id).update(reversed_at=NOW)
    second = issue(ana, manager)

    assert shares(first) == [("PAYMENT", Decimal("5.00"))]
    assert shares(second) == [("REVERSAL", Decimal("-5.00")), ("PAYMENT", Decimal("2.50"))]
    assert PayLine.objects.filter(payment=october).count() == 1


def test_what_was_reversed_before_it_stood_anywhere_counts_for_nothing(
    ana: Membership, manager: Membership, case: Case
) -> None:
    Payment.objects.filter(id=paid(case, "200", date(2026, 10, 10)).id).update(reversed_at=NOW)
    assert shares(issue(ana, manager)) == []


def test_a_payment_booked_late_stands_on_the_next_statement(ana: Membership, manager: Membership, case: Case) -> None:
    issue(ana, manager, SEPTEMBER)
    paid(case, "200", date(2026, 9, 29))
    assert shares(issue(ana, manager)) == [("PAYMENT", Decimal("5.00"))]


def test_each_payment_has_the_share_of_the_rule_of_its_day(ana: Membership, manager: Membership, case: Case) -> None:
    rule(ana, manager, valid_from=OCTOBER, percent=Decimal(10), salary=Decimal(0))
    paid(case, "100", date(2026, 9, 30))
    paid(case, "100", OCTOBER)
    assert shares(issue(ana, manager)) == [("PAYMENT", Decimal("2.50")), ("PAYMENT", Decimal("10.00"))]


def test_money_before_the_first_rule_earns_nothing(manager: Membership, member: Member) -> None:
    one = member("COLLECTOR")
    rule(one, manager, valid_from=OCTOBER)
    paid(case_of(one, manager, since=SEPTEMBER), "100", date(2026, 9, 30))
    assert shares(issue(one, manager)) == []


def test_money_of_others_is_on_the_statement_of_others(
    ana: Membership, manager: Membership, case: Case, member: Member
) -> None:
    other = member("COLLECTOR")
    rule(other, manager)
    paid(case, "100", date(2026, 10, 5))
    assert shares(issue(other, manager)) == []
    assert pay.earned(OCTOBER)[ana.id].shares == {"MDL": Decimal("2.50")}


def test_a_statement_needs_a_rule_and_a_month_that_is_over_and_is_issued_once(
    ana: Membership, manager: Membership, member: Member
) -> None:
    with pytest.raises(pay.MonthNotOver):
        issue(ana, manager, date(2026, 11, 1))
    with pytest.raises(pay.NoRule):
        issue(member("COLLECTOR"), manager)
    issue(ana, manager)
    for month in (OCTOBER, SEPTEMBER):
        with pytest.raises(pay.AlreadyIssued):
            issue(ana, manager, month)


def test_the_rule_of_a_month_with_a_statement_stays(ana: Membership, manager: Membership) -> None:
    issue(ana, manager)
    with pytest.raises(pay.MonthIsShut):
        rule(ana, manager, valid_from=OCTOBER, salary=Decimal(1))
    rule(ana, manager, valid_from=date(2026, 11, 1), salary=Decimal(9000))


@pytest.mark.parametrize("wrong", [{"salary": Decimal(-1)}, {"percent": Decimal(101)}])
def test_a_rule_keeps_its_bounds(manager: Membership, member: Member, wrong: dict[str, Any]) -> None:
    with pytest.raises(pay.OutOfBounds):
        rule(member("COLLECTOR"), manager, **wrong)


def test_nobody_can_change_what_was_issued(ana: Membership, manager: Membership, case: Case) -> None:
    """S001-17: the statement is locked with its lines."""
    paid(case, "100", date(2026, 10, 5))
    statement = issue(ana, manager)
    for change in (
        lambda: PayStatement.objects.filter(id=statement.id).update(salary=1),
        lambda: PayLine.objects.filter(statement=statement).update(share=1),
        lambda: PayLine.objects.filter(statement=statement).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_manager_issues_on_the_page_and_the_person_reads_it(ana: Membership, manager: Membership, case: Case) -> None:
    paid(case, "100", date(2026, 10, 5))
    browser = factories.client_of(manager)
    (row,) = browser.get(reverse("pay"), {"month": "2026-10"}).context["rows"]
    assert [line.share for line in browser.get(row["link"]).context["lines"]] == [Decimal("2.50")]

    assert browser.post(reverse("pay-issue", args=[ana.id]), {"month": "2026-10"}).status_code == 302

    statement = PayStatement.objects.get()
    own = factories.client_of(ana)
    assert [row["total"] for row in own.get(reverse("my-pay")).context["rows"]] == [{"MDL": Decimal("8002.50")}]
    page = own.get(reverse("my-pay-statement", args=[statement.id]))
    assert case.contract_no in page.content.decode()
    for ending, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        answer = own.get(reverse("my-pay-statement", args=[statement.id]), {"format": ending})
        assert answer.content.startswith(begins)
    assert browser.post(reverse("pay-issue", args=[ana.id]), {"month": "2026-10"}).status_code == 409


def test_pay_is_seen_by_managers_administrators_and_the_person_alone(
    ana: Membership, manager: Membership, member: Member
) -> None:
    """S001-17: pay has permissions of its own."""
    statement = issue(ana, manager)
    whole, own = reverse("pay-statement", args=[statement.id]), reverse("my-pay-statement", args=[statement.id])
    seen = {
        role: [factories.client_of(member(role)).get(address).status_code for address in (reverse("pay"), whole, own)]
        for role in ("AGENCY_ADMINISTRATOR", "COORDINATOR", "COLLECTOR", "LEGAL_OFFICER", "CREDITOR_USER")
    }
    assert seen == {
        "AGENCY_ADMINISTRATOR": [200, 200, 403], "COORDINATOR": [403, 403, 404], "COLLECTOR": [403, 403, 404],
        "LEGAL_OFFICER": [403, 403, 404], "CREDITOR_USER": [403, 403, 403],
    }  # fmt: skip


def test_a_rule_is_set_on_the_page_and_a_slip_keeps_what_was_typed(ana: Membership, manager: Membership) -> None:
    browser = factories.client_of(manager)
    typed = {
        "member": ana.id, "valid_from": "2026-11", "salary": "9100", "currency": "mdl", "percent": "900",
    }  # fmt: skip
    slip = browser.post(reverse("pay-rule"), typed)
    assert (slip.status_code, 'value="9100"' in slip.content.decode()) == (422, True)
    assert browser.post(reverse("pay-rule"), typed | {"percent": "3"}).status_code == 302
    assert PayRule.objects.get(valid_from=date(2026, 11, 1)).salary == 9100
