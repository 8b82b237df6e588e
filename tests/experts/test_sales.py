"""A sold debt leaves the house: recorded with its buyer, confirmed by the creditor, closed, and contacted no more."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from agencies.scope import agency_scope
from audit.models import Event
from cases import approvals, documents, money, sales, transitions
from cases.models import Approval, Case, DebtSale, Document, SoldCase
from contacts import facts, gate
from contacts.questions import Question
from debtors.models import ContactPoint
from tests import factories
from tests.experts.people import NOW
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_agency")


def notice():
    return SimpleUploadedFile("notice.pdf", b"%PDF-1.7 notice", content_type="application/pdf")


@pytest.fixture
def portfolio():
    return factories.make_portfolio()


@pytest.fixture
def coordinator(agency, member):
    return member("COORDINATOR")


@pytest.fixture
def creditor(agency, member, portfolio):
    return member("CREDITOR_USER", creditor=portfolio.creditor)


@pytest.fixture
def cases(portfolio):
    return [factories.make_case(portfolio=portfolio, stage=stage) for stage in ("SOFT", "FIELD", "PRE_SOFT")]


def recorded(cases, by, **fields):
    values = {"buyer": "Invest Capital", "sold_on": TODAY, "file": notice(), "price": Decimal(900)}
    return sales.record_sale([one.id for one in cases], by=by, as_of=TODAY, now=NOW, **(values | fields))


def answer(sale, by, *, grant=True, note=""):
    waiting = Approval.objects.get(kind="SALE", subject_id=sale.id, state="WAITING")
    return approvals.decide(waiting, grant=grant, by=by, now=NOW, note=note)


def stages(cases):
    return [Case.objects.values_list("stage", "close_reason").get(id=one.id) for one in cases]


def test_the_cases_close_as_sold_once_the_creditor_confirms(cases, coordinator, creditor):
    """S001-02."""
    sale = recorded(cases, coordinator)
    assert [stage for stage, _reason in stages(cases)] == ["SOFT", "FIELD", "PRE_SOFT"]
    assert (sale.balance, sale.price) == (3000, 900)
    shown = approvals.kind_of(Approval.objects.get()).shown(Approval.objects.get())
    assert {fact.label: fact.value for fact in shown}["Bought by"] == "Invest Capital"
    answer(sale, creditor)
    assert stages(cases) == [("CLOSED", "SOLD")] * 3
    assert DebtSale.objects.get().state == "APPROVED"
    assert Event.objects.filter(kind="case.closed").count() == 3
    assert {one.closed for one in SoldCase.objects.all()} == {True}


def test_a_sold_case_is_contacted_no_more(cases, coordinator, creditor):
    """S001-02: the gate refuses, and the claim's history stays."""
    case = cases[0]
    money.take_payment(case, amount=Decimal(50), received_on=TODAY, by=None, now=NOW)
    answer(recorded(cases, coordinator), creditor)
    phone = ContactPoint.objects.get(debtor_id=case.debtor_id, kind="PHONE")
    known = facts.collect([case.id], now=NOW)[case.id]
    told = gate.answer(Question(case.id, "CALL", phone.id, party="debtor"), known, now=NOW)
    assert not told.allowed
    assert "clos" in told.sentence.lower()
    assert Case.objects.get(id=case.id).balance == 950


def test_the_notice_of_assignment_is_kept_on_every_case(cases, coordinator, creditor):
    sale = recorded(cases, coordinator)
    kept = Document.objects.filter(kind="ASSIGNMENT_NOTICE")
    assert {one.case_id for one in kept} == {one.id for one in cases}
    assert len({one.path for one in kept}) == 1
    line = SoldCase.objects.select_related("sale", "case__debtor", "case__creditor", "case__agency").filter(sale=sale)[
        0
    ]
    with pytest.raises(sales.SaleIsElsewhere):
        sales.write_notice(line, by=coordinator, now=NOW)
    answer(sale, creditor)
    line = SoldCase.objects.select_related("sale", "case__debtor", "case__creditor", "case__agency").get(id=line.id)
    made = sales.write_notice(line, by=coordinator, now=NOW)
    assert made.language == "ro"
    assert documents.content_of(made).startswith(b"%PDF")


