"""Cases: the nightly roll, taking the next case, the desk's pages and search, each against its limit, at 1M cases.

The rows are made by SQL as the superuser with keys and triggers off; everything measured runs as the application's role
under row security, unless it is the limit.
"""

import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from socket import socket
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.middleware import SESSION_KEY
from agencies.models import Agency, Membership, Team, User
from agencies.scope import agency_scope
from bench import Figure, scratch
from cases import disposition_codes, queries, queue, roll
from cases.models import Case
from portfolios.models import Creditor, Mandate, Portfolio

CASES = 1_000_000
DEBTORS_IN_ONE = 1_000_000
AGENCIES = 30
CLIENTS = 32
BROWSERS = 8
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent


def run(scale: float) -> list[Figure]:
    cases, debtors = max(int(CASES * scale), 3000), max(int(DEBTORS_IN_ONE * scale), 3000)
    houses = [_house(n) for n in range(AGENCIES)]
    _say(f"making {cases:,} cases in {AGENCIES} agencies and {debtors:,} more debtors in one")
    _make(houses, cases, debtors)
    sizes = {"cases": cases, "agencies": AGENCIES}
    return [
        *_roll(houses, sizes),
        _take_next(houses[1], sizes | {"clients": CLIENTS}),
        *_pages(houses[2], sizes | {"browsers": BROWSERS}),
        *_search(houses[0], {"debtors": debtors}),
    ]


class House:
    """One agency with a team, a collector, and a portfolio."""

    def __init__(self, agency: Agency, portfolio: Portfolio, team: Team, member: Membership) -> None:
        self.agency, self.portfolio, self.team, self.member = agency, portfolio, team, member


def _house(n: int) -> House:
    agency = Agency.objects.create(
        name=f"Agency {n}", slug=f"bench-{n}", country="MD", time_zone="Europe/Chisinau", currency="MDL"
    )
    with agency_scope(agency.id):
        team = Team.objects.create(name="Phone")
        user = User.objects.create_user(f"bench{n}@example.test", full_name=f"Collector {n}")
        member = Membership.objects.create(user=user, role="COLLECTOR", team=team)
        member.agency = agency
        creditor = Creditor.objects.create(name="Bank", country="MD")
        mandate = Mandate.objects.create(
            creditor=creditor, name="M", starts_on=date(2026, 1, 1), jurisdiction="MD", currency="MDL"
        )
        portfolio = Portfolio.objects.create(creditor=creditor, mandate=mandate, name="P", received_on=TODAY)
        disposition_codes.seed_codes()
    return House(agency, portfolio, team, member)


