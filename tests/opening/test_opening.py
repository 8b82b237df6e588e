"""From a case file to cases: opened once, whatever happens on the way; a later file changes what it changed."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.models import Event
from cases import opening
from cases.models import Case, Party
from debtors.models import ContactPoint, Debtor, NameToken
from ledger.models import Account, Due, Entry, Line
from portfolios import checking
from portfolios.models import CaseFile
from tests import factories
from tests.opening.files import ANA, HEADER, ION, checked, csv_of, opened, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


@pytest.fixture
def by(member, in_agency):
    return member("COORDINATOR")


def test_a_row_becomes_a_debtor_an_account_and_a_case(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    case = Case.objects.select_related("debtor", "account").get()
    assert (case.contract_no, case.balance, case.currency) == ("A-1", Decimal("1050.50"), "MDL")
    assert (case.overdue, case.oldest_due_on) == (Decimal("1050.50"), date(2026, 8, 15))
    assert (case.debtor.name, case.debtor.national_id) == ("Ion Țurcanu", "2000000000004")
    assert (case.account.principal, case.account.interest) == (Decimal(1000), Decimal("50.50"))
    assert {p.value for p in ContactPoint.objects.filter(debtor=case.debtor)} == {
        "+37369123456",
        "str. Florilor 1, Chișinău",
    }
    assert set(NameToken.objects.values_list("token", flat=True)) == {"ion", "turcanu"}


def test_the_account_opens_by_one_balanced_entry(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    entry = Entry.objects.get()
    assert dict(Line.objects.filter(entry=entry).values_list("bucket", "amount")) == {
        "PRINCIPAL": Decimal(1000), "INTEREST": Decimal("50.50"), "OPENING": Decimal("-1050.50"),
    }  # fmt: skip
    assert list(Due.objects.values_list("due_on", "amount")) == [(date(2026, 8, 15), Decimal("1050.50"))]


def test_each_case_tells_its_opening_once_and_stands_in_the_stage_of_its_days(portfolio, by):
    opened(portfolio, csv_of(ION, ANA), by)
    assert Event.objects.filter(kind="case.opened").count() == 2
    assert dict(Case.objects.values_list("contract_no", "stage"))["A-1"] == "SOFT"


def test_the_same_file_twice_changes_nothing(portfolio, by):
    first = opened(portfolio, csv_of(ION, ANA), by)
    again = opened(portfolio, csv_of(ION, ANA), by)
    assert again.id == first.id
    assert Case.objects.count() == 2


def test_opening_an_opened_file_again_does_nothing(portfolio, by):
    case_file = opened(portfolio, csv_of(ION), by)
    result = opening.open_confirmed(case_file, now=timezone.now())
    assert (result.opened, result.changed, Case.objects.count(), Entry.objects.count()) == (0, 0, 1, 1)


def test_a_file_that_grew_opens_only_what_is_new(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    grown = opened(portfolio, csv_of(ION, ANA), by)
    assert verdicts(grown) == ["UNCHANGED", "NEW"]
    assert Case.objects.count() == 2


def test_a_changed_amount_is_adjusted_by_an_entry_and_told(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    changed = opened(portfolio, csv_of(ION.replace("1000,00", "900,00")), by)
    case = Case.objects.get()
    assert verdicts(changed) == ["CHANGED"]
    assert (case.balance, case.account.principal) == (Decimal("950.50"), Decimal(900))
    adjusted = Line.objects.filter(entry__kind="ADJUSTMENT").values_list("bucket", "amount")
    assert dict(adjusted) == {"PRINCIPAL": Decimal(-100), "ADJUSTED": Decimal(100)}
    told = Event.objects.get(kind="case.changed_by_file")
    assert told.data["changes"]["amounts.PRINCIPAL"] == ["1000.00", "900.00"]


def test_a_later_due_day_cures_the_case(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    opened(portfolio, csv_of(ION.replace("15.08.2026", "15.12.2099")), by)
    case = Case.objects.get()
    assert (case.overdue, case.oldest_due_on, case.stage) == (Decimal(0), None, "WATCH")


def test_a_corrected_name_and_a_new_phone_reach_the_known_debtor(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    opened(portfolio, csv_of(ION.replace("Țurcanu", "Turcan").replace("069123456", "078111222")), by)
    debtor = Debtor.objects.get()
    assert debtor.name == "Ion Turcan"
    assert ContactPoint.objects.filter(debtor=debtor, kind="PHONE").count() == 2
    assert set(NameToken.objects.values_list("token", flat=True)) == {"ion", "turcan"}


def test_one_person_with_two_contracts_is_one_debtor(portfolio, by):
    opened(portfolio, csv_of(ION, ION.replace("A-1", "A-9")), by)
    assert (Debtor.objects.count(), Case.objects.count()) == (1, 2)


def test_a_person_known_from_another_creditor_is_found_by_the_national_id(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    opened(factories.make_portfolio(), csv_of(ION), by)
    assert (Debtor.objects.count(), Case.objects.count()) == (1, 2)


REFERENCED = "Nr contract;Cod client;Debitor;Sold;Scadenta"


def test_the_creditors_own_number_finds_the_person_among_that_creditors_cases_alone(portfolio, by):
    opened(portfolio, csv_of("K1;77;Ana Rusu;100,50;31.01.2026", header=REFERENCED), by)
    opened(portfolio, csv_of("K2;77;Ana Rusu;100,50;31.01.2026", header=REFERENCED), by)
    opened(factories.make_portfolio(), csv_of("K3;77;Petru Lupu;100,50;31.01.2026", header=REFERENCED), by)
    by_contract = dict(Case.objects.values_list("contract_no", "debtor_id"))
    assert by_contract["K1"] == by_contract["K2"] != by_contract["K3"]


def test_a_guarantor_becomes_a_party_and_stays_one_person(portfolio, by):
    """S004-12, S004-80."""
    header = HEADER + ";Fidejusor;Telefon fidejusor"
    opened(portfolio, csv_of(ION + ";Maria Lungu;068222333", header=header), by)
    opened(portfolio, csv_of(ION.replace("1000,00", "990,00") + ";Maria Lungu;068222333", header=header), by)
    party = Party.objects.select_related("person").get()
    assert (party.role, party.person.name, Debtor.objects.count()) == ("GUARANTOR", "Maria Lungu", 2)


def test_work_goes_on_after_a_crash_between_two_chunks(portfolio, by, monkeypatch):
    lines = [ION.replace("A-1", f"A-{n}") for n in range(10, 17)]
    case_file = checking.confirm(checked(portfolio, csv_of(*lines), by), by=by.user, now=timezone.now())
    real, calls = opening._write, []

    def killed(cursor, keys):
        calls.append(keys["until"])
        if len(calls) == 3:
            raise RuntimeError("killed")
        return real(cursor, keys)

    monkeypatch.setattr(opening, "_write", killed)
    with pytest.raises(RuntimeError):
        opening.open_confirmed(case_file, now=timezone.now(), chunk=2)
    assert Case.objects.count() == 4
    assert CaseFile.objects.get().state == "OPENING"
    opening.open_confirmed(case_file, now=timezone.now(), chunk=2)
    assert (Case.objects.count(), Account.objects.count(), Entry.objects.count()) == (7, 7, 7)
    assert CaseFile.objects.get().counts["cases_opened"] == 7


def test_a_closed_case_is_not_reopened_by_a_file(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    from cases import transitions

    transitions.close(Case.objects.get(), reason="RECALLED", by=by, as_of=factories.TODAY)
    case_file = checked(portfolio, csv_of(ION.replace("1000,00", "900,00")), by)
    assert verdicts(case_file) == ["INELIGIBLE"]