def test_a_refused_sale_leaves_the_cases_as_they_were(cases, coordinator, creditor):
    sale = recorded(cases, coordinator)
    answer(sale, creditor, grant=False, note="Not sold")
    assert "CLOSED" not in [stage for stage, _reason in stages(cases)]
    assert DebtSale.objects.get().note == "Not sold"
    assert recorded(cases, coordinator).state == "WAITING"


def test_what_was_paid_meanwhile_is_not_closed_as_sold(cases, coordinator, creditor):
    sale = recorded(cases, coordinator)
    money.take_payment(cases[0], amount=Decimal(1000), received_on=TODAY, by=None, now=NOW)
    answer(sale, creditor)
    assert stages(cases)[0] == ("CLOSED", "PAID")
    assert [one.closed for one in sales.lines_of(sale)] == [False, True, True]


class TestRefusals:
    def test_cases_of_two_mandates_are_not_sold_together(self, cases, coordinator):
        with pytest.raises(sales.CasesDoNotFit, match="several mandates"):
            recorded([*cases, factories.make_case()], coordinator)

    def test_a_case_stands_in_one_waiting_sale(self, cases, coordinator):
        sale = recorded(cases[:1], coordinator)
        with pytest.raises(sales.CasesDoNotFit, match="waits for the creditor"):
            recorded(cases, coordinator)
        sales.withdraw(sale, note="Entered twice", by=coordinator, now=NOW)
        assert recorded(cases, coordinator).state == "WAITING"

    def test_a_sale_of_tomorrow_is_not_recorded(self, cases, coordinator):
        with pytest.raises(sales.SaleNotUnderstood, match="has not come yet"):
            recorded(cases, coordinator, sold_on=TODAY + timedelta(days=1))

    def test_a_collector_does_not_record_sales(self, cases, member):
        with pytest.raises(sales.NotYours):
            recorded(cases, member("COLLECTOR"))

    def test_no_case_is_closed_as_sold_by_hand(self, cases, coordinator):
        with pytest.raises(transitions.TransitionRefused, match="confirmed by the creditor"):
            transitions.close(cases[0], reason="SOLD", by=coordinator, as_of=TODAY, why="Sold")

    def test_the_database_confirms_no_sale_without_the_creditors_word(self, cases, coordinator):
        sale = recorded(cases, coordinator)
        with pytest.raises(IntegrityError, match="is not approved"), transaction.atomic():
            connection.cursor().execute(
                "UPDATE cases_debtsale SET state = 'APPROVED' WHERE agency_id = %s AND id = %s",
                [sale.agency_id, sale.id],
            )


def test_from_the_ticked_list_to_the_closed_cases(cases, coordinator, creditor):
    """S001-02: the list's action, the creditor's inbox, the page of the sale."""
    browser = factories.client_of(coordinator)
    assert "Sold" in browser.get("/cases/").content.decode()
    ids = [str(one.id) for one in cases]
    page = browser.post("/sales/new/", {"case": ids, "start": "1"})
    assert cases[2].contract_no in page.content.decode()
    incomplete = browser.post("/sales/new/", {"case": ids, "buyer": "Invest", "sold_on": TODAY.isoformat()})
    assert incomplete.status_code == 422
    assert 'value="Invest"' in incomplete.content.decode()
    told = {"case": ids, "buyer": "Invest Capital", "sold_on": TODAY.isoformat(), "file": notice()}
    made = browser.post("/sales/new/", told)
    assert made.status_code == 302
    theirs = factories.client_of(creditor)
    assert "Invest Capital" in theirs.get("/creditor/approvals/").content.decode()
    with agency_scope(cases[0].agency_id):
        approval = Approval.objects.get(kind="SALE")
    theirs.post(f"/creditor/approvals/{approval.id}/decide/", {"decide": "approve"})
    page = browser.get(made.headers["Location"]).content.decode()
    assert "Confirmed, cases closed" in page
    assert "Write to the debtor" in page
    assert "Invest Capital" in browser.get("/sales/").content.decode()


def test_the_empty_list_says_how_a_sale_is_recorded(coordinator):
    assert "tick the cases in the list" in factories.client_of(coordinator).get("/sales/").content.decode()