_HOUSES = """
CREATE TEMPORARY TABLE house (nth int PRIMARY KEY, agency_id bigint, portfolio_id bigint, creditor_id bigint,
    mandate_id bigint, team_id bigint, member_id bigint)
"""
_NAMES = """
    (ARRAY['ion','ana','stefan','maria','vasile','elena','petru','ioana','gheorghe','tatiana'])[1 + (n * 7919) %% 10]
    || ' ' || (ARRAY['turcanu','rusu','ceban','lupu','moraru','popa','ciobanu','balan','sandu','munteanu'])
    [1 + (n * 104729) %% 10] || (n %% 100003)
"""
_DEBTORS = f"""
INSERT INTO debtors_debtor (id, agency_id, kind, name, name_key, language, country, region, time_zone, preference,
    source_reference, employer_name, created_at)
SELECT n, {{agency}}, 'PERSON', initcap({_NAMES}), {_NAMES}, 'ro', 'MD', '', '', '{{{{}}}}', '', '', %(now)s
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS s (n) {{join}}
"""  # noqa: S608 (constant text)
_MAKE = (
    _DEBTORS.format(agency="h.agency_id", join=f"JOIN house h ON h.nth = n %% {AGENCIES}"),
    f"""
    INSERT INTO ledger_account
        (id, agency_id, currency, opened_on, principal, interest, penalty, fees, costs, balance, paid)
    SELECT n, h.agency_id, 'MDL', %(today)s, 1000 + n %% 9000, 0, 0, 0, 0, 1000 + n %% 9000, 0
    FROM generate_series(1, %(last)s::bigint) AS s (n) JOIN house h ON h.nth = n %% {AGENCIES}""",  # noqa: S608
    f"""
    INSERT INTO cases_case (id, agency_id, creditor_id, mandate_id, portfolio_id, debtor_id, account_id, contract_no,
        branch, product, debt_kind, ownership, jurisdiction, contract_status, source_accelerated, secured, collateral,
        currency, balance, overdue, oldest_due_on, opened_on, stage, stage_since, close_reason, broken_in_a_row,
        on_hold, team_id, collector_id, next_action, next_action_at, priority)
    SELECT n, agency_id, creditor_id, mandate_id, portfolio_id, n, n, 'B' || lpad(n::text, 8, '0'), '', '',
        'CONSUMER_CREDIT', 'ENTRUSTED', 'MD', 'IN_FORCE', false, false, '', 'MDL', 1000 + n %% 9000, 1000 + n %% 9000,
        %(today)s - dpd, %(today)s - 30,
        CASE WHEN changes THEN CASE WHEN dpd >= 61 THEN 'PRE_SOFT' ELSE 'WATCH' END
             WHEN dpd >= 61 THEN 'SOFT' WHEN dpd >= 31 THEN 'PRE_SOFT' ELSE 'WATCH' END,
        %(today)s - 10, '', 0, false, team_id, CASE WHEN n / {AGENCIES} < 300 THEN member_id END, 'NEW',
        %(now)s - make_interval(mins => (n %% 5000)::int), 50
    FROM (SELECT n, h.*, ((n * 7919) %% 150)::int AS dpd,
                 (n * 7919) %% 150 >= 31 AND (n * 31) %% 1000 < 73 AS changes
          FROM generate_series(1, %(last)s::bigint) AS s (n) JOIN house h ON h.nth = n %% {AGENCIES}) AS made""",  # noqa: S608
)  # fmt: skip
_MORE = (
    _DEBTORS.format(agency="(SELECT agency_id FROM house WHERE nth = 0)", join=""),
    """
    INSERT INTO debtors_nametoken (agency_id, debtor_id, token)
    SELECT agency_id, id, token
    FROM debtors_debtor CROSS JOIN LATERAL unnest(string_to_array(name_key, ' ')) AS t (token)
    WHERE agency_id = (SELECT agency_id FROM house WHERE nth = 0)""",
    """
    INSERT INTO debtors_contactpoint (agency_id, debtor_id, kind, owner_role, place, value, street, city, postal_code,
        region, country, source, validity, time_zone, created_at)
    SELECT agency_id, id, 'PHONE', 'HOLDER', 'MOBILE', '+373' || (60000000 + id), '', '', '', '', 'MD', 'CREDITOR',
           'UNKNOWN', '', now() FROM debtors_debtor""",
)


def _make(houses: list[House], cases: int, debtors: int) -> None:
    with _superuser() as boss:
        boss.execute("SET session_replication_role = replica")
        boss.execute(_HOUSES)
        for nth, house in enumerate(houses):
            portfolio = house.portfolio
            values = [nth, house.agency.id, portfolio.id, portfolio.creditor_id, portfolio.mandate_id, house.team.id]
            boss.execute("INSERT INTO house VALUES (%s, %s, %s, %s, %s, %s, %s)", [*values, house.member.id])
        for sql in _MAKE:
            boss.execute(sql, {"first": 1, "last": cases, "today": TODAY, "now": NOW})
        for sql in _MORE:
            boss.execute(sql, {"first": cases + 1, "last": cases + debtors, "now": NOW} if "%(" in sql else None)
        for table in ("cases_case", "debtors_debtor", "ledger_account"):
            boss.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
        for table in ("cases_case", "debtors_debtor", "debtors_nametoken", "debtors_contactpoint", "ledger_account"):
            boss.execute(f"VACUUM (ANALYZE) {table}")


