"""What is past due: money covers the oldest due first; the function and the SQL agree."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.scope import current_agency_id
from ledger.dues import PAST_DUE_SQL, PastDue, past_due
from ledger.models import Account, Due

TODAY = date(2026, 11, 24)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("dues", "balance", "expected"),
    [
        ([(60, 100), (30, 100)], 200, PastDue(Decimal(200), days_ago(60))),
        ([(60, 100), (30, 100)], 150, PastDue(Decimal(150), days_ago(60))),
        ([(60, 100), (30, 100)], 100, PastDue(Decimal(100), days_ago(30))),
        ([(60, 100), (-30, 100)], 100, PastDue(Decimal(0), None)),
        ([(60, 100), (-30, 100)], 120, PastDue(Decimal(20), days_ago(60))),
        ([(0, 100)], 100, PastDue(Decimal(0), None)),
        ([(1, 100)], 100, PastDue(Decimal(100), days_ago(1))),
        ([(60, 100)], 130, PastDue(Decimal(100), days_ago(60))),
        ([], 130, PastDue(Decimal(0), None)),
    ],
)
def test_money_covers_the_oldest_due_first(dues, balance, expected):
    rows = [(days_ago(days), Decimal(amount)) for days, amount in dues]
    assert past_due(rows, balance=Decimal(balance), as_of=TODAY) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dues=st.lists(st.tuples(st.integers(-60, 200), st.integers(1, 500_00)), min_size=1, max_size=8),
    part=st.integers(0, 120),
)
def test_the_function_and_the_sql_agree(in_agency, dues, part):
    rows = [(days_ago(days), Decimal(cents) / 100) for days, cents in dues]
    balance = (sum(amount for _, amount in rows) * part / 100).quantize(Decimal("0.01"))
    account = Account.objects.create(currency="MDL", opened_on=TODAY, principal=balance, balance=balance)
    Due.objects.bulk_create([Due(account=account, due_on=due_on, amount=amount) for due_on, amount in rows])
    with connection.cursor() as cursor:
        cursor.execute(PAST_DUE_SQL, {"agency_id": current_agency_id(), "account_ids": [account.id], "as_of": TODAY})
        found = cursor.fetchall()
    expected = past_due(rows, balance=balance, as_of=TODAY)
    assert found == [(account.id, expected.amount, expected.oldest_on)]
