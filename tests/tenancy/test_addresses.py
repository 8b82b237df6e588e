"""Every page and every API address, called by people it is not for. New addresses are found by themselves.

An address with an argument that is not known here fails: give `world.build` a row for it.
"""

from collections.abc import Iterator
from unittest import mock

import pytest
from django.db import transaction
from django.test import Client

from agencies.permissions import Permission
from agencies.roles import ROLES
from tests import factories
from tests.tenancy.addresses import Address, addresses
from tests.tenancy.world import OUTSIDE, ROLE, House, build

pytestmark = [pytest.mark.isolation, pytest.mark.django_db(databases=["default", "platform"])]

PERMISSION_ELSEWHERE = {
    "allauth.": "signing in: allauth's own pages, about the person alone",
}
PUBLIC = {
    "account_signup": "does not exist: accounts come by invitation",
    "account_email": "does not exist: addresses are changed by nobody",
    "account_set_password": "does not exist: invited people choose a password at once",
    "join": "proves its caller by the secret of an invitation",
    "healthz": "says whether the program runs, without any row",
    "readyz": "says whether database and Redis answer, without any row",
    "metrics": "counts of the program, for this machine or the holder of a token",
    "styleguide": "shows the components with invented text",
    "carrier-inbound": "proves its caller by the carrier's signature",
    "carrier-status": "proves its caller by the carrier's signature and a proof in the address",
    "carrier-voice": "proves its caller by the carrier's signature and a proof in the address",
    "carrier-digits": "proves its caller by the carrier's signature and a proof in the address",
}
OPEN_SIGNING_IN = {
    "account_login", "account_logout", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "account_reauthenticate",
    "mfa_authenticate", "mfa_login_webauthn",
}  # fmt: skip
"""Pages of allauth for people who are not signed in yet; what they do is tried with signing in."""
ALL = addresses()
GUARDED = [address for address in ALL if not address.module.startswith(tuple(PERMISSION_ELSEWHERE))]
WITH_IDS = [address for address in GUARDED if not address.is_public and address.arguments]
METHODS = ("get", "post")
API_METHODS = (*METHODS, "put", "patch", "delete")
NOBODYS = 10**15
"""An id that no row has."""
CLOSED = {302, 401, 403, 404, 405}


@pytest.fixture
def everything() -> Iterator[None]:
    """For this test, people of the agency and people from outside may do whatever can be done."""
    whole = frozenset(Permission)
    with mock.patch.object(ROLES[ROLE], "permissions", whole), mock.patch.object(ROLES[OUTSIDE], "permissions", whole):
        yield


@pytest.fixture
def two():
    return build("Nistru Collect", "MD"), build("Bega Recuperare", "RO")


def answers(client: Client, path: str) -> dict[str, int]:
    """What each method is answered, each tried by itself and undone."""
    found = {}
    for method in API_METHODS if path.startswith("/api/") else METHODS:
        with transaction.atomic():
            found[method] = getattr(client, method)(path).status_code
            transaction.set_rollback(True)
    return found


def quiet(person) -> Client:
    """A browser that is told of a server error instead of raising it."""
    client = factories.client_of(person)
    client.raise_request_exception = False
    return client


def values(address: Address, house: House) -> dict[str, int]:
    ids = house.ids | {name.partition(":")[2]: row for name, row in house.ids.items() if name.startswith(f"{address}:")}
    unknown = [name for name in address.arguments if name not in ids]
    assert not unknown, (
        f"{address.route}: nobody knows a row for {unknown}. Add one to tests/tenancy/world.py under this name."
    )
    return {name: ids[name] for name in address.arguments}


def test_there_are_many_addresses():
    assert len(GUARDED) >= 50
    assert len(WITH_IDS) >= 25


@pytest.mark.parametrize("address", GUARDED, ids=str)
def test_every_view_names_its_one_permission(address):
    assert "missing" not in address.permissions, f"{address.route}: guard it with `requires`, or mark it `public`."
    if address.is_public:
        assert str(address) in PUBLIC, f"{address.route} is public: name the reason in PUBLIC."
    else:
        assert address.permissions <= set(Permission)


def test_no_exception_is_stale():
    names = {str(address) for address in ALL}
    assert set(PUBLIC) <= {str(address) for address in GUARDED if address.is_public}
    assert names >= OPEN_SIGNING_IN
    modules = {address.module for address in ALL}
    unused = [start for start in PERMISSION_ELSEWHERE if not any(module.startswith(start) for module in modules)]
    assert not unused, f"{unused} in PERMISSION_ELSEWHERE is stale"


@pytest.mark.parametrize("address", WITH_IDS, ids=str)
def test_rows_of_another_agency_do_not_exist(address, two, everything):
    """All ids foreign: 404 and nothing else. Own and foreign ids mixed: the answer to an id that does not exist.

    S003-05.
    """
    own, foreign = two
    mine, theirs = values(address, own), values(address, foreign)
    for person in (own.member, own.outsider):
        client = factories.client_of(person)
        found = answers(client, address.path(theirs))
        assert set(found.values()) <= {404, 405}, f"{address.path(theirs)} answered {found}"
        assert 404 in found.values(), f"{address.path(theirs)} answered {found}"
        for name in address.arguments[1:]:
            found = answers(client, address.path(mine | {name: theirs[name]}))
            unknown = answers(client, address.path(mine | {name: NOBODYS}))
            assert found == unknown, f"{address.route} answers {found} to a foreign {name}, {unknown} to an unknown one"
            assert not set(found.values()) & {200, 302, 403, 500}, f"{address.route} answered {found} for {name}"


@pytest.mark.parametrize("address", WITH_IDS, ids=str)
def test_own_rows_do_exist(address, two, everything):
    """Control: the ids are real, so that 404 for the other agency means something."""
    own, _foreign = two
    path = address.path(values(address, own))
    found = [answers(quiet(person), path) for person in (own.member, own.outsider)]
    statuses = {status for answer in found for status in answer.values()}
    assert statuses - {404, 405}, f"{address.route} answered {found} to its own agency"


@pytest.mark.parametrize("address", [a for a in ALL if not a.is_public], ids=str)
def test_nobody_gets_in(address, db):
    if str(address) in OPEN_SIGNING_IN:
        return
    numbers = dict.fromkeys(address.arguments, 1)
    found = answers(Client(), address.path(numbers))
    assert set(found.values()) <= CLOSED, f"{address.route} answered {found}"
    for method, status in found.items():
        if status == 302:
            target = getattr(Client(), method)(address.path(numbers)).url
            assert target.startswith("/accounts/"), f"{address.route} led to {target}"


@pytest.mark.parametrize("address", WITH_IDS, ids=str)
def test_a_member_without_the_permission_is_refused(address, two):
    """S003-18."""
    own, _foreign = two
    with mock.patch.object(ROLES[ROLE], "permissions", frozenset({Permission.SIGNED_IN})):
        found = answers(factories.client_of(own.member), address.path(values(address, own)))
    assert set(found.values()) <= {403, 405}, f"{address.route} answered {found}"
