"""What people got done: contacts, cases, promises, visits, money and cost, each opening its rows."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Membership
from cases import assignment
from cases.models import Case, Disposition, Promise
from contacts.models import Contact
from field.models import Visit, VisitOrder, VisitStop
from ledger.models import Payment
from reports.attribution import credited, credited_to_team
from reports.figures import View
from reports.productivity import Span, Work, work
from tests import factories

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Chisinau")
MONDAY = date(2026, 11, 16)
Member = Callable[..., Membership]


@pytest.fixture
def manager(in_agency: factories.Agency, member: Member) -> Membership:
    return member("MANAGER")


@pytest.fixture
def view(manager: Membership) -> View:
    return View(manager, "Europe/Chisinau", MONDAY, MONDAY + timedelta(days=13))


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def give(case: Case, to: Membership, by: Membership, on: date) -> None:
    assignment.reassign(case, to, by=by, as_of=on, now=at(on, 8))


def called(case: Case, by: Membership | None, on: date, *, kind: str = "CALL_ATTEMPT", cost: str = "1.20") -> None:
    Contact.objects.create(
        case=case, debtor=case.debtor, channel="CALL" if by else "SMS", kind=kind, direction="OUT", unpermitted=True,
        at=at(on), by=by.user if by else None, cost=Decimal(cost),
    )  # fmt: skip


def busy_weeks(one: Membership, visitor: Membership) -> None:
    """Two weeks of one collector and a field collector."""
    first, second = factories.make_case(collector=one), factories.make_case(collector=one)
    code = factories.make_disposition_code()
    for case, day in ((first, 0), (first, 1), (second, 1), (first, 7)):
        on = MONDAY + timedelta(days=day)
        called(case, one, on, kind="CONVERSATION" if day == 7 else "CALL_ATTEMPT")
        Disposition.objects.create(case=case, code=code, by=one.user, at=at(on))
    called(second, None, MONDAY, kind="SMS", cost="0.35")
    Promise.objects.create(
        case=first, amount=100, currency="MDL", made_on=MONDAY + timedelta(days=7), due_on=MONDAY + timedelta(days=9),
        state="ACTIVE", made_by=one.user,
    )  # fmt: skip
    order = VisitOrder.objects.create(case=second, trigger="STAGE", opened_at=at(MONDAY), due_at=at(MONDAY))
    address = factories.make_address(second.debtor)
    Visit.objects.create(
        order=order, stop=VisitStop.objects.create(order=order, address=address), case=second, address=address,
        collector=visitor, permit=factories.make_permit(second, address), outcome="NOBODY",
        draft_key=uuid4(), started_at=at(MONDAY), entered_at=at(MONDAY, 11),
    )  # fmt: skip
    factories.make_payment(first.account, amount=Decimal(70), received_on=MONDAY + timedelta(days=8))


def numbers(figure: Work) -> tuple[int, ...]:
    return (
        figure.contacts, figure.conversations, figure.cases, figure.promises, figure.visits,
    )  # fmt: skip


def test_the_work_of_each_person_is_counted_by_week(view: View, member: Member) -> None:
    """S000-26: contacts, cases worked, promises, visits, money and cost for each person and week."""
    one, visitor = member("COLLECTOR"), member("FIELD_COLLECTOR")
    busy_weeks(one, visitor)

    found = {(w.member.id if w.member else None, w.start): w for w in work(view, by=Span.WEEK)}

    assert numbers(found[one.id, MONDAY]) == (3, 0, 2, 0, 0)
    assert found[one.id, MONDAY].cost == Decimal("3.60")
    second = found[one.id, MONDAY + timedelta(days=7)]
    assert (numbers(second), second.recovered) == ((1, 1, 1, 1, 0), {"MDL": Decimal(70)})
    assert numbers(found[visitor.id, MONDAY]) == (0, 0, 0, 0, 1)
    assert (numbers(found[None, MONDAY]), found[None, MONDAY].cost) == ((1, 0, 0, 0, 0), Decimal("0.35"))
    assert len(found) == 4


def test_by_day_the_same_work_stands_on_its_days(view: View, member: Member) -> None:
    one = member("COLLECTOR")
    busy_weeks(one, member("FIELD_COLLECTOR"))
    days = [(w.start - MONDAY).days for w in work(view, by=Span.DAY) if w.member == one]
    assert days == [0, 1, 7, 8]


@pytest.mark.parametrize("by", ["all", "week", "day"])
def test_every_number_opens_its_rows(view: View, manager: Membership, member: Member, by: str) -> None:
    """S000-26: the report and the lists behind it agree."""
    busy_weeks(member("COLLECTOR"), member("FIELD_COLLECTOR"))
    browser = factories.client_of(manager)

    page = browser.get(reverse("productivity"), {"start": view.start, "end": view.end, "by": by})

    assert page.context["work"]
    for figure, links in page.context["work"]:
        for name in ("contacts", "conversations", "cases", "promises", "visits")[: 5 if figure.member else 2]:
            assert browser.get(links[name]).context["page"].paginator.count == getattr(figure, name), name
        if figure.member:
            rows = browser.get(links["recovered"]).context["rows"]
            paid = [value for row in rows for kind, value in row["cells"] if kind == "money"]
            assert sum(paid) == sum(figure.recovered.values())


def test_money_counts_for_who_had_the_case_when_the_debtor_paid(
    view: View, manager: Membership, member: Member
) -> None:
    one, other = member("COLLECTOR"), member("COLLECTOR")
    case = factories.make_case()
    give(case, one, manager, MONDAY)
    give(case, other, manager, MONDAY + timedelta(days=4))
    for day in (-1, 0, 3, 4):
        factories.make_payment(case.account, amount=Decimal(10), received_on=MONDAY + timedelta(days=day))

    found = credited(Payment.objects.order_by("received_on"), zone=view.zone)

    assert [payment.credited_to for payment in found] == [None, one.id, one.id, other.id]


def test_taking_an_allocation_back_gives_the_money_back_too(view: View, manager: Membership, member: Member) -> None:
    one, other = member("COLLECTOR"), member("COLLECTOR")
    case = factories.make_case()
    give(case, one, manager, MONDAY)
    batch = assignment.reassign(case, other, by=manager, as_of=MONDAY, now=at(MONDAY, 9))
    batch.at = at(MONDAY, 9)
    assignment.undo(batch, by=manager, now=at(MONDAY, 10))
    factories.make_payment(case.account, amount=Decimal(10), received_on=MONDAY)

    assert credited(Payment.objects.all(), zone=view.zone).get().credited_to == one.id


def test_money_counts_for_the_team_of_that_day(view: View, manager: Membership, member: Member) -> None:
    team = factories.make_team()
    case = factories.make_case()
    give(case, member("COLLECTOR", team=team), manager, MONDAY)
    factories.make_payment(case.account, amount=Decimal(10), received_on=MONDAY)
    assert credited_to_team(Payment.objects.all(), zone=view.zone).get().credited_team == team.id


def test_the_report_can_be_taken_as_a_file(view: View, manager: Membership, member: Member) -> None:
    busy_weeks(member("COLLECTOR"), member("FIELD_COLLECTOR"))
    answer: Client = factories.client_of(manager)
    for ending, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        query = {"start": view.start, "end": view.end, "format": ending}
        assert answer.get(reverse("productivity"), query).content.startswith(begins)


def test_the_whole_page_asks_a_fixed_number_of_questions(
    view: View, manager: Membership, member: Member, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _n in range(4):
        busy_weeks(member("COLLECTOR"), member("FIELD_COLLECTOR"))
    with django_assert_max_num_queries(8):
        work(view, by=Span.DAY)