# --- the nightly roll -----------------------------------------------------------------------------------------------

_BARE_ROLL = """
WITH moved AS (
    UPDATE cases_case c SET stage = m.target, stage_since = %(today)s
    FROM (SELECT id, stage AS source, CASE WHEN oldest_due_on <= %(soft)s THEN 'SOFT' ELSE 'PRE_SOFT' END AS target
          FROM cases_case WHERE stage = 'WATCH' AND oldest_due_on <= %(pre)s AND NOT on_hold
          UNION ALL SELECT id, stage, 'SOFT' FROM cases_case
          WHERE stage = 'PRE_SOFT' AND oldest_due_on <= %(soft)s AND NOT on_hold) AS m
    WHERE c.id = m.id RETURNING c.agency_id, c.id, m.source, m.target),
written AS (
    INSERT INTO audit_event (agency_id, kind, at, actor_id, case_id, subject_id, data, request_id)
    SELECT agency_id, 'case.stage_changed', %(now)s, NULL, id, NULL,
           jsonb_build_object('from_stage', source, 'stage', target), '' FROM moved)
SELECT count(*) FROM moved
"""


def _roll(houses: list[House], sizes: dict[str, Any]) -> Iterator[Figure]:
    days = {"today": TODAY, "now": NOW, "pre": TODAY - timedelta(days=31), "soft": TODAY - timedelta(days=61)}
    with _superuser(autocommit=False) as boss:
        boss.execute("SET LOCAL app.stage_door = 'open'")
        started = time.perf_counter()
        (bare_moved,) = boss.execute(_BARE_ROLL, days).fetchone() or (0,)
        bare = time.perf_counter() - started
        boss.rollback()
    with _superuser() as boss:
        boss.execute("VACUUM cases_case")
        boss.execute("VACUUM audit_event")
        boss.execute("CHECKPOINT")
    moved, ours = _roll_all(houses)
    again, second = _roll_all(houses)
    if moved != bare_moved or again:
        raise AssertionError(f"the bare statement moved {bare_moved}, we moved {moved}, then {again}")
    sizes = sizes | {"moved": moved, "share": round(moved / sizes["cases"], 4), "moved again": again}
    yield Figure(
        "nightly roll, audited", "one bare statement by the superuser", bare, ours, ours / bare, "at most 2", sizes, "s"
    )
    yield Figure("nightly roll, second run", "one bare statement", bare, second, second / bare, "moves 0", sizes, "s")


def _roll_all(houses: list[House]) -> tuple[int, float]:
    started, moved = time.perf_counter(), 0
    for house in houses:
        with agency_scope(house.agency.id):
            moved += sum(roll.roll_stages(as_of=TODAY, now=NOW).values())
    return moved, time.perf_counter() - started


# --- take the next case ---------------------------------------------------------------------------------------------

_BARE_TAKE = """
UPDATE cases_case SET claimed_by_id = %s, claimed_until = %s WHERE agency_id = %s AND id = (
    SELECT id FROM cases_case WHERE agency_id = %s AND team_id = %s AND collector_id IS NULL AND stage <> 'CLOSED'
    AND next_action_at <= %s AND (claimed_until IS NULL OR claimed_until <= %s)
    ORDER BY priority, next_action_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id
"""
_PUT_AWAY = """
UPDATE cases_case SET claimed_by_id = NULL, claimed_until = NULL, next_action_at = %s WHERE agency_id = %s AND id = %s
"""


