"""Scopes that leave nothing behind, and small ways to ask the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from agencies.scope import agency_scope


class _Back(Exception):
    pass


@contextmanager
def trial(agency_id: int) -> Iterator[None]:
    """The scope of an agency, rolled back at its end."""
    try:
        with agency_scope(agency_id):
            yield
            raise _Back
    except _Back:
        pass


@contextmanager
def no_scope() -> Iterator[None]:
    """A transaction without a scope, rolled back at its end."""
    try:
        with transaction.atomic():
            yield
            raise _Back
    except _Back:
        pass


def ask(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def changed(sql: str, *params: object) -> int:
    """How many rows a statement reached."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def refused(sql: str, *params: object, why: str) -> None:
    """The database answers a statement with an error that says `why`."""
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        ask(sql, *params)
