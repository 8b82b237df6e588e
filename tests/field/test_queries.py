"""Whose cases are visited by whom, and what is known of them before the trip (S004-29)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cases.models import Case, Party, Promise
from field import queries
from ledger.models import Entry, Payment
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_agency")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def pay(case: Case, amount: int, *, days_ago: int, reversed_at: datetime | None = None) -> None:
    day = TODAY - timedelta(days=days_ago)
    entry = Entry.objects.create(account=case.account, kind="PAYMENT", value_on=day, posted_at=NOW)
    Payment.objects.create(
        account=case.account, entry=entry, received_on=day, amount=amount, currency=case.currency, source="MANUAL",
        reversed_at=reversed_at,
    )  # fmt: skip


def promise(case: Case, *, state: str = "ACTIVE") -> Promise:
    return Promise.objects.create(
        case=case, amount=200, currency=case.currency, made_on=TODAY, due_on=TODAY + timedelta(days=3), state=state,
        made_by=factories.make_user(),
    )  # fmt: skip


def test_a_field_collector_visits_only_their_own_field_cases(member):
    mine, team = member("FIELD_COLLECTOR"), factories.make_team(kind="FIELD")
    own = factories.make_case(stage="FIELD", collector=mine)
    factories.make_case(stage="SOFT", collector=mine)
    factories.make_case(stage="FIELD", team=team)
    factories.make_case(stage="FIELD", collector=member("FIELD_COLLECTOR"))
    assert list(queries.to_visit(mine)) == [own]


def test_a_coordinator_sees_the_field_cases_of_their_team(member):
    team = factories.make_team(kind="FIELD")
    ours = factories.make_case(stage="FIELD", team=team)
    factories.make_case(stage="FIELD", team=factories.make_team())
    assert list(queries.to_visit(member("COORDINATOR", team=team))) == [ours]


def test_a_manager_sees_all_field_cases(member):
    cases = {factories.make_case(stage="FIELD", team=factories.make_team()) for _ in range(2)}
    assert set(queries.to_visit(member("MANAGER"))) == cases


def test_collectors_are_counted_with_those_nobody_was_given_last(member):
    ana = member("FIELD_COLLECTOR", full_name="Ana")
    factories.make_case(stage="FIELD", collector=ana)
    factories.make_case(stage="FIELD", collector=ana)
    factories.make_case(stage="FIELD")
    found = queries.collectors_of(Case.objects.all())
    assert [(one.name, one.cases) for one in found] == [("Ana", 2), ("", 1)]


def test_a_card_tells_what_was_paid_in_the_last_thirty_days():
    """S004-29."""
    case = factories.make_case(stage="FIELD")
    pay(case, 100, days_ago=29)
    pay(case, 50, days_ago=0)
    pay(case, 700, days_ago=31)
    pay(case, 900, days_ago=1, reversed_at=NOW)
    (card,) = queries.cards([case], as_of=TODAY)
    assert card.paid_last_month == Decimal(150)


def test_a_card_shows_the_promise_in_force_and_no_other():
    """S004-29."""
    kept, open_ = factories.make_case(stage="FIELD"), factories.make_case(stage="FIELD")
    promise(kept, state="KEPT")
    active = promise(open_)
    assert [card.promise for card in queries.cards([kept, open_], as_of=TODAY)] == [None, active]


def test_a_card_leaves_out_contact_points_that_are_wrong_or_somebody_elses():
    """S004-29."""
    debtor = factories.make_debtor(phone="+37360111222")
    factories.make_address(debtor, validity="UNDELIVERABLE")
    debtor_phones = {"kind": "PHONE", "place": "MOBILE", "country": "MD"}
    queries.ContactPoint.objects.create(debtor=debtor, value="+37360333444", owner_role="EMPLOYER", **debtor_phones)
    queries.ContactPoint.objects.create(debtor=debtor, value="+37360555666", validity="UNCONFIRMED", **debtor_phones)
    (card,) = queries.cards([factories.make_case(stage="FIELD", debtor=debtor)], as_of=TODAY)
    assert ([p.value for p in card.phones], len(card.addresses)) == (["+37360111222"], 1)


def test_a_verified_address_stands_before_an_older_one():
    debtor = factories.make_debtor()
    verified = factories.make_address(debtor, verified_at=NOW)
    (card,) = queries.cards([factories.make_case(stage="FIELD", debtor=debtor)], as_of=TODAY)
    assert card.addresses[0] == verified


def test_a_page_of_cards_costs_three_queries_whatever_its_length(django_assert_num_queries):
    factories.make_case(stage="FIELD")
    few = list(Case.objects.select_related("debtor"))
    with django_assert_num_queries(3):
        queries.cards(few, as_of=TODAY)
    for _ in range(4):
        factories.make_case(stage="FIELD")
    many = list(Case.objects.select_related("debtor"))
    with django_assert_num_queries(3):
        queries.cards(many, as_of=TODAY)


def test_the_sheet_names_every_person_on_the_case_with_all_contact_points():
    """S002-09."""
    case = factories.make_case(stage="FIELD")
    guarantor = factories.make_debtor(name="Maria Rusu", phone="+37360777888")
    Party.objects.create(case=case, person=guarantor, role="GUARANTOR")
    factories.make_address(case.debtor, validity="INVALID")
    sheet = queries.sheet(case, as_of=TODAY)
    (party,) = sheet.parties
    assert (party.name, party.role, len(party.points)) == ("Maria Rusu", "Guarantor", 2)
    assert [p.validity for p in sheet.holder.points if p.kind == "ADDRESS"] == ["UNKNOWN", "INVALID"]


def test_the_sheet_lists_payments_of_the_month_and_their_sum():
    case = factories.make_case(stage="FIELD")
    pay(case, 120, days_ago=3)
    pay(case, 30, days_ago=1)
    sheet = queries.sheet(case, as_of=TODAY)
    assert ([p.amount for p in sheet.payments], sheet.paid_last_month) == ([30, 120], 150)


def test_the_sheet_leaves_out_dispositions_that_were_undone(member):
    case, ana = factories.make_case(stage="FIELD"), member("COLLECTOR")
    code = factories.make_disposition_code()
    made = {"case": case, "code": code, "by": ana.user, "at": timezone.now()}
    kept = queries.Disposition.objects.create(**made)
    queries.Disposition.objects.create(**made, undone_at=timezone.now())
    assert queries.sheet(case, as_of=TODAY).dispositions == [kept]
