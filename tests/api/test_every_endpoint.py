"""Every address of the API, tried by a machine of every role, without its scope, of another agency, and with nonsense.

An address that is not in the table fails: write down who may call it.
"""

from base64 import b64encode
from collections.abc import Iterator
from unittest import mock
from urllib.parse import quote

import pytest
from django.test import Client

from agencies.api_scopes import SUBJECTS, usable_with
from agencies.permissions import Permission
from agencies.roles import ROLES
from agencies.scope import agency_scope
from tests import factories
from tests.api.machine import JSON, machine_of
from tests.tenancy.addresses import Address, addresses
from tests.tenancy.world import OUTSIDE, ROLE, House, build

NOBODYS = 10**15
DESK = {code for code, role in ROLES.items() if Permission.CASES_WORK in role.permissions}
LEADS, CREDITOR, FIRM, ALL = {"COORDINATOR", "MANAGER"}, {"CREDITOR_USER"}, {"LAW_FIRM_USER"}, set(ROLES)
LEGAL = LEADS | {"LEGAL_OFFICER"}
FILES = LEADS | CREDITOR
MAY: dict[str, dict[str, set[str]]] = {
    "api-portfolios": {"get": FILES},
    "api-case-files": {"get": FILES, "post": FILES},
    "api-case-file": {"get": FILES},
    "api-case-file-rows": {"get": FILES},
    "api-case-file-errors": {"get": FILES},
    "api-case-file-mapping": {"put": FILES},
    "api-case-file-confirm": {"post": FILES},
    "api-cases": {"get": DESK | CREDITOR},
    "api-case": {"get": DESK | CREDITOR},
    "api-approvals": {"get": LEADS | CREDITOR},
    "api-approval": {"get": LEADS | CREDITOR},
    "api-approval-decision": {"post": LEADS | CREDITOR},
    "api-handoffs": {"get": LEGAL | FIRM},
    "api-handoff": {"get": LEGAL | FIRM},
    "api-handoff-step": {"post": LEGAL | FIRM},
    "api-handoff-costs": {"post": LEGAL | FIRM},
    "api-handoff-acceptance": {"post": FIRM},
    "api-handoff-questions": {"post": FIRM},
    "api-handoff-documents": {"post": LEGAL | FIRM},
    "api-handoff-document": {"get": LEGAL | FIRM},
    "api-handoff-proceedings": {"post": LEGAL | FIRM},
    "api-bank-statements": {"get": LEADS, "post": LEADS},
    "api-bank-statement": {"get": LEADS},
    "api-bank-statement-lines": {"get": LEADS},
    "api-promises": {"get": DESK | CREDITOR, "post": DESK},
    "api-plans": {"get": DESK | CREDITOR},
    "api-plan": {"get": DESK | CREDITOR},
    "api-settlements": {"get": DESK | CREDITOR},
    "api-payments": {"get": DESK | CREDITOR, "post": CREDITOR},
    "api-reported-payments": {"get": LEADS | CREDITOR},
    "api-complaints": {"get": LEGAL | CREDITOR},
    "api-visits": {"get": DESK | CREDITOR},
    "api-visit-orders": {"get": LEADS | {"FIELD_COLLECTOR"} | CREDITOR},
    "api-schema": {"get": ALL},
    "api-docs": {"get": ALL},
}
API = [address for address in addresses() if address.name.startswith("api-") and address.route.startswith("api/")]
CALLS = [(address, method) for address in API for method in MAY.get(address.name, {})]
LISTS = [address for address in API if not address.arguments and "get" in MAY.get(address.name, {})]


def subject_of(address: Address) -> str:
    return str(address.view.cls.scope)


def call(client: Client, address: Address, method: str, values: dict[str, int] | None = None, query: str = "") -> int:
    path = address.path(values or dict.fromkeys(address.arguments, NOBODYS)) + query
    return int(getattr(client, method)(path, **({} if method == "get" else {"content_type": JSON})).status_code)


