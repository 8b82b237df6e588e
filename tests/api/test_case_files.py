"""A creditor's machine uploads, maps, reads and confirms; nobody reaches another creditor's things."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases.models import Case
from tests import factories
from tests.opening.files import ANA, ION, completed, csv_of

pytestmark = pytest.mark.django_db
FILES = "/api/v1/case-files"


@pytest.fixture
def portfolio(agency):
    with agency_scope(agency.id):
        return factories.make_portfolio()


def machine_of(member, agency) -> Client:
    with agency_scope(agency.id):
        _token, secret = issue_token(member, name="core banking", by=member.user)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def machine(agency, portfolio, member):
    return machine_of(member("CREDITOR_USER", creditor=portfolio.creditor), agency)


@pytest.fixture
def stranger(agency, member):
    with agency_scope(agency.id):
        other = factories.make_portfolio()
    return machine_of(member("CREDITOR_USER", creditor=other.creditor), agency)


@pytest.fixture
def upload(machine, portfolio, django_capture_on_commit_callbacks):
    def send(content: bytes = csv_of(ION, ANA), key: str = "", client: Client = machine):
        headers = {"Idempotency-Key": key} if key else {}
        with django_capture_on_commit_callbacks(execute=True):
            data = {"portfolio": portfolio.id, "file": SimpleUploadedFile("d.csv", content)}
            return client.post(FILES, data, headers=headers)

    return send


def test_a_machine_takes_a_file_to_cases(machine, agency, upload, django_capture_on_commit_callbacks):
    """S000-23, S003-03."""
    answer = upload()
    assert (answer.status_code, answer.json()["state"]) == (202, "RECEIVED")
    at = f"{FILES}/{answer.json()['id']}"
    suggestion = machine.get(at).json()["detected"]["suggestion"]
    with django_capture_on_commit_callbacks(execute=True):
        mapped = machine.put(f"{at}/mapping", json.dumps(completed(suggestion)), content_type="application/json")
    assert mapped.status_code == 202
    checked = machine.get(at).json()
    assert (checked["state"], checked["counts"]["new"]) == ("CHECKED", 2)
    assert checked["sums"]["MDL"]["total"] == "3050.50"
    with django_capture_on_commit_callbacks(execute=True):
        assert machine.post(f"{at}/confirm").status_code == 202
    cases = machine.get("/api/v1/cases").json()["results"]
    assert [(case["contract_no"], case["balance"], case["currency"]) for case in cases] == [
        ("A-1", "1050.50", "MDL"), ("A-2", "2000.00", "MDL"),
    ]  # fmt: skip
    assert machine.get(f"/api/v1/cases/{cases[0]['id']}").json()["stage"] == "SOFT"


def test_the_whole_body_may_be_the_file(machine, portfolio):
    answer = machine.post(f"{FILES}?portfolio={portfolio.id}&filename=daily.csv", csv_of(ION), content_type="text/csv")
    assert (answer.status_code, answer.json()["filename"]) == (202, "daily.csv")


def test_the_same_key_gives_the_first_answer_and_another_content_is_refused(upload):
    first, again = upload(key="k1"), upload(key="k1")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    other = upload(csv_of(ANA), key="k1")
    assert (other.status_code, other.headers["Content-Type"]) == (422, "application/problem+json")


def test_the_same_bytes_give_the_first_file(upload):
    first, again = upload(), upload()
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


def test_rows_are_read_by_verdict_in_the_creditors_words(machine, upload, django_capture_on_commit_callbacks):
    at = f"{FILES}/{upload(csv_of(ION, ANA.replace('2000,00', 'n/a?'))).json()['id']}"
    spec = completed(machine.get(at).json()["detected"]["suggestion"])
    with django_capture_on_commit_callbacks(execute=True):
        machine.put(f"{at}/mapping", json.dumps(spec), content_type="application/json")
    rows = machine.get(f"{at}/rows?verdict=ERROR").json()["results"]
    assert (rows[0]["line"], rows[0]["reasons"][0]["column"]) == (3, "Principal")
    assert "is not an amount" in rows[0]["reasons"][0]["sentence"]
    assert b"_error" in b"".join(machine.get(f"{at}/errors").streaming_content)


def test_a_mapping_with_undecided_columns_is_refused_column_by_column(machine, upload):
    at = f"{FILES}/{upload(csv_of(ION + ';x', header=csv_of().decode().strip() + ';Grupa')).json()['id']}"
    spec = machine.get(at).json()["detected"]["suggestion"]
    answer = machine.put(f"{at}/mapping", json.dumps(spec), content_type="application/json")
    assert answer.status_code == 422
    assert [problem["column"] for problem in answer.json()["problems"]] == ["Grupa"]


def test_without_a_file_or_a_portfolio_it_says_which_member_is_missing(machine):
    answer = machine.post(FILES, {"portfolio": "x"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "#/file")


@pytest.mark.parametrize("path", ["", "/rows", "/errors"])
def test_another_creditors_file_is_not_there(upload, stranger, path):
    file_id = upload().json()["id"]
    assert stranger.get(f"{FILES}/{file_id}{path}").status_code == 404


def test_another_creditors_portfolio_and_cases_are_not_there(upload, stranger, agency, machine):
    assert upload(client=stranger).status_code == 404
    with agency_scope(agency.id):
        case = factories.make_case()
    assert machine.get(f"/api/v1/cases/{case.id}").status_code == 404
    assert stranger.get("/api/v1/case-files").json()["results"] == []


def test_without_a_token_nothing_is_said(portfolio):
    assert Client().get(FILES).status_code == 401


def test_a_collector_may_not_upload(agency, member, upload):
    assert upload(client=machine_of(member("COLLECTOR"), agency)).status_code == 403


def test_a_machine_of_the_agency_sees_no_creditors_cases(agency, member):
    with agency_scope(agency.id):
        factories.make_case()
        assert Case.objects.count() == 1
    assert machine_of(member("AGENCY_ADMINISTRATOR"), agency).get("/api/v1/cases").status_code == 403
