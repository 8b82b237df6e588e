"""The scope of one agency: a context variable, a transaction, and the database setting that row security reads.

Agency data is touched only inside a scope. Middleware opens it for a request, `agency_task` for a task, commands and
tests open it themselves. Nesting the same agency is harmless; nesting another one raises.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from celery import shared_task
from django.db import connection, transaction

_current: ContextVar[int | None] = ContextVar("agency_id", default=None)


class NoAgencyInScope(RuntimeError):
    """Agency data was touched outside of a scope. This is a defect, never an answer to a person."""


class OtherAgencyInScope(RuntimeError):
    """A scope of another agency is already open. This is a defect, never an answer to a person."""


def current_agency_id() -> int:
    """Return the id of the agency in scope.

    Raises:
        NoAgencyInScope: no scope is open.
    """
    agency_id = _current.get()
    if agency_id is None:
        raise NoAgencyInScope("agency data was touched with no agency in scope")
    return agency_id


def agency_in_scope() -> int | None:
    return _current.get()


def _tell_database(agency_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.agency_id', %s, true)", [str(agency_id or "")])


@contextmanager
def agency_scope(agency_id: int) -> Iterator[None]:
    """Open the scope of one agency: everything inside is one transaction that sees only this agency's rows.

    Raises:
        OtherAgencyInScope: a scope of another agency is open.
    """
    outer = _current.get()
    if outer is not None and outer != agency_id:
        raise OtherAgencyInScope(f"agency {outer} is in scope, agency {agency_id} was asked for")
    if outer == agency_id:
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        token = _current.set(agency_id)
        try:
            _tell_database(agency_id)
            yield
        finally:
            _current.reset(token)  # before the commit, so that what waits for it opens a scope of its own
        if connection.in_atomic_block and not connection.needs_rollback:
            _tell_database(None)


def agency_task(*, queue: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A Celery task whose first argument is `agency_id` and whose body runs inside that agency's scope."""

    def decorate(function: Callable[..., Any]) -> Any:
        @shared_task(name=f"{function.__module__}.{function.__name__}", queue=queue, **options)
        @wraps(function)
        def task(agency_id: int, *args: Any, **kwargs: Any) -> Any:
            with agency_scope(agency_id):
                return function(agency_id, *args, **kwargs)

        return task

    return decorate
