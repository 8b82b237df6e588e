"""Which rows may be taken over, and why not; the accidents of real hand-over files (S004-05 to S004-12)."""

from datetime import date
from decimal import Decimal

import pytest

from portfolios.eligibility import Facts, Terms, judge
from portfolios.models import CaseFileRow
from tests import factories
from tests.opening.files import ANA, HEADER, ION, checked, codes, csv_of, verdicts

TODAY = date(2026, 11, 24)
BANK = Terms(
    country="RO", currency="RON", as_of=TODAY, taken_over_on=date(2026, 3, 1), min_days_past_due=91,
    requires_secured=True, persons_only=True, notice_required=True,
)  # fmt: skip


def facts(**changes) -> Facts:
    usual = {
        "currency": "RON", "total": Decimal(1000), "due_on": date(2026, 1, 1), "secured": True,
        "notice_on": date(2026, 2, 1),
    }  # fmt: skip
    return Facts(**(usual | changes))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"due_on": date(2026, 8, 26)}, "too_few_days"),
        ({"due_on": None}, "no_due_day"),
        ({"secured": False}, "unsecured"),
        ({"kind": "COMPANY"}, "not_a_person"),
        ({"statuses": ["RESTRUCTURING"]}, "status_RESTRUCTURING"),
        ({"statuses": ["STAFF"]}, "status_STAFF"),
        ({"statuses": ["LEGAL"]}, "status_LEGAL"),
        ({"statuses": ["FRAUD"]}, "status_FRAUD"),
        ({"statuses": ["DECEASED"]}, "status_DECEASED"),
        ({"notice_on": None}, "notice_missing"),
        ({"notice_on": date(2026, 3, 1)}, "notice_after_sale"),
        ({"party_notices": {"Garant": None}}, "party_notice_missing"),
        ({"currency": "EUR"}, "wrong_currency"),
        ({"settled_on": date(2026, 5, 5)}, "settled"),
        ({"total": Decimal(0)}, "nothing_owed"),
        ({"source_accelerated": False, "legally_accelerated": True}, "accelerated_differently"),
    ],
)
def test_each_rule_of_the_takeover_has_its_reason(changes, code):
    """S004-06, S004-08, S004-11."""
    assert [reason["code"] for reason in judge(facts(**changes), BANK)] == [code]


def test_a_row_that_keeps_all_rules_is_taken():
    assert judge(facts(due_on=date(2026, 8, 25)), BANK) == []


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


@pytest.fixture
def by(member, in_agency):
    return member("COORDINATOR")


pytest_db = pytest.mark.django_db


@pytest_db
def test_the_same_contract_twice_in_a_file_is_taken_once(portfolio, by):
    case_file = checked(portfolio, csv_of(ION, ANA, ION), by)
    assert verdicts(case_file) == ["NEW", "NEW", "DUPLICATE"]
    assert CaseFileRow.objects.get(verdict="DUPLICATE").reasons[0]["cell"] == "2"


@pytest_db
def test_each_kind_of_error_is_told_with_its_column(portfolio, by):
    lines = [
        ION.replace("2000000000004", "2000000000005"), ION.replace("15.08.2026", "31.02.2026"),
        ION.replace("MDL", "lei moldovenesti"), ION.replace("Țurcanu;Ion", ";"), ION.replace("A-1", ""),
        ION.replace("1000,00", ""), "A-8;only;three",
    ]  # fmt: skip
    case_file = checked(portfolio, csv_of(ANA, *lines), by)
    assert verdicts(case_file)[1:] == ["ERROR"] * 7
    told = codes(case_file)
    for code in (
        "not_a_national_id",
        "not_a_day",
        "not_a_currency",
        "no_name",
        "no_contract_no",
        "missing",
        "short_row",
    ):
        assert code in told


@pytest_db
def test_two_phones_in_a_cell_and_a_dash_for_none(portfolio, by):
    lines = [ION.replace("069123456", "22123456-69123456"), ANA.replace("079123456", "-")]
    checked(portfolio, csv_of(*lines), by)
    points = [
        [point["value"] for point in row.values["persons"][0]["points"] if point["kind"] == "PHONE"]
        for row in CaseFileRow.objects.order_by("line")
    ]
    assert points == [["+37322123456", "+37369123456"], []]


@pytest_db
def test_a_phone_that_is_none_is_kept_as_a_remark_and_the_row_is_taken(portfolio, by):
    case_file = checked(portfolio, csv_of(ION.replace("069123456", "sună dimineața 12")), by)
    assert (verdicts(case_file), codes(case_file)) == (["NEW"], ["not_a_phone"])
    assert CaseFileRow.objects.get().values["extra"]["Telefon"] == "sună dimineața 12"
    assert case_file.counts["warnings"] == 1


@pytest_db
def test_text_in_an_unnamed_cell_is_told_with_its_row(portfolio, by):
    case_file = checked(portfolio, csv_of(ION, ANA + ";stray"), by, spec=None)
    assert "stray" not in str(CaseFileRow.objects.get(line=2).reasons)
    assert case_file.counts["new"] + case_file.counts["error"] == 2


@pytest_db
def test_no_national_id_stands_in_the_open_in_a_stored_row(portfolio, by):
    checked(portfolio, csv_of(ION, ANA.replace("2000,00", "n/a?")), by)
    stored = str(list(CaseFileRow.objects.values("values", "raw", "reasons")))
    assert "2000000000004" not in stored
    assert "2000000000015" not in stored


@pytest_db
def test_a_changed_file_says_how_it_changed(portfolio, by):
    from tests.opening.files import opened

    opened(portfolio, csv_of(ION), by)
    checked(portfolio, csv_of(ION.replace("1000,00", "900,00").replace("Florilor", "Viilor")), by)
    row = CaseFileRow.objects.get(verdict="CHANGED")
    assert row.changes == {
        "amounts.PRINCIPAL": ["1000.00", "900.00"], "total": ["1050.50", "950.50"],
        "persons": None,
    }  # fmt: skip


@pytest_db
def test_a_file_checked_in_many_chunks_tells_the_same_as_in_one(portfolio, by, monkeypatch):
    from portfolios import checking

    lines = [ION.replace("A-1", f"A-{n % 9}") for n in range(20)]
    whole = checked(portfolio, csv_of(*lines), by)
    monkeypatch.setattr(checking.check, "__kwdefaults__", {"chunk": 3})
    parts = checked(factories.make_portfolio(), csv_of(*lines), by)
    assert (whole.counts, verdicts(whole)) == (parts.counts, verdicts(parts))


@pytest_db
def test_the_header_of_a_mapped_file_is_remembered(portfolio, by):
    from tests.opening.files import receive

    checked(portfolio, csv_of(ION), by)
    assert receive(portfolio, csv_of(ANA, header=HEADER.upper()), by).state == "CHECKING"
