"""A creditor's way through the pages: upload, map, dry run, errors, confirm, cases."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.scope import agency_scope
from cases.models import Case
from portfolios.models import CaseFile
from tests import factories
from tests.opening.files import ANA, HEADER, ION, completed, csv_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def eager(django_capture_on_commit_callbacks):
    """Run what waits for the commit, as a worker would."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def portfolio(agency):
    with agency_scope(agency.id):
        return factories.make_portfolio()


@pytest.fixture
def creditor_user(agency, portfolio, member):
    return member("CREDITOR_USER", creditor=portfolio.creditor)


@pytest.fixture
def browser(creditor_user):
    return factories.client_of(creditor_user)


def upload(browser, portfolio, content: bytes, eager, name: str = "debts.csv"):
    with eager():
        return browser.post(
            reverse("case-file-upload"), {"portfolio": portfolio.id, "file": SimpleUploadedFile(name, content)}
        )


def comma_less(*lines: str) -> bytes:
    """cp1250 knows the Romanian letters with a cedilla alone."""
    return csv_of(*lines).decode().translate(str.maketrans("țșȚȘ", "ţşŢŞ")).encode("cp1250")


def form_of(suggestion: dict) -> dict[str, str]:
    found = completed(suggestion)
    return {f"to-{n}": column["to"] for n, column in enumerate(found["columns"])}


def the_file(agency) -> CaseFile:
    with agency_scope(agency.id):
        return CaseFile.objects.order_by("-id").first()


def test_a_creditor_takes_a_file_from_upload_to_cases(browser, portfolio, agency, eager):
    """S003-03."""
    answer = upload(browser, portfolio, csv_of(ION, ANA, ANA.replace("A-2", "A-3").replace("2000,00", "n/a?")), eager)
    page = browser.get(answer.url)
    assert "Țurcanu" in page.content.decode()
    case_file = the_file(agency)
    assert case_file.state == "NEEDS_MAPPING"
    with eager():
        browser.post(reverse("case-file-map", args=[case_file.id]), form_of(case_file.detected["suggestion"]))
    result = browser.get(reverse("case-file", args=[case_file.id])).content.decode()
    assert "is not an amount" in result
    assert "Open 2 cases" in result
    with eager():
        browser.post(reverse("case-file-confirm", args=[case_file.id]))
    assert the_file(agency).state == "OPENED"
    listed = browser.get(reverse("creditor-cases")).content.decode()
    assert "A-1" in listed
    with agency_scope(agency.id):
        case = Case.objects.get(contract_no="A-1")
    assert "was opened with" in browser.get(reverse("creditor-case", args=[case.id])).content.decode()


def test_the_error_file_has_the_creditors_columns_and_the_error(browser, portfolio, agency, eager):
    """S004-08."""
    bad = '=cmd;"Ceban";Ana;2000000000015;079123456;x;Bălți;MDL;n/a?;0;31.10.2026'
    upload(browser, portfolio, comma_less(ION, bad), eager)
    case_file = the_file(agency)
    with eager():
        browser.post(reverse("case-file-map", args=[case_file.id]), form_of(case_file.detected["suggestion"]))
    answer = browser.get(reverse("case-file-errors", args=[case_file.id]))
    lines = b"".join(answer.streaming_content).decode("cp1250").splitlines()
    assert lines[0] == HEADER.replace("ț", "ţ") + ";_error"
    assert lines[1].startswith("'=cmd;Ceban;Ana")
    assert "is not an amount" in lines[1]
    assert len(lines) == 2


def test_undecided_columns_are_told_and_nothing_is_checked(browser, portfolio, agency, eager):
    upload(browser, portfolio, csv_of(ION + ";x", header=HEADER + ";Grupa"), eager)
    case_file = the_file(agency)
    form = {f"to-{n}": column["to"] for n, column in enumerate(case_file.detected["suggestion"]["columns"])}
    answer = browser.post(reverse("case-file-map", args=[case_file.id]), form)
    assert answer.status_code == 422
    assert "Grupa" in answer.content.decode()
    assert the_file(agency).state == "NEEDS_MAPPING"


def test_a_broken_file_says_where_it_breaks(browser, portfolio, agency, eager):
    answer = upload(browser, portfolio, (HEADER + '\r\nA;"never closed;x\r\n').encode(), eager)
    page = browser.get(answer.url).content.decode()
    assert "never closes" in page
    assert the_file(agency).problem["row"] == 2


@pytest.mark.parametrize("name", ["case-file", "case-file-progress", "case-file-errors"])
def test_another_creditors_file_does_not_exist(browser, portfolio, agency, member, eager, name):
    with agency_scope(agency.id):
        other = factories.make_portfolio()
    stranger = factories.client_of(member("CREDITOR_USER", creditor=other.creditor))
    upload(browser, portfolio, csv_of(ION), eager)
    assert stranger.get(reverse(name, args=[the_file(agency).id])).status_code == 404


def test_another_creditors_portfolio_takes_no_upload(browser, agency, eager):
    with agency_scope(agency.id):
        other = factories.make_portfolio()
    assert upload(browser, other, csv_of(ION), eager).status_code == 404


def test_another_agency_sees_no_file(browser, portfolio, agency, other_agency, eager):
    upload(browser, portfolio, csv_of(ION), eager)
    manager = factories.client_of(factories.make_member(other_agency, "MANAGER"))
    assert manager.get(reverse("case-file", args=[the_file(agency).id])).status_code == 404


def test_a_collector_may_not_see_case_files(member):
    assert factories.client_of(member("COLLECTOR")).get(reverse("case-files")).status_code == 403


def test_a_creditor_sees_no_other_creditors_cases(browser, agency):
    """S003-04."""
    with agency_scope(agency.id):
        case = factories.make_case()
    assert browser.get(reverse("creditor-case", args=[case.id])).status_code == 404


def test_progress_reloads_the_page_once_the_step_is_over(browser, portfolio, agency, eager):
    upload(browser, portfolio, csv_of(ION), eager)
    answer = browser.get(reverse("case-file-progress", args=[the_file(agency).id]))
    assert answer.headers["HX-Refresh"] == "true"


def test_a_file_without_name_or_with_folders_in_it_is_named_safely(browser, portfolio, agency, eager):
    upload(browser, portfolio, csv_of(ION), eager, name="..\\..\\evil.csv")
    assert the_file(agency).filename == "evil.csv"
    assert "/" not in the_file(agency).path


def test_an_empty_upload_is_refused(browser, portfolio):
    answer = browser.post(reverse("case-file-upload"), {"portfolio": portfolio.id, "file": io.BytesIO(b"")})
    assert answer.status_code == 422
