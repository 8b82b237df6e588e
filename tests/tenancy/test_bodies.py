"""Ids of another agency in the body of a POST: refused, and not a row of either agency is written."""

import importlib
import pkgutil
from typing import Any
from unittest import mock

import pytest
from django import forms
from django.apps import apps
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from agencies.permissions import Permission
from agencies.roles import ROLES
from agencies.scope import agency_scope
from tests import factories
from tests.tenancy import catalog
from tests.tenancy.addresses import addresses
from tests.tenancy.bodies import BODIES, READ_ONLY, Body, furnish
from tests.tenancy.world import ROLE, House, build

pytestmark = [pytest.mark.isolation, pytest.mark.django_db(databases=["default", "platform"])]

REFUSED = {400, 404, 409, 422}
FIELDS = [pytest.param(body, name, id=f"{body}-{name}") for body in BODIES for name in body.ids]
ARGUMENTS = {str(address): address.arguments for address in addresses()}


@pytest.fixture
def two(db):
    houses = build("Nistru Collect", "MD"), build("Bega Recuperare", "RO")
    for house in houses:
        furnish(house)
    of_the_agency = frozenset(Permission) - {Permission.CREDITOR_APPROVE}
    with mock.patch.object(ROLES[ROLE], "permissions", of_the_agency):
        yield houses


def prints_of(house: House) -> dict[str, tuple[int, int]]:
    """Table -> (rows, a sum of their hashes) of one agency, as the agency itself sees them."""
    parts = [
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {table} AS t"
        for table in catalog.owned_tables()
    ]
    with agency_scope(house.agency.id), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (count, total) for table, count, total in cursor.fetchall()}


def send(body: Body, own: House, **changed: str) -> HttpResponse:
    """Post the right body of `own`, with some of its fields changed."""
    path = {name: own.ids[body.path.get(name, name)] for name in ARGUMENTS[body.address]}
    data = {name: form.format(own.ids[row]) for name, (row, form) in body.ids.items()} | body.rest(own) | changed
    client = factories.client_of(own.member)
    client.raise_request_exception = False
    headers = {"Authorization": f"Bearer {own.secret}"} if body.api else {}
    return client.post(reverse(body.address, kwargs=path), data, headers=headers)


def is_refused(response: Any) -> bool:
    told = [message for message in get_messages(response.wsgi_request) if message.level_tag == "error"]
    return response.status_code in REFUSED or (response.status_code == 302 and bool(told))


def errors_of(response: Any) -> set[str]:
    """Fields of the page's form that have an error."""
    return set(response.context["form"].errors) if response.context and "form" in response.context else set()


@pytest.mark.parametrize("body", BODIES, ids=str)
def test_a_body_with_own_rows_is_taken(body, two):
    """Control: the body is right, so that a refusal below is due to the foreign id alone."""
    own, _foreign = two
    before = prints_of(own)
    response = send(body, own)
    if body.by_the_clock:
        assert not errors_of(response) & set(body.ids)
        return
    assert response.status_code < 400, (response.status_code, response.content.decode()[:2000])
    assert not is_refused(response), [str(message) for message in get_messages(response.wsgi_request)]
    assert prints_of(own) != before


@pytest.mark.parametrize(("body", "name"), FIELDS)
def test_a_row_of_another_agency_is_refused_and_nothing_is_written(body, name, two):
    own, foreign = two
    before = prints_of(own), prints_of(foreign)
    row, form = body.ids[name]
    with transaction.atomic():
        response = send(body, own, **{name: form.format(foreign.ids[row])})
    assert is_refused(response), f"{body} answered {response.status_code} to a foreign {name}"
    assert not body.by_the_clock or name in errors_of(response)
    noted = {"agencies_apitoken"} if body.api else set()  # when a token was last used
    assert set(differing(before[0], prints_of(own))) <= noted
    assert differing(before[1], prints_of(foreign)) == []


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [table for table in before if before[table] != after[table]]


def our_forms() -> dict[str, type[forms.BaseForm]]:
    """Every form class of our own code, by module and name."""
    for config in apps.get_app_configs():
        if config.module is not None and "site-packages" not in config.path:
            for found in pkgutil.walk_packages(config.module.__path__, f"{config.name}."):
                if ".migrations" not in found.name and ".management" not in found.name:
                    importlib.import_module(found.name)
    known: dict[str, type[forms.BaseForm]] = {}
    waiting = list(forms.BaseForm.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        known[f"{one.__module__}.{one.__qualname__}"] = one
    ours = {config.name for config in apps.get_app_configs() if "site-packages" not in config.path}
    return {name: one for name, one in known.items() if name.split(".")[0] in ours}


def choosing() -> set[str]:
    """Forms in which a row is chosen."""
    return {
        name for name, form in our_forms().items()
        if any(isinstance(field, forms.ModelChoiceField) for field in getattr(form, "base_fields", {}).values())
    }  # fmt: skip


def test_every_form_in_which_a_row_is_chosen_is_walked():
    told = {body.reads for body in BODIES if body.reads} | set(READ_ONLY)
    missing = sorted(choosing() - told)
    assert not missing, f"{missing}: add a Body to tests/tenancy/bodies.py, or name the reason in READ_ONLY."


def test_no_declared_form_is_stale():
    told = {body.reads for body in BODIES if body.reads} | set(READ_ONLY)
    assert sorted(told - choosing()) == []


@pytest.mark.parametrize("body", [body for body in BODIES if body.reads], ids=str)
def test_every_choice_of_a_row_in_a_form_is_among_its_fields(body):
    form = our_forms()[body.reads]
    chosen = {name for name, field in form.base_fields.items() if isinstance(field, forms.ModelChoiceField)}
    walked = {name for other in BODIES if other.address == body.address for name in other.ids}
    assert chosen <= walked
