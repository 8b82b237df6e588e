"""Columns of the creditor's file that have no field of ours stay with the case and are shown when asked for."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from cases import file_cells
from cases.models import Case
from portfolios.models import CaseFileRow
from tests import factories
from tests.opening.files import ANA, HEADER, ION, checked, csv_of, opened

pytestmark = pytest.mark.django_db

BESIDE = HEADER + ";Zona;Agent vânzări;Altele"
LINE = ION + ";Botanica;Maria P.;soț 2000000000015, cont 2000000000016, IDNP 2000000000004"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


@pytest.fixture
def by(member, in_agency):
    return member("COORDINATOR")


@pytest.fixture
def case(portfolio, by):
    opened(portfolio, csv_of(LINE, header=BESIDE), by)
    return Case.objects.get()


def test_columns_without_a_field_stay_with_the_case_in_the_order_of_the_file(case):
    """S004-80."""
    found = file_cells.cells_of(case)
    assert (found.filename, found.line) == ("debts.csv", 2)
    assert [name for name, _cell in found.cells] == ["Zona", "Agent vânzări", "Altele"]
    assert dict(found.cells)["Zona"] == "Botanica"


def test_national_ids_in_them_are_masked_and_other_numbers_are_not(case):
    told = dict(file_cells.cells_of(case).cells)["Altele"]
    assert told == "soț •••••, cont 2000000000016, IDNP •••••"
    assert "2000000000004" not in str(CaseFileRow.objects.values_list("values", "raw"))


def test_a_row_that_was_not_taken_keeps_them_masked_as_well(portfolio, by):
    wrong = LINE.replace("15.08.2026", "31.02.2026")
    checked(portfolio, csv_of(ANA + ";;;", wrong, header=BESIDE), by)
    row = CaseFileRow.objects.get(verdict="ERROR")
    assert row.raw[-1] == "soț •••••, cont 2000000000016, IDNP •••••"


def test_the_latest_file_is_shown(portfolio, by, case):
    opened(portfolio, csv_of(LINE.replace("Botanica", "Ciocana"), header=BESIDE), by)
    case.refresh_from_db()
    assert dict(file_cells.cells_of(case).cells)["Zona"] == "Ciocana"


def test_the_panel_asks_for_nothing_before_it_is_opened(case, by, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert file_cells.file_panel(RequestFactory().get("/"), case) == {"case": case}
    page = factories.client_of(by).get(reverse("case", args=[case.id])).content.decode()
    assert reverse("case-file-cells", args=[case.id]) in page
    assert "Botanica" not in page


def test_opened_it_shows_them_in_one_statement(case, by, django_assert_num_queries):
    with django_assert_num_queries(1):
        file_cells.cells_of(case)
    part = factories.client_of(by).get(reverse("case-file-cells", args=[case.id]), **HTMX).content.decode()
    assert "<dt>Zona</dt><dd>Botanica</dd>" in part
    assert "<html" not in part


def test_without_script_it_is_a_page(case, by):
    page = factories.client_of(by).get(reverse("case-file-cells", args=[case.id])).content.decode()
    assert "<dd>Botanica</dd>" in page
    assert "<html" in page


def test_a_case_without_a_file_has_no_panel_and_an_erased_file_says_so(case, by):
    assert file_cells.file_panel(RequestFactory().get("/"), factories.make_case()) is None
    CaseFileRow.objects.all().delete()
    part = factories.client_of(by).get(reverse("case-file-cells", args=[case.id]), **HTMX).content.decode()
    assert "not kept any more" in part


def test_a_creditors_user_sees_no_inside_of_the_agency(case, member):
    stranger = member("CREDITOR_USER", creditor=case.creditor)
    assert factories.client_of(stranger).get(reverse("case-file-cells", args=[case.id])).status_code == 403


def test_a_row_without_such_columns_says_so(portfolio, by):
    opened(portfolio, csv_of(ANA), by)
    part = factories.client_of(by).get(reverse("case-file-cells", args=[Case.objects.get().id]), **HTMX)
    assert "has a place of its own" in part.content.decode()
