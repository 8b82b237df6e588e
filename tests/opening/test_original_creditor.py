"""Who granted a contract that was ceded or bought since is known, shown and told to the debtor."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from cases.models import Case
from contacts import wording
from tests import factories
from tests.opening.files import ANA, HEADER, ION, csv_of, opened, receive

pytestmark = pytest.mark.django_db

NAMED = HEADER + ";Creditor inițial"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def portfolio(in_agency):
    creditor = factories.make_creditor(name="Prut Invest")
    mandate = factories.make_mandate(creditor, ownership="CEDED", original_creditor="Banca Veche")
    return factories.make_portfolio(mandate)


@pytest.fixture
def by(member, in_agency):
    return member("COORDINATOR")


def by_contract() -> dict[str, str]:
    return dict(Case.objects.values_list("contract_no", "original_creditor"))


def test_the_column_of_the_file_comes_before_the_mandate(portfolio, by):
    opened(portfolio, csv_of(ION + ";Moldcredit", ANA + ";", header=NAMED), by)
    assert by_contract() == {"A-1": "Moldcredit", "A-2": "Banca Veche"}


def test_a_debt_the_creditor_granted_himself_names_nobody_else(in_agency, by):
    opened(factories.make_portfolio(), csv_of(ION), by)
    assert by_contract() == {"A-1": ""}


def test_a_later_file_corrects_it_and_one_without_the_column_keeps_it(portfolio, by):
    opened(portfolio, csv_of(ION + ";Moldcredit", header=NAMED), by)
    opened(portfolio, csv_of(ION + ";Moldova Credit", header=NAMED), by)
    opened(portfolio, csv_of(ION.replace("1000,00", "900,00")), by)
    assert by_contract() == {"A-1": "Moldova Credit"}


@pytest.mark.parametrize(
    "word", ["Creditor initial", "Original creditor", "Creditore originario", "Původní věřitel", "Pradinis kreditorius"]
)
def test_its_column_is_recognised_in_the_five_languages(portfolio, by, word):
    case_file = receive(portfolio, csv_of(ION + ";X", header=f"{HEADER};{word}"), by)
    assert {"original_creditor"} <= {column["to"] for column in case_file.detected["suggestion"]["columns"]}


def test_texts_name_the_original_creditor_and_the_creditor_where_there_is_no_other(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    case = Case.objects.get()
    facts = wording.collect([case.id], now=NOW)[case.id]
    assert wording.values(facts, language="ro")["case"]["original_creditor"] == "Banca Veche"
    own = factories.make_case()
    facts = wording.collect([own.id], now=NOW)[own.id]
    assert wording.values(facts, language="ro")["case"]["original_creditor"] == own.creditor.name


def test_the_case_page_shows_both(portfolio, by):
    """S004-77."""
    opened(portfolio, csv_of(ION), by)
    page = factories.client_of(by).get(reverse("case", args=[Case.objects.get().id])).content.decode()
    assert "<b>Prut Invest</b> (originally Banca Veche)" in page


def test_the_mandate_takes_it_on_its_page(portfolio, member):
    browser, mandate = factories.client_of(member("MANAGER")), portfolio.mandate
    page = browser.get(reverse("mandate", args=[mandate.creditor_id, mandate.id])).content.decode()
    assert 'value="Banca Veche"' in page
