"""The pages of bank statements, as a coordinator uses them; other roles stay outside."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.scope import agency_scope
from ledger.models import BankAccount, BankStatement, Payment, StatementFile
from tests import factories
from tests.statements.conftest import ACCOUNT, lines
from tests.statements.samples import Row, camt, mt940

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(coordinator):
    return factories.client_of(coordinator)


@pytest.fixture
def case(agency):
    with agency_scope(agency.id):
        return factories.make_case(amount=300, contract_no="MD-2024/00123")


def upload(client: Any, content: bytes, name: str = "day.sta") -> Any:
    return client.post("/bank-statements/", {"file": SimpleUploadedFile(name, content)}, follow=True)


@pytest.fixture
def open_line(client, agency, case, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, mt940([Row(200, text="datorie", name="ION TURCANU")]))
    with agency_scope(agency.id):
        return lines()[0]


@pytest.mark.parametrize("made", [mt940, camt])
def test_an_upload_books_what_names_its_contract(client, agency, case, django_capture_on_commit_callbacks, made):
    with django_capture_on_commit_callbacks(execute=True):
        page = upload(client, made([Row(100, text="MD-2024/00123"), Row(5, text="?")]))
    assert page.status_code == 200
    with agency_scope(agency.id):
        assert Payment.objects.get().amount == 100
        assert StatementFile.objects.get().state == "MATCHED"
        statement = BankStatement.objects.get()
    listed = client.get("/bank-statements/").content.decode()
    assert f'href="/bank-statements/{statement.id}/?state=BOOKED">1</a>' in listed
    assert f'href="/bank-statements/{statement.id}/?state=OPEN">1</a>' in listed


def test_counts_open_to_their_rows(client, agency, case, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, mt940([Row(100, text="MD-2024/00123"), Row(5, text="altceva")]))
    with agency_scope(agency.id):
        statement = BankStatement.objects.get()
    booked = client.get(f"/bank-statements/{statement.id}/?state=BOOKED").content.decode()
    assert "MD-2024/00123" in booked
    assert "altceva" not in booked


def test_the_same_file_twice_is_said_to_be_known(client, agency):
    upload(client, mt940([Row(1)]))
    page = upload(client, mt940([Row(1)]))
    assert "taken in before" in page.content.decode()
    with agency_scope(agency.id):
        assert len(lines()) == 1


def test_a_refused_file_shows_its_line(client, agency):
    page = upload(client, mt940([Row(1)], closing_currency="EUR"), "brd.sta")
    told = page.content.decode()
    assert page.status_code == 422
    assert "brd.sta was not taken in" in told
    assert "<li data-here><b>7</b>:62F:C261120EUR1001,00</li>" in told
    with agency_scope(agency.id):
        assert not StatementFile.objects.exists()


def test_a_cut_off_document_shows_line_and_column(client):
    told = upload(client, camt([Row(1)])[:-40], "day.xml").content.decode()
    assert "column" in told
    assert "data-here" in told


def test_no_file_is_said(client):
    assert "Choose a file." in client.post("/bank-statements/", {}).content.decode()


def test_booking_goes_on_to_the_next_line_and_offers_undo(client, agency, case, open_line):
    page = client.post(f"/bank-statements/lines/{open_line.id}/book/", {"case": case.id}, follow=True)
    assert f"/bank-statements/lines/{open_line.id}/reopen/" in page.content.decode()
    with agency_scope(agency.id):
        assert Payment.objects.get().amount == 200
    client.post(f"/bank-statements/lines/{open_line.id}/reopen/")
    with agency_scope(agency.id):
        assert Payment.objects.get().reversed_at is not None
        assert lines()[0].state == "OPEN"


def test_a_part_is_booked_and_the_rest_is_next(client, agency, case, open_line):
    page = client.post(
        f"/bank-statements/lines/{open_line.id}/book/", {"case": case.id, "amount": "150,00"}, follow=True
    )
    assert "Rest of a line" in page.content.decode()
    with agency_scope(agency.id):
        assert [line.amount for line in lines(state="OPEN")] == [Decimal(50)]


def test_the_desk_proposes_how_much_and_a_line_is_divided_between_two_cases(client, agency, case, open_line):
    with agency_scope(agency.id):
        other = factories.make_case(amount=80, contract_no="MD-2024/00200")
    desk = client.get("/bank-statements/desk/?q=MD-2024").content.decode()
    assert 'name="amount" value="200.00"' in desk
    assert 'name="amount" value="80.00"' in desk
    client.post(f"/bank-statements/lines/{open_line.id}/book/", {"case": case.id, "amount": "130,00"})
    with agency_scope(agency.id):
        rest = lines(state="OPEN")[0]
    client.post(f"/bank-statements/lines/{rest.id}/book/", {"case": other.id, "amount": "70.00"})
    with agency_scope(agency.id):
        assert [one.amount for one in lines(state="BOOKED")] == [130, 70]


@pytest.mark.parametrize("amount", ["many", "-5", "0", "9999"])
def test_a_strange_amount_books_nothing(client, agency, case, open_line, amount):
    client.post(f"/bank-statements/lines/{open_line.id}/book/", {"case": case.id, "amount": amount}, follow=True)
    with agency_scope(agency.id):
        assert not Payment.objects.exists()


def test_a_case_of_another_agency_cannot_be_chosen(client, agency, other_agency, open_line):
    with agency_scope(other_agency.id):
        foreign = factories.make_case(amount=300)
    page = client.post(f"/bank-statements/lines/{open_line.id}/book/", {"case": foreign.id}, follow=True)
    assert "Choose a case." in page.content.decode()
    with agency_scope(agency.id):
        assert not Payment.objects.exists()


def test_a_payment_of_another_agency_cannot_be_chosen(client, agency, other_agency, open_line):
    with agency_scope(other_agency.id):
        account = factories.make_case(amount=300).account
        foreign = factories.make_payment(account, amount=Decimal(200), received_on=open_line.booked_on)
    page = client.post(f"/bank-statements/lines/{open_line.id}/link/", {"payment": foreign.id}, follow=True)
    assert "Choose the payment this money is." in page.content.decode()
    with agency_scope(agency.id):
        assert lines()[0].state == "OPEN"


def test_a_line_is_set_aside_with_its_reason(client, agency, open_line):
    client.post(f"/bank-statements/lines/{open_line.id}/ignore/", {"reason": "SENT_BACK"})
    with agency_scope(agency.id):
        assert lines()[0].reason == "SENT_BACK"


def test_a_case_is_found_by_its_number_at_the_desk(client, case, open_line):
    page = client.get("/bank-statements/desk/", {"line": open_line.id, "q": "MD-2024"}).content.decode()
    assert f'name="case" value="{case.id}"' in page


def test_the_desk_without_lines_says_so(client):
    assert "No open line" in client.get("/bank-statements/desk/").content.decode()


def test_the_desk_asks_few_questions(client, agency, case, open_line, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        client.get("/bank-statements/desk/")


@pytest.mark.parametrize(
    "role", ["COLLECTOR", "FIELD_COLLECTOR", "CREDITOR_USER", "LAW_FIRM_USER", "AGENCY_ADMINISTRATOR"]
)
@pytest.mark.parametrize("path", ["/bank-statements/", "/bank-statements/desk/"])
def test_other_roles_stay_outside(member, role, path):
    assert factories.client_of(member(role)).get(path).status_code == 403


def test_a_manager_names_a_bank_account_and_closes_it(agency, member):
    manager = factories.client_of(member("MANAGER"))
    manager.post("/bank-accounts/", {"number": "RO49 AAAA 1B31 0075 9384 0000", "currency": "ron", "name": "Lei"})
    with agency_scope(agency.id):
        account = BankAccount.objects.get()
    assert (account.number, account.currency) == ("RO49AAAA1B31007593840000", "RON")
    changed = {"number": account.number, "currency": "RON", "name": "Lei", "closed_on": "2026-11-01"}
    manager.post(f"/bank-accounts/{account.id}/", changed)
    with agency_scope(agency.id):
        assert BankAccount.objects.get().closed_on is not None


def test_the_same_account_twice_is_refused_beside_its_field(member):
    manager = factories.client_of(member("MANAGER"))
    manager.post("/bank-accounts/", {"number": "LT601010012345678901", "currency": "EUR"})
    page = manager.post("/bank-accounts/", {"number": "LT60 1010 0123 4567 8901", "currency": "EUR"})
    assert page.status_code == 422
    assert "This account is there already." in page.content.decode()


def test_the_account_on_letters_is_announced(member):
    page = factories.client_of(member("MANAGER")).get("/bank-accounts/").content.decode()
    assert f"{ACCOUNT}, the account on your letters" in page


def test_coordinators_name_no_bank_accounts(client):
    assert client.get("/bank-accounts/").status_code == 403
