"""Money: a night's interest posted on every account, and every promise judged, at 1M cases against bare statements.

The bare statements are the superuser's, without row security, history or carried rests, and are rolled back.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from agencies.scope import agency_scope
from bench import Figure
from bench.cases_made import AGENCIES, CASES, NOW, TODAY, House, make, new_house, say, superuser
from cases import accruals, promise_judging
from ledger import proof
from portfolios.models import Mandate

DEBTORS = 3000

_BARE_POST = """
WITH due AS (
    SELECT a.agency_id, a.id AS account_id, nextval(pg_get_serial_sequence('ledger_entry', 'id')) AS entry_id,
           trunc(a.principal * 10 / 36500 * 30, 2) AS interest
    FROM ledger_account a WHERE trunc(a.principal * 10 / 36500 * 30, 2) > 0),
entries AS (
    INSERT INTO ledger_entry (id, agency_id, account_id, kind, value_on, posted_at, reference)
    SELECT entry_id, agency_id, account_id, 'ACCRUAL', %(day)s, %(now)s, '' FROM due),
lines AS (
    INSERT INTO ledger_line (agency_id, entry_id, account_id, bucket, amount)
    SELECT agency_id, entry_id, account_id, side.bucket, side.amount FROM due,
    LATERAL (VALUES ('INTEREST', interest), ('ACCRUED', -interest)) AS side(bucket, amount)),
accounts AS (
    UPDATE ledger_account a SET interest = a.interest + due.interest, balance = a.balance + due.interest
    FROM due WHERE a.id = due.account_id AND a.agency_id = due.agency_id)
SELECT count(*) FROM due
"""

_PROMISES = """
INSERT INTO cases_promise (agency_id, case_id, amount, currency, made_on, due_on, state, covered, made_by_id, made_at,
                           decision_note)
SELECT c.agency_id, c.id, 100, c.currency, %(made)s, %(due)s, 'ACTIVE', CASE WHEN c.id %% 2 = 0 THEN 100 ELSE 0 END,
       m.user_id, %(now)s, ''
FROM cases_case c JOIN LATERAL (
    SELECT user_id FROM agencies_membership m WHERE m.agency_id = c.agency_id LIMIT 1) AS m ON true
WHERE c.stage <> 'CLOSED'
"""

_BARE_JUDGE = """
WITH judged AS (
    UPDATE cases_promise SET state = CASE WHEN covered >= amount THEN 'KEPT' ELSE 'BROKEN' END, judged_on = %(day)s
    WHERE state = 'ACTIVE' AND due_on < %(day)s RETURNING agency_id, case_id, state),
followed AS (
    UPDATE cases_case c SET broken_in_a_row = CASE j.state WHEN 'KEPT' THEN 0 ELSE c.broken_in_a_row + 1 END,
        next_action = CASE j.state WHEN 'KEPT' THEN 'FOLLOW_UP' ELSE 'PROMISE_BROKEN' END, next_action_at = %(now)s
    FROM judged j WHERE c.agency_id = j.agency_id AND c.id = j.case_id)
SELECT count(*) FROM judged
"""


def run(scale: float) -> list[Figure]:
    cases = max(int(CASES * scale), 3000)
    houses = [new_house(n) for n in range(AGENCIES)]
    say(f"making {cases:,} cases in {AGENCIES} agencies")
    make(houses, cases, DEBTORS)
    sizes = {"cases": cases, "agencies": AGENCIES}
    return [*_postings(houses, sizes), *_promises(houses, sizes)]


def _postings(houses: list[House], sizes: dict[str, Any]) -> Iterator[Figure]:
    say("posting a month's interest on every account")
    for house in houses:
        with agency_scope(house.agency.id):
            Mandate.objects.update(interest_percent=Decimal(10))
    with superuser(autocommit=False) as boss:
        boss.execute("UPDATE ledger_account SET accrued_through = %s", [TODAY - timedelta(days=30)])
        boss.commit()
        started = time.perf_counter()
        (bare_posted,) = boss.execute(_BARE_POST, {"day": TODAY, "now": NOW}).fetchone() or (0,)
        bare = time.perf_counter() - started
        boss.rollback()
    _settle("ledger_account", "ledger_entry", "ledger_line")
    ours, counted = _timed(houses, lambda: accruals.count_interest(as_of=TODAY, now=NOW).accounts)
    _again, twice = _timed(houses, lambda: accruals.count_interest(as_of=TODAY, now=NOW).accounts)
    with agency_scope(houses[0].agency.id):  # the made accounts have no opening entry, so only the entries are proved
        faults = [fault for fault in proof.prove() if fault.what.startswith("entries")]
    if twice or faults or counted < bare_posted:
        raise AssertionError(f"posted {counted} of {bare_posted}, then {twice}; faults: {faults}")
    more = sizes | {"posted": bare_posted, "counted again": twice}
    yield Figure("interest posted on every account", "one bare statement by the superuser", bare, ours, ours / bare,
                 "at most 2", more, "s")  # fmt: skip


def _promises(houses: list[House], sizes: dict[str, Any]) -> Iterator[Figure]:
    say("judging a promise on every case")
    days = {"made": TODAY - timedelta(days=8), "due": TODAY - timedelta(days=1), "now": NOW, "day": TODAY}
    with superuser(autocommit=False) as boss:
        boss.execute("SET LOCAL session_replication_role = replica")
        boss.execute(_PROMISES, days)
        boss.commit()
    _settle("cases_promise", "cases_case")
    with superuser(autocommit=False) as boss:
        started = time.perf_counter()
        (bare_judged,) = boss.execute(_BARE_JUDGE, days).fetchone() or (0,)
        bare = time.perf_counter() - started
        boss.rollback()
    _settle("cases_promise", "cases_case")
    judge = lambda: sum(promise_judging.judge_due(as_of=TODAY, now=NOW).values())  # noqa: E731
    ours, judged = _timed(houses, judge)
    _again, twice = _timed(houses, judge)
    if judged != bare_judged or twice:
        raise AssertionError(f"the bare statement judged {bare_judged}, we judged {judged}, then {twice}")
    more = sizes | {"judged": judged, "judged again": twice}
    yield Figure("promises judged, audited", "one bare statement by the superuser", bare, ours, ours / bare,
                 "at most 2", more, "s")  # fmt: skip


def _timed(houses: list[House], work: Any) -> tuple[float, int]:
    started, done = time.perf_counter(), 0
    for house in houses:
        with agency_scope(house.agency.id):
            done += work()
    return time.perf_counter() - started, done


def _settle(*tables: str) -> None:
    with superuser() as boss:
        for table in tables:
            boss.execute(f"VACUUM ANALYZE {table}")
        boss.execute("CHECKPOINT")
