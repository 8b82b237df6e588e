"""What every test may use: agencies, people of each role, and the scope of an agency. All SQL runs as crm_app."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from tests import factories
from tests.browser import chromium, contexts, fresh_page, sign_in

__all__ = ["chromium", "contexts", "fresh_page", "sign_in"]
"""One browser for the whole run: its driver keeps a loop, and a second one in the same process is refused."""

os.environ.setdefault("EMBEDDED_KIND", "test")


def pytest_configure(config: pytest.Config) -> None:
    from collections_crm import embedded

    embedded.ensure("test")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens a browser is a journey, so that `-m "not journey"` leaves the quick part."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Migrate as the owner, then let every connection act under the role that production gives it."""
    from django.conf import settings

    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO crm_app, crm_platform")
    for alias, role in settings.ROLE_OF_ALIAS.items():
        connection = connections[alias]
        connection.close()
        connection.settings_dict["OPTIONS"] = {"options": f"-c role={role}"}


@pytest.fixture
def agency(db: None) -> "factories.Agency":
    return factories.make_agency(name="Nistru Collect", country="MD")


@pytest.fixture
def other_agency(db: None) -> "factories.Agency":
    return factories.make_agency(name="Bega Recuperare", country="RO")


@pytest.fixture
def in_agency(agency: "factories.Agency") -> Iterator["factories.Agency"]:
    """Run the test inside the scope of `agency`."""
    from agencies.scope import agency_scope

    with agency_scope(agency.id):
        yield agency


@pytest.fixture
def member(agency: "factories.Agency") -> Callable[..., "factories.Membership"]:
    """member("COLLECTOR") gives a person of that role in `agency`."""
    return lambda role, **fields: factories.make_member(agency, role, **fields)
