"""The rows of the benches of cases: made by SQL as the superuser with keys and triggers off."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from agencies.models import Agency, Membership, Team, User
from agencies.scope import agency_scope
from bench import scratch
from cases import disposition_codes
from portfolios.models import Creditor, Mandate, Portfolio

CASES = 1_000_000
AGENCIES = 30
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


class House:
    """One agency with a team, a collector, and a portfolio."""

    def __init__(self, agency: Agency, portfolio: Portfolio, team: Team, member: Membership) -> None:
        self.agency, self.portfolio, self.team, self.member = agency, portfolio, team, member


def new_house(n: int) -> House:
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


def make(houses: list[House], cases: int, debtors: int) -> None:
    with superuser() as boss:
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


@contextmanager
def superuser(*, autocommit: bool = True) -> Iterator[psycopg.Connection[Any]]:
    with scratch.superuser(os.environ["BENCH_DATABASE"]) as boss:
        boss.autocommit = autocommit
        yield boss


def say(text: str) -> None:
    print(f"  {text} …", file=sys.stderr, flush=True)