def test_the_table_knows_every_address_and_method() -> None:
    def methods(address: Address) -> set[str]:
        return {name for name in ("get", "post", "put", "patch", "delete") if hasattr(address.view.cls, name)}

    assert {address.name: methods(address) for address in API} == {name: set(may) for name, may in MAY.items()}


def test_every_address_names_its_subject() -> None:
    named = {address.name: subject_of(address) for address in API}
    assert {name for name, subject in named.items() if subject == ""} == {"api-schema", "api-docs"}
    assert set(named.values()) - {""} == SUBJECTS


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_offered_the_scopes_it_can_use(role):
    used = {
        f"{subject_of(address)}:{'read' if method == 'get' else 'write'}"
        for address, method in CALLS
        if subject_of(address) and role in MAY[address.name][method]
    }
    assert usable_with(ROLES[role].permissions) == used


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_a_machine_reaches_what_its_role_may_and_nothing_else(role, member):
    """S003-18."""
    client = machine_of(member(role))
    found = {(address.name, method): call(client, address, method) != 403 for address, method in CALLS}
    assert found == {(address.name, method): role in MAY[address.name][method] for address, method in CALLS}


@pytest.mark.django_db
def test_no_address_opens_to_a_token_without_its_scope(member):
    """All scopes but one: what needs this one is shut, for whoever may call it."""
    machines = {}
    for address, method in CALLS:
        if not subject_of(address):
            continue
        missing = f"{subject_of(address)}:{'read' if method == 'get' else 'write'}"
        role = sorted(MAY[address.name][method])[0]
        if (role, missing) not in machines:
            usable = usable_with(ROLES[role].permissions)
            scopes = [scope for scope in usable if scope != missing] or ["cases:read"]
            machines[role, missing] = machine_of(member(role), *scopes)
        path = address.path(dict.fromkeys(address.arguments, NOBODYS))
        answer = getattr(machines[role, missing], method)(path)
        assert (answer.status_code, answer.json().get("scope")) == (403, missing), path


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["MANAGER", "CREDITOR_USER", "LAW_FIRM_USER"])
def test_another_site_writes_nothing_through_a_signed_in_browser(role, member):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies.update(factories.client_of(member(role)).cookies)
    assert browser.get("/api/v1/schema").status_code == 200
    for address, method in CALLS:
        if method != "get":
            answer = getattr(browser, method)(address.path(dict.fromkeys(address.arguments, NOBODYS)))
            assert (answer.status_code, answer.json()["title"]) == (403, "CSRF token missing or wrong."), address.route


@pytest.fixture
def everything() -> Iterator[None]:
    whole = frozenset(Permission)
    with mock.patch.object(ROLES[ROLE], "permissions", whole), mock.patch.object(ROLES[OUTSIDE], "permissions", whole):
        yield


@pytest.mark.isolation
@pytest.mark.django_db(databases=["default", "platform"])
def test_no_list_shows_a_row_of_another_agency(everything):
    """S003-05. Both agencies have the same rows; each list gives one's own and not one of the other's."""
    houses = build("Nistru Collect", "MD"), build("Bega Recuperare", "RO")
    filled = set()
    for person in ("member", "outsider"):
        mine, theirs = (machine_of(getattr(house, person)) for house in houses)
        for address in LISTS:
            if not subject_of(address):
                continue
            own, foreign = (
                {row["id"] for row in machine.get(address.path({})).json()["results"]} for machine in (mine, theirs)
            )
            assert not own & foreign, address.route
            filled |= {address.name} if own and foreign else set()
        for address in LISTS:
            for house in houses[1:]:
                path = address.path({}) + f"?case={house.ids['case_id']}"
                if "case" in _filters(address):
                    assert mine.get(path).json()["results"] == [], path
    assert filled >= {
        "api-cases", "api-promises", "api-plans", "api-settlements", "api-visits", "api-visit-orders", "api-approvals",
        "api-handoffs", "api-bank-statements", "api-reported-payments", "api-complaints", "api-case-files",
        "api-portfolios", "api-payments",
    }  # fmt: skip


