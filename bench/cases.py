"""Cases: the nightly roll, taking the next case and search, each against its limit, at 1M cases.

Everything measured runs as the application's role
under row security, unless it is the limit.
"""

import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Membership, User
from agencies.scope import agency_scope
from bench import Figure
from bench.cases_made import AGENCIES, CASES, NOW, TODAY, House, make, new_house, say, superuser
from cases import queries, queue, roll
from cases.models import Case

DEBTORS_IN_ONE = 1_000_000
CLIENTS = 32


def run(scale: float) -> list[Figure]:
    cases, debtors = max(int(CASES * scale), 3000), max(int(DEBTORS_IN_ONE * scale), 3000)
    houses = [new_house(n) for n in range(AGENCIES)]
    say(f"making {cases:,} cases in {AGENCIES} agencies and {debtors:,} more debtors in one")
    make(houses, cases, debtors)
    sizes = {"cases": cases, "agencies": AGENCIES}
    return [
        *_roll(houses, sizes),
        _take_next(houses[1], sizes | {"clients": CLIENTS}),
        *_search(houses[0], {"debtors": debtors}),
    ]


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
    with superuser(autocommit=False) as boss:
        boss.execute("SET LOCAL app.stage_door = 'open'")
        started = time.perf_counter()
        (bare_moved,) = boss.execute(_BARE_ROLL, days).fetchone() or (0,)
        bare = time.perf_counter() - started
        boss.rollback()
    with superuser() as boss:
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
    with superuser() as boss:
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
    with superuser(autocommit=False) as boss:
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
        with superuser() as boss:
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
