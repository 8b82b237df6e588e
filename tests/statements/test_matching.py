"""A payment finds its case by what the payer wrote; only what leaves no doubt is booked without asking."""

from decimal import Decimal

import pytest
from django.urls import reverse

from cases import payment_matching, statement_booking
from cases.models import Case, Party
from debtors import contact_points
from debtors.models import ContactPoint
from ledger.models import Payment
from ledger.statements import accounts
from tests import factories
from tests.statements.conftest import ACCOUNT, NOW, lines
from tests.statements.samples import Row, mt940

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_agency")]


def make_case(**fields) -> Case:
    return factories.make_case(**({"contract_no": "MD-2024/00123"} | fields))


def only_line():
    (line,) = lines()
    return line


@pytest.mark.parametrize(
    "text",
    ["MD-2024/00123", "plata MD 2024 00123 rata 3", "contr.md2024/00123;noiembrie", "RATA (MD/2024-00123)"],
)
def test_the_contract_number_is_found_however_it_is_written(take_in, text):
    case = make_case()
    take_in(mt940([Row(100, text=text)]))
    line = only_line()
    assert (line.state, line.how) == ("BOOKED", "AUTO")
    assert line.payment.account_id == case.account_id
    assert (line.payment.amount, line.payment.source, line.payment.received_on) == (100, "STATEMENT", line.booked_on)
    case.refresh_from_db()
    assert case.balance == 900


def test_a_number_broken_across_lines_by_the_bank_is_found(take_in):
    make_case(contract_no="LEASING-NORD-2024-0098765")
    take_in(mt940([Row(100, text="ACHITARE RATA CONTRACT LEASING-NORD-2024-0098765 LUNA NOIEMBRIE")]))
    assert only_line().state == "BOOKED"


def test_the_number_is_also_found_in_the_payers_reference(take_in):
    make_case(contract_no="C-0012345")
    take_in(mt940([Row(100, text="multumesc", reference="C-0012345")]))
    assert only_line().state == "BOOKED"


def test_more_than_is_owed_is_left_to_a_person_with_the_surplus_said(take_in):
    make_case(amount=80)
    take_in(mt940([Row(100, text="MD-2024/00123")]))
    line = only_line()
    assert line.state == "OPEN"
    (found,) = payment_matching.suggestions(line)
    assert found.surplus == 20
    assert found.bookable


def test_a_number_that_two_creditors_use_is_left_to_a_person(take_in):
    make_case()
    make_case()
    take_in(mt940([Row(100, text="MD-2024/00123")]))
    assert only_line().state == "OPEN"
    assert len(payment_matching.suggestions(only_line())) == 2


def test_on_an_account_kept_for_one_creditor_its_case_is_the_only_answer(take_in, coordinator):
    case = make_case()
    make_case()
    accounts.add_account(number=ACCOUNT, currency="MDL", creditor=case.creditor, by=coordinator)
    take_in(mt940([Row(100, text="MD-2024/00123")]))
    assert only_line().payment.account_id == case.account_id


def test_two_contracts_in_one_text_are_left_to_a_person(take_in):
    make_case()
    make_case(contract_no="MD-2024/00124")
    take_in(mt940([Row(100, text="MD-2024/00123 si MD-2024/00124")]))
    assert only_line().state == "OPEN"


def test_a_closed_case_is_suggested_but_cannot_be_booked(take_in):
    make_case(stage="CLOSED", closed_on=factories.TODAY, close_reason="RECALLED")
    take_in(mt940([Row(100, text="MD-2024/00123")]))
    assert only_line().state == "OPEN"
    (found,) = payment_matching.suggestions(only_line())
    assert not found.bookable


def test_another_currency_is_left_to_a_person(take_in):
    mandate = factories.make_mandate(currency="EUR")
    make_case(portfolio=factories.make_portfolio(mandate))
    take_in(mt940([Row(100, text="MD-2024/00123")]))
    assert only_line().state == "OPEN"


@pytest.mark.parametrize(
    ("contract_no", "text"),
    [("12345", "12345"), ("20112026", "plata 20.11.2026"), ("100000", "AMT RCD MDL 1000,00"), ("AB-12", "AB 12")],
    ids=["short", "a day", "a sum", "few digits"],
)
def test_what_may_be_chance_is_not_booked(take_in, contract_no, text):
    make_case(contract_no=contract_no)
    take_in(mt940([Row(100, text=text)]))
    assert only_line().state == "OPEN"


def test_money_that_goes_out_books_nothing(take_in):
    make_case()
    take_in(mt940([Row(-100, text="MD-2024/00123")]))
    assert only_line().state == "OPEN"
    assert not Payment.objects.exists()