def _filters(address: Address) -> set[str]:
    return {"case"} if subject_of(address) in {"cases", "payments"} and address.name not in {
        "api-cases", "api-bank-statements", "api-reported-payments",
    } else set()  # fmt: skip


STRANGERS = ["COLLECTOR", "FIELD_COLLECTOR", "SKIP_TRACING_OFFICER", "CREDITOR_USER", "LAW_FIRM_USER"]


@pytest.mark.isolation
@pytest.mark.django_db(databases=["default", "platform"])
@pytest.mark.parametrize("role", STRANGERS)
def test_strangers_in_the_same_agency_reach_nothing(role):
    """S003-18. Another desk, another creditor, another firm: empty lists, and 404 for every row."""
    house = build("Nistru Collect", "MD")
    with agency_scope(house.agency.id):
        creditor = {"creditor": factories.make_creditor()} if role == "CREDITOR_USER" else {}
        firm = factories.make_law_firm()
        if role == "LAW_FIRM_USER":
            person = factories.make_lawyer(house.agency, firm)
    if role != "LAW_FIRM_USER":
        person = factories.make_member(house.agency, role, **creditor)
    client = machine_of(person)
    for address, method in CALLS:
        if role not in MAY[address.name][method] or not subject_of(address):
            continue
        if address.arguments:
            assert call(client, address, method, ids_for(address, house)) == 404, address.route
        elif method == "get":
            assert client.get(address.path({})).json()["results"] == [], address.route


def ids_for(address: Address, house: House) -> dict[str, int]:
    own = {name.partition(":")[2]: row for name, row in house.ids.items() if name.startswith(f"{address}:")}
    return {name: (house.ids | own)[name] for name in address.arguments}


NONSENSE = ["x", "-1", "9" * 40, "٣", "\x00", "%", "' OR 1=1 --", "é" * 200]


@pytest.mark.django_db
@pytest.mark.parametrize("address", LISTS, ids=str)
def test_nonsense_in_a_parameter_is_an_answer_and_no_failure(address, member):
    role = sorted(MAY[address.name]["get"] - {"AGENCY_ADMINISTRATOR"})[0]
    client = machine_of(member(role))
    client.raise_request_exception = False
    names = ("case", "state", "kind", "stage", "text", "since", "source", "reversed", "page_size", "cursor")
    found = {
        (name, text): call(client, address, "get", query=f"?{name}={quote(text)}")
        for name in names
        for text in NONSENSE
    }
    forged = [b64encode(f"{part}={quote(text)}".encode()).decode() for part in "pro" for text in NONSENSE]
    found |= {("cursor", text): call(client, address, "get", query=f"?cursor={quote(text)}") for text in forged}
    assert {asked: status for asked, status in found.items() if status not in {200, 400, 404}} == {}


BODIES = [
    b"", b"{", b"[]", b"null", b'"x"', b"7", b'{"case": 99999999999999999999, "amount": "NaN", "due_on": "x"}',
    b'{"payments": {}}', b'{"payments": [null, 7]}', b'{"grant": {}}', b'{"text": "\\u0000"}', b"\xff\xfe",
]  # fmt: skip


@pytest.mark.isolation
@pytest.mark.django_db(databases=["default", "platform"])
def test_a_body_of_nonsense_is_refused_and_no_failure(everything):
    """On rows that exist, so that the body is read."""
    house = build("Nistru Collect", "MD")
    for person in (house.member, house.outsider):
        client = machine_of(person)
        client.raise_request_exception = False
        for address, method in CALLS:
            if method == "get":
                continue
            path = address.path(ids_for(address, house))
            for body in BODIES:
                status = getattr(client, method)(path, body, content_type=JSON).status_code
                assert status < 500, (path, body, status)
