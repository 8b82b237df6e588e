"""A creditor's later file that says a debt is paid closes the case; it is never passed over in silence."""

from decimal import Decimal

import pytest
from django.utils import timezone

from audit.models import Event
from cases import money, transitions
from cases.models import Case
from ledger import posting
from ledger.models import Line
from portfolios.models import CaseFileRow
from tests import factories
from tests.opening.files import ANA, HEADER, ION, checked, codes, csv_of, opened, verdicts

pytestmark = pytest.mark.django_db

PAID = ION.replace("1000,00;50,50", "0,00;0")
WITH_WORDS = HEADER + ";Achitat la;Stare"


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


@pytest.fixture
def by(member, in_agency):
    return member("COORDINATOR")


def with_words(line: str, settled_on: str = "", status: str = "") -> bytes:
    """The file with two columns more: when it was paid, and a status."""
    return csv_of(f"{line};{settled_on};{status}", header=WITH_WORDS)


def spec_with_words() -> dict:
    to = [
        "contract_no", "last_name", "first_name", "national_id", "phone", "street", "city", "currency", "principal",
        "interest", "due_on", "settled_on", "status",
    ]  # fmt: skip
    columns = [{"column": name, "to": meaning} for name, meaning in zip(WITH_WORDS.split(";"), to, strict=True)]
    for column in columns:
        column |= {"dates": "DMY"} if column["to"].endswith("_on") else {}
        column |= {"decimal": ","} if column["to"] in ("principal", "interest") else {}
    return {"columns": columns}


def test_a_known_case_that_owes_nothing_any_more_is_closed_as_paid(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    later = opened(portfolio, csv_of(PAID, ANA), by)
    case = Case.objects.select_related("account").get(contract_no="A-1")
    assert (verdicts(later), codes(later)) == (["CHANGED", "NEW"], ["closes_case"])
    assert (case.stage, case.close_reason, case.closed_on is not None) == ("CLOSED", "PAID", True)
    assert (case.balance, case.overdue, case.account.balance) == (Decimal(0), Decimal(0), Decimal(0))
    assert dict(Line.objects.filter(entry__kind="ADJUSTMENT").values_list("bucket", "amount")) == {
        "PRINCIPAL": Decimal(-1000), "INTEREST": Decimal("-50.50"), "ADJUSTED": Decimal("1050.50"),
    }  # fmt: skip
    kinds = list(Event.objects.filter(case_id=case.id).order_by("id").values_list("kind", flat=True))
    assert kinds[-2:] == ["case.changed_by_file", "case.closed"]


@pytest.mark.parametrize("words", [{"settled_on": "01.11.2026"}, {"status": "achitat"}])
def test_the_word_paid_closes_the_case_whatever_sum_stands_beside_it(portfolio, by, words):
    opened(portfolio, with_words(ION), by, spec=spec_with_words())
    opened(portfolio, with_words(ION, **words), by)
    case = Case.objects.select_related("account").get()
    assert (case.stage, case.close_reason, case.account.balance) == ("CLOSED", "PAID", Decimal(0))
    assert CaseFileRow.objects.get(verdict="CHANGED").changes["total"] == ["1050.50", "0"]


def test_a_paid_row_of_an_unknown_contract_is_not_taken_over(portfolio, by):
    case_file = checked(portfolio, csv_of(PAID), by)
    assert (verdicts(case_file), codes(case_file)) == (["INELIGIBLE"], ["nothing_owed"])


def test_a_paid_row_of_a_closed_case_changes_nothing(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    opened(portfolio, csv_of(PAID), by)
    again = checked(portfolio, csv_of(PAID.replace("Florilor", "Viilor")), by)
    assert (verdicts(again), codes(again)) == (["INELIGIBLE"], ["nothing_owed", "case_closed"])


def test_what_was_charged_since_falls_away_with_the_paid_debt(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    case = Case.objects.select_related("account").get()
    posting.post_cost(
        case.account, amount=Decimal(30), incurred_on=factories.TODAY, by=by, now=timezone.now(), reference="Notary"
    )
    opened(portfolio, csv_of(PAID), by)
    case.account.refresh_from_db()
    assert (case.account.costs, case.account.balance) == (Decimal(0), Decimal(0))


def test_a_reopened_case_is_closed_again_by_the_same_word(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    opened(portfolio, csv_of(PAID), by)
    case = Case.objects.select_related("account").get()
    owe_again(case, by)
    opened(portfolio, csv_of(PAID, ANA), by)
    case = Case.objects.select_related("account").get(contract_no="A-1")
    assert (case.stage, case.account.balance) == ("CLOSED", Decimal(0))


def owe_again(case: Case, by) -> None:
    posting.post_cost(
        case.account, amount=Decimal(30), incurred_on=factories.TODAY, by=by, now=timezone.now(), reference="Court"
    )
    money.refresh(case, factories.TODAY)
    transitions.apply(
        Case.objects.get(id=case.id), "reopen", by=by, as_of=factories.TODAY, reason="The payment came back"
    )


def test_the_terms_of_the_takeover_do_not_judge_a_case_we_have(in_agency, by):
    portfolio = factories.make_portfolio(factories.make_mandate(min_days_past_due=31))
    opened(portfolio, csv_of(ION), by)
    younger = ION.replace("1000,00", "700,00").replace("15.08.2026", "15.11.2099")
    changed = opened(portfolio, csv_of(younger, ANA.replace("31.10.2026", "15.11.2099")), by)
    assert (verdicts(changed), codes(changed)) == (["CHANGED", "INELIGIBLE"], ["too_few_days"])
    assert Case.objects.get().balance == Decimal("750.50")


def test_a_row_in_another_currency_than_the_case_says_so(in_agency, by):
    portfolio = factories.make_portfolio(factories.make_mandate(other_currencies=["EUR"]))
    opened(portfolio, csv_of(ION), by)
    case_file = checked(portfolio, csv_of(PAID.replace("MDL", "EUR")), by)
    assert (verdicts(case_file), codes(case_file)[-1]) == (["INELIGIBLE"], "case_in_other_currency")