def test_the_payers_account_is_known_from_an_earlier_payment(take_in, coordinator):
    case = make_case()
    iban = "MD50AG000000022512345678"
    take_in(mt940([Row(100, text="MD-2024/00123", iban=iban)]))
    take_in(mt940([Row(50, text="rata", iban=iban)], number="2/1", opening=1100))
    (found,) = payment_matching.suggestions(lines()[1])
    assert found.case.id == case.id
    assert found.reasons == ("iban",)


def test_an_account_recorded_on_the_case_page_names_the_debtors_cases_until_it_proves_wrong(take_in, member):
    case, other = make_case(), make_case(contract_no="MD-1")
    guarantor = factories.make_debtor(name="Ana Ciobanu")
    Party.objects.create(case=other, person=guarantor, role="GUARANTOR")
    browser = factories.client_of(member("COLLECTOR"))
    typed = {"kind": "ACCOUNT", "value": "MD22 AG00 0000 0225 1234 5678", "source": "DEBTOR", "owner_role": "HOLDER"}
    assert browser.post(reverse("contact-point-add", args=[case.id]), typed).status_code == 302
    page = browser.get(reverse("case", args=[case.id])).content.decode()
    assert "MD22AG000000022512345678" in page
    (account,) = ContactPoint.objects.filter(kind="ACCOUNT")
    ContactPoint.objects.create(debtor=guarantor, kind="ACCOUNT", value=account.value)
    take_in(mt940([Row(50, text="rata", iban="MD22AG000000022512345678")]))
    found = payment_matching.suggestions(only_line())
    assert {one.case.id: one.reasons for one in found} == {case.id: ("account",), other.id: ("account",)}

    contact_points.invalidate(account, validity="INVALID", by=None, now=NOW)
    assert [one.case.id for one in payment_matching.suggestions(only_line())] == [other.id]


def test_an_account_alone_books_nothing_by_itself(take_in):
    case = make_case()
    ContactPoint.objects.create(debtor=case.debtor, kind="ACCOUNT", value="MD22AG000000022512345678")
    take_in(mt940([Row(50, text="rata", iban="MD22AG000000022512345678")]))
    assert only_line().state == "OPEN"


def test_the_name_of_the_payer_suggests_the_debtor_without_accents_and_in_any_order(take_in):
    case = make_case(debtor=factories.make_debtor(name="Ștefan Țurcanu"))
    make_case(contract_no="MD-1", debtor=factories.make_debtor(name="Ștefan Munteanu"))
    take_in(mt940([Row(1000, text="datorie", name="TURCANU STEFAN")]))
    (found,) = payment_matching.suggestions(only_line())
    assert found.case.id == case.id
    assert set(found.reasons) == {"name", "balance"}


def test_the_contract_number_weighs_more_than_the_name(take_in):
    right = make_case(amount=10)
    make_case(contract_no="MD-1", debtor=factories.make_debtor(name="Ștefan Țurcanu"))
    take_in(mt940([Row(1000, text="MD-2024/00123", name="TURCANU STEFAN")]))
    first, second = payment_matching.suggestions(only_line())
    assert first.case.id == right.id
    assert first.score > second.score


def test_a_whole_file_is_matched_with_one_statement_of_sql(take_in, django_assert_max_num_queries):
    make_case()
    take_in(mt940([Row(1, text=f"plata numarul MD-2025/{n:05d}") for n in range(200)]))
    waiting = lines()
    with django_assert_max_num_queries(1):
        assert payment_matching.named_in(waiting) == {}


def test_matching_again_after_a_case_was_opened_books_what_waited(take_in):
    file = take_in(mt940([Row(100, text="MD-2024/00123")]))
    assert only_line().state == "OPEN"
    make_case()
    statement_booking.match_chunk(file, after_id=0, now=NOW)
    assert only_line().state == "BOOKED"


def test_a_return_is_suggested_for_the_payment_with_the_same_reference_and_sum(take_in):
    make_case()
    rows = [Row(100, text="MD-2024/00123", reference="E2E-1"), Row(100, text="MD-2024/00123", reference="E2E-2")]
    take_in(mt940([*rows, Row(-100, reference="E2E-2", reversal=True), Row(-99, reference="E2E-2")]))
    _first, second, back, other_sum = lines()
    found, *others = payment_matching.returns(back)
    assert found.payment.id == second.payment_id
    assert others == []
    assert payment_matching.returns(other_sum) == []


def test_scores_stay_within_a_hundred(take_in):
    debtor = factories.make_debtor(name="Ștefan Țurcanu")
    make_case(debtor=debtor, amount=Decimal(5))
    take_in(mt940([Row(6, text="MD-2024/00123", name="Stefan Turcanu")]))
    (found,) = payment_matching.suggestions(only_line())
    assert found.score == 100
