"""A table wider than a phone becomes cards that say what each number is; wider screens keep the table."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agencies.scope import agency_scope
from field.models import Territory
from tests.browser import DATABASES, LAPTOP, PHONE, picture, serious_faults

pytestmark = pytest.mark.django_db(databases=DATABASES, transaction=True)


@pytest.fixture
def manager(agency: Any, member: Any) -> Any:
    collector = member("FIELD_COLLECTOR", full_name="Vasile Munteanu")
    with agency_scope(agency.id):
        prefixes = ["MD-2001", "MD-2012", "MD-2045", "MD-2068"]
        Territory.objects.create(name="Centru", country="", postal_prefixes=prefixes, cities=[], collector=collector)
    return member("MANAGER")


def shown(page: Page, live_server: Any) -> Any:
    page.goto(f"{live_server.url}/field/territories/")
    return page.locator(".table-wrap")


def test_a_wide_table_becomes_cards_on_a_phone(live_server: Any, manager: Any, sign_in: Any) -> None:
    page = sign_in(manager, viewport=PHONE)
    table = shown(page, live_server)

    expect(table).to_contain_class("as-cards")
    assert table.locator("td[data-label='Field collector']").inner_text() == "Vasile Munteanu"
    assert table.evaluate("wrap => wrap.scrollWidth <= wrap.clientWidth")
    assert table.locator("td[data-label='Country']").count() == 0, "what is empty has no label"
    assert not serious_faults(page)
    picture(page, "territories_390")


def test_the_table_stays_a_table_where_it_has_room(live_server: Any, manager: Any, sign_in: Any) -> None:
    table = shown(sign_in(manager, viewport=LAPTOP), live_server)

    expect(table.locator("thead")).to_be_visible()
    assert "as-cards" not in table.get_attribute("class")