def _take_next(house: House, sizes: dict[str, Any]) -> Figure:
    """Both take a case, hold it for the rest of a transaction, and put it away, as many times as fit into the time."""
    seconds = 6.0
    people = _colleagues(house, CLIENTS)
    bare_ids, bare = _crowd(lambda n, ids, stop: _take_bare(house, people[n], ids, stop), seconds)
    with _superuser() as boss:
        boss.execute("UPDATE cases_case SET next_action_at = %s WHERE agency_id = %s", [NOW, house.agency.id])
        boss.execute("VACUUM cases_case")
    our_ids, ours = _crowd(lambda n, ids, stop: _take_ours(house, people[n], ids, stop), seconds)
    twice = len(our_ids) - len(set(our_ids))
    if twice:
        raise AssertionError(f"{twice} cases were given to two people")
    sizes = sizes | {"taken": len(our_ids), "given twice": twice, "bare taken": len(bare_ids)}
    return Figure(
        "take the next case", "bare SKIP LOCKED", bare, ours, ours / bare, "at least 0.5, none twice", sizes, "/s"
    )


def _colleagues(house: House, count: int) -> list[Membership]:
    with agency_scope(house.agency.id):
        people = []
        for n in range(count):
            user = User.objects.create_user(f"colleague{n}@example.test", full_name=f"Colleague {n}")
            member = Membership.objects.create(user=user, role="COLLECTOR", team=house.team)
            member.agency = house.agency
            people.append(member)
    return people


Work = Callable[[int, list[int], threading.Event], None]


def _crowd(work: Work, seconds: float) -> tuple[list[int], float]:
    """Run `work(n, ids, stop)` in CLIENTS threads for a while; all ids and how many a second."""
    stop, taken = threading.Event(), [[] for _n in range(CLIENTS)]  # type: ignore[var-annotated]
    threads = [threading.Thread(target=work, args=(n, taken[n], stop)) for n in range(CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    ids = [case_id for own in taken for case_id in own]
    return ids, len(ids) / (time.perf_counter() - started)


def _take_bare(house: House, person: Membership, ids: list[int], stop: threading.Event) -> None:
    agency_id = house.agency.id
    with _superuser(autocommit=False) as boss:
        while not stop.is_set():
            values = [person.id, NOW + queue.CLAIM, agency_id, agency_id, house.team.id, NOW, NOW]
            row = boss.execute(_BARE_TAKE, values).fetchone()
            if row is None:
                boss.rollback()
                return
            boss.execute(_PUT_AWAY, [NOW + timedelta(days=1), agency_id, row[0]])
            boss.commit()
            ids.append(row[0])


def _take_ours(house: House, person: Membership, ids: list[int], stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            with agency_scope(house.agency.id):
                case = queue.take_next(person, now=NOW)
                if case is None:
                    return
                with connection.cursor() as cursor:
                    cursor.execute(_PUT_AWAY, [NOW + timedelta(days=1), house.agency.id, case.id])
            ids.append(case.id)
    finally:
        connection.close()


# --- pages ----------------------------------------------------------------------------------------------------------


def _pages(house: House, sizes: dict[str, Any]) -> Iterator[Figure]:
    """Through gunicorn and HTTP, signed in, eight browsers at once; hello-world is a page of the same server."""
    with agency_scope(house.agency.id):
        case_id = Case.objects.filter(collector=house.member).order_by("id").values_list("id", flat=True)[0]
    cookie = _cookie(house.member)
    with _server() as port:
        hello, _p95 = _load(port, "/hello/", "", 4.0)
        for work, path in (
            ("desk with its queue", "/desk/"),
            ("case page", f"/cases/{case_id}/"),
            ("case list", "/cases/"),
        ):
            rate, p95 = _load(port, path, cookie, 6.0)
            more = sizes | {"p95 ms": round(p95 * 1000, 1)}
            yield Figure(
                f"{work}, signed in",
                "hello-world view",
                hello,
                rate,
                rate / hello,
                "at least 0.10; p95 60 ms",
                more,
                "/s",
            )


def _cookie(member: Membership) -> str:
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SESSION_KEY] = member.id
    session.save()
    return f"sessionid={session.session_key}"


@contextmanager
def _server() -> Iterator[int]:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4",
               "--keep-alive", "30", "--log-level", "warning", "bench.web:application"]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"LOG_LEVEL": "ERROR"}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    for _turn in range(200):
        try:
            with socket() as knock:
                knock.connect(("127.0.0.1", port))
                return
        except OSError:
            threading.Event().wait(0.1)
    raise TimeoutError("the server did not start")


