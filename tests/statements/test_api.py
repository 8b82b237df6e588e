"""A machine hands in a statement once and reads what became of its lines."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases import statement_booking
from ledger.models import StatementFile
from tests import factories
from tests.statements.conftest import NOW, lines
from tests.statements.samples import Row, camt, mt940

pytestmark = pytest.mark.django_db
AT = "/api/v1/bank-statements"


def machine_of(member, agency) -> Client:
    with agency_scope(agency.id):
        _token, secret = issue_token(member, name="bank", by=member.user)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def machine(agency, coordinator):
    return machine_of(coordinator, agency)


@pytest.fixture
def send(machine, django_capture_on_commit_callbacks):
    def sent(content: bytes, key: str = ""):
        with django_capture_on_commit_callbacks(execute=True):
            data = {"file": SimpleUploadedFile("day.xml", content)}
            return machine.post(AT, data, headers={"Idempotency-Key": key} if key else {})

    return sent


def test_a_statement_is_taken_in_and_its_lines_tell_their_cases(send, machine, agency):
    with agency_scope(agency.id):
        case = factories.make_case(contract_no="MD-2024/00123")
    answer = send(camt([Row(100, text="MD-2024/00123"), Row(5, text="?")]))
    assert answer.status_code == 202
    (statement_id,) = answer.json()["statements"]
    statement = machine.get(f"{AT}/{statement_id}").json()
    assert statement["state"] == "MATCHED"
    assert statement["counts"] == {"booked": 1, "open": 1, "set_aside": 0}
    assert (statement["opening"], statement["closing"], statement["currency"]) == ("1000.00", "1105.00", "MDL")
    told = machine.get(f"{AT}/{statement_id}/lines").json()["results"]
    assert [(line["state"], line["case"], line["amount"]) for line in told] == [
        ("BOOKED", case.id, "100.00"), ("OPEN", None, "5.00"),
    ]  # fmt: skip
    only_open = machine.get(f"{AT}/{statement_id}/lines", {"state": "OPEN"}).json()["results"]
    assert [line["amount"] for line in only_open] == ["5.00"]


def test_the_same_file_or_key_again_does_nothing(send, agency):
    content = mt940([Row(5)])
    first, again, by_key = send(content, "k1"), send(content), send(content, "k1")
    assert (first.status_code, again.status_code, by_key.status_code) == (202, 200, 200)
    assert by_key.headers["Idempotency-Replayed"] == "true"
    with agency_scope(agency.id):
        assert StatementFile.objects.count() == 1


def test_one_key_for_two_files_is_refused(send):
    send(mt940([Row(5)]), "k1")
    assert send(mt940([Row(6)]), "k1").status_code == 422


def test_a_contradiction_is_a_problem_with_its_line(send, agency):
    answer = send(mt940([Row(5)], closing_currency="EUR"))
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["line"]) == ("statement_not_understood", 7)


def test_a_strange_account_is_a_conflict(send):
    answer = send(mt940([Row(5)], account="RO49AAAA1B31007593840000"))
    assert (answer.status_code, answer.json()["account"]) == (409, "RO49AAAA1B31007593840000")


def test_parts_name_the_line_they_are_of(send, machine, agency, coordinator):
    send(mt940([Row(100)]))
    with agency_scope(agency.id):
        (line,) = lines()
        statement_booking.book(line, factories.make_case(amount=40), amount=Decimal(40), by=coordinator, now=NOW)
    told = machine.get(f"{AT}/{line.statement_id}/lines").json()["results"]
    assert [(one["state"], one["part_of"]) for one in told] == [
        ("SPLIT", None), ("BOOKED", line.id), ("OPEN", line.id),
    ]  # fmt: skip


def test_an_unknown_state_is_refused(send, machine):
    (statement_id,) = send(mt940([Row(100)])).json()["statements"]
    assert machine.get(f"{AT}/{statement_id}/lines", {"state": "PERHAPS"}).status_code == 400


def test_a_file_is_needed(machine):
    assert machine.post(AT, {}).status_code == 400


def test_another_agency_reads_nothing(send, other_agency):
    (statement_id,) = send(mt940([Row(100)])).json()["statements"]
    stranger = machine_of(factories.make_member(other_agency, "COORDINATOR"), other_agency)
    assert stranger.get(f"{AT}/{statement_id}").status_code == 404
    assert stranger.get(AT).json()["results"] == []


@pytest.mark.parametrize("role", ["COLLECTOR", "CREDITOR_USER", "AGENCY_ADMINISTRATOR"])
def test_other_roles_are_refused(agency, member, role):
    assert machine_of(member(role), agency).get(AT).status_code == 403
