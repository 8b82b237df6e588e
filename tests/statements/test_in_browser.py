"""The desk of open lines in a real browser: by keyboard alone, on a laptop and on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agencies.scope import agency_scope
from ledger.models import Payment, StatementLine
from tests import factories
from tests.browser import DATABASES, PHONE, picture, serious_faults
from tests.statements.samples import Row, camt, mt940

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]
SignIn = Callable[..., Page]
IBAN = "MD50AG000000022512345678"
ROWS = [
    Row(400, text="Rata noiembrie contract MD-2024/00123", name="VASILE CEBAN", iban=IBAN, reference="E2E-1"),
    Row(250, text="achitare datorie", name="TURCANU STEFAN", reference="E2E-2"),
    Row("812.40", text="plata contract MD2024 00200 restanta", name="ELENA ROSCA"),
    Row(75, text="transfer", name="AGROFIRMA SRL"),
    Row(-400, text="Returnare plata, cont inchis", reference="E2E-1", reversal=True),
    Row(-3, text="Comision bancar"),
]


@pytest.fixture
def cases(agency: factories.Agency) -> None:
    with agency_scope(agency.id):
        portfolio = factories.make_portfolio(factories.make_mandate(factories.make_creditor(name="Moldova Leasing")))
        for number, name, amount in (
            ("MD-2024/00123", "Vasile Ceban", 1200), ("MD-2024/00150", "Ștefan Țurcanu", 250),
            ("MD-2024/00200", "Elena Roșca", 700), ("MD-2024/00300", "Agrofirma Nord", 9000),
        ):  # fmt: skip
            factories.make_case(
                portfolio=portfolio, debtor=factories.make_debtor(name=name), contract_no=number, amount=amount
            )


@pytest.fixture
def upload(sign_in: SignIn, coordinator: factories.Membership, cases: None, tmp_path: Path) -> Callable[..., Page]:
    """upload(content) takes a statement in by the page and shows it matched."""

    def taken(content: bytes, name: str = "extras-20-11.sta", **options: Any) -> Page:
        page = sign_in(coordinator, **options)
        page.goto("/bank-statements/")
        path = tmp_path / name
        path.write_bytes(content)
        page.get_by_label("Take in a statement").set_input_files(path)
        page.get_by_role("button", name="Take in", exact=True).click()
        return page

    return taken


def test_a_statement_is_taken_in_and_settled_without_a_mouse(
    upload: Callable[..., Page], agency: factories.Agency
) -> None:
    page = upload(mt940(ROWS))
    expect(page.get_by_role("heading", name="Bank statement of")).to_be_visible()
    page.reload()
    expect(page.get_by_text("By the contract number")).to_have_count(1)
    picture(page, "statement_1366")

    page.add_init_script("addEventListener('mousedown', () => { window.mouse = true })")
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="TURCANU STEFAN")).to_be_visible()
    expect(page.get_by_text("Name of the payer")).to_be_visible()
    expect(page.get_by_text("Pays the whole debt")).to_be_visible()
    picture(page, "desk_1366")
    assert serious_faults(page) == []
    page.keyboard.press("1")

    expect(page.get_by_role("heading", name="ELENA ROSCA")).to_be_visible()
    expect(page.locator("form.notice")).to_contain_text("booked on MD-2024/00150")
    expect(page.get_by_text("more than is owed came in")).to_be_visible()
    picture(page, "desk_surplus_1366")
    page.keyboard.press("1")
    expect(page.get_by_text("Rest of a line")).to_be_visible()
    picture(page, "desk_rest_1366")

    page.keyboard.press("k")
    expect(page.get_by_role("heading", name="AGROFIRMA SRL")).to_be_visible()
    page.keyboard.press("s")
    page.keyboard.type("agrofirma")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="MD-2024/00300")).to_be_visible()
    picture(page, "desk_search_1366")
    page.locator("#main").focus()
    page.keyboard.press("1")

    expect(page.get_by_text("Rest of a line")).to_be_visible()
    page.keyboard.press("x")
    page.get_by_label("Reason").select_option("SENT_BACK")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No open line")).to_be_visible()
    picture(page, "desk_empty_1366")

    page.goto("/bank-statements/desk/?show=out")
    expect(page.get_by_text("Same reference")).to_be_visible()
    picture(page, "desk_out_1366")
    page.keyboard.press("1")
    expect(page.get_by_text("Comision bancar").first).to_be_visible()

    assert page.evaluate("window.mouse") is None
    with agency_scope(agency.id):
        payments = Payment.objects.order_by("id").values_list("amount", "reversed_at")
        assert [(amount, reversed_at is not None) for amount, reversed_at in payments] == [
            (400, True), (250, False), (700, False), (75, False),
        ]  # fmt: skip
        assert StatementLine.objects.filter(state="OPEN").count() == 1
    page.goto("/bank-statements/")
    picture(page, "list_1366")
    assert serious_faults(page) == []


def test_a_mismatch_is_undone_by_one_key(upload: Callable[..., Page], agency: factories.Agency) -> None:
    page = upload(camt(ROWS), "extras.xml")
    page.goto("/bank-statements/desk/")
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("The line is open again.")).to_be_visible()
    with agency_scope(agency.id):
        assert Payment.objects.get(amount=250).reversed_at is not None


def test_a_contradictory_statement_shows_its_place(upload: Callable[..., Page]) -> None:
    page = upload(mt940(ROWS, closing_currency="EUR"), "brd.sta")
    expect(page.get_by_role("alert")).to_contain_text("opens in MDL")
    picture(page, "refused_1366")
    assert serious_faults(page) == []


def test_the_desk_fits_a_phone(upload: Callable[..., Page]) -> None:
    page = upload(mt940(ROWS), viewport=PHONE)
    page.reload()
    picture(page, "statement_390")
    for path, name in (
        ("/bank-statements/desk/", "desk_390"), ("/bank-statements/desk/?show=out", "desk_out_390"),
        ("/bank-statements/", "list_390"),
    ):  # fmt: skip
        page.goto(path)
        picture(page, name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert serious_faults(page) == []


def test_bank_accounts_are_named_on_a_small_page(
    sign_in: SignIn, member: Callable[..., factories.Membership], agency: factories.Agency
) -> None:
    page = sign_in(member("MANAGER"))
    page.goto("/bank-accounts/")
    page.get_by_label("IBAN or account number").fill("RO49 AAAA 1B31 0075 9384 0000")
    page.get_by_label("Currency").fill("RON")
    page.get_by_label("Name for people").fill("Lei, Bucharest")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Lei, Bucharest")).to_be_visible()
    picture(page, "accounts_1366")
    assert serious_faults(page) == []