def _load(port: int, path: str, cookie: str, seconds: float) -> tuple[float, float]:
    """Requests a second and the 95th percentile in seconds, after one warm-up request for each browser."""
    times: list[float] = []
    stop, ready = threading.Event(), threading.Barrier(BROWSERS + 1, timeout=120)

    def browse() -> None:
        browser = HTTPConnection("127.0.0.1", port, timeout=60)
        _get(browser, path, cookie)
        ready.wait()
        for turn in count():
            if stop.is_set() and turn >= 2:
                return
            started = time.perf_counter()
            _get(browser, path, cookie)
            times.append(time.perf_counter() - started)

    threads = [threading.Thread(target=browse) for _n in range(BROWSERS)]
    for thread in threads:
        thread.start()
    ready.wait()
    started = time.perf_counter()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return len(times) / (time.perf_counter() - started), statistics.quantiles(times, n=20)[-1]


def _get(browser: HTTPConnection, path: str, cookie: str) -> None:
    browser.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = browser.getresponse()
    response.read()
    if response.status != 200:
        raise AssertionError(f"{path} answered {response.status}")


# --- search ---------------------------------------------------------------------------------------------------------


def _search(house: House, sizes: dict[str, Any]) -> Iterator[Figure]:
    """The very statements of a search, as the application's role and as the superuser, who is past row security."""
    with agency_scope(house.agency.id):
        debtor_id = Case.objects.order_by("id").values_list("debtor_id", flat=True)[10]
    texts = {
        "name": "turcanu1",
        "two names": "ana rusu1",
        "phone": f"+373{60000000 + debtor_id}",
        "contract": "B000000",
    }
    for what, text in texts.items():
        with agency_scope(house.agency.id), CaptureQueriesContext(connection) as captured:
            found = queries.search(house.member, text)
            statements = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
        with agency_scope(house.agency.id), connection.cursor() as cursor:
            plans = [_explain(cursor.execute, cursor.fetchall, sql) for sql in statements]
            app = connection.connection
            ours = _best(lambda app=app, statements=statements: [app.execute(sql).fetchall() for sql in statements])  # type: ignore[misc]
        with _superuser() as boss:
            bare = _best(lambda boss=boss, statements=statements: [boss.execute(sql).fetchall() for sql in statements])  # type: ignore[misc]
        scans = sum(bool(_BIG_SCAN.search(plan)) for plan in plans)
        more = sizes | {"found": len(found), "statements": len(statements), "with a sequential scan": scans}
        yield Figure(
            f"search by {what}", "the same without row security", bare, ours, ours / bare, "at most 3", more, "ms"
        )


_BIG_SCAN = re.compile(r"Seq Scan on (cases_case|debtors_)")


def _explain(execute: Any, fetchall: Any, sql: str) -> str:
    execute(f"EXPLAIN {sql}")
    return "\n".join(row[0] for row in fetchall())


def _best(work: Callable[[], Any], times: int = 30) -> float:
    """The median of some runs, in milliseconds."""
    taken = []
    for _turn in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


@contextmanager
def _superuser(*, autocommit: bool = True) -> Iterator[psycopg.Connection[Any]]:
    with scratch.superuser(os.environ["BENCH_DATABASE"]) as boss:
        boss.autocommit = autocommit
        yield boss


def _say(text: str) -> None:
    print(f"  {text} …", file=sys.stderr, flush=True)
