"""The panel of the creditor's own columns in a real browser: closed at first, fetched once, when somebody opens it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agencies.scope import agency_scope
from cases.models import Case
from tests import factories
from tests.browser import DATABASES, picture, serious_faults
from tests.opening.files import HEADER, ION, csv_of, opened

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]


def test_the_columns_are_fetched_when_the_panel_is_opened(
    sign_in: Callable[..., Page], agency: factories.Agency, member: Any
) -> None:
    coordinator = member("COORDINATOR")
    with agency_scope(agency.id):
        portfolio = factories.make_portfolio(factories.make_mandate(original_creditor="Banca Veche"))
        content = csv_of(ION + ";Botanica;Maria P.", header=HEADER + ";Zona;Agent vânzări")
        opened(portfolio, content, coordinator)
        case_id = Case.objects.get().id
    page = sign_in(coordinator)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/file/") else None)
    page.goto(f"/cases/{case_id}/")
    expect(page.get_by_text("originally Banca Veche")).to_be_visible()
    assert asked == []
    panel = page.locator("#panel-file")
    panel.get_by_text("From the creditor's file").click()
    expect(panel.get_by_text("Botanica")).to_be_visible()
    expect(panel.get_by_text("Row 2 of debts.csv")).to_be_visible()
    panel.get_by_text("From the creditor's file").click()
    panel.get_by_text("From the creditor's file").click()
    expect(panel.get_by_text("Maria P.")).to_be_visible()
    assert len(asked) == 1
    assert serious_faults(page) == []
    picture(page, "creditors_file")
