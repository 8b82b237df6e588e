"""Sets of values travel to the database as they are, whatever they hold."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from contacts.arrays import moments, numbers, words

AWKWARD = ['a "word"', "back\\slash", "{braces, and commas}", "line\nbreak", "", "NULL", None, "Ștefan’s %s"]
AT = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        (words(AWKWARD), "text", AWKWARD),
        (words([]), "text", []),
        (numbers([1, None, -7, 2**62]), "bigint", [1, None, -7, 2**62]),
        (numbers([]), "bigint", []),
        (moments([AT, None]), "timestamptz", [AT, None]),
    ],
)
@pytest.mark.django_db
def test_the_database_reads_back_what_was_written(text, kind, values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [text])
        assert cursor.fetchone()[0] == values
