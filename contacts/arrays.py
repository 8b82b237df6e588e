"""Sets of values as the text of a PostgreSQL array, for statements that work thousands of rows.

The driver would take every value apart by itself, which costs more than the statement.
"""

from collections.abc import Iterable
from datetime import datetime


def numbers(values: Iterable[int | None]) -> str:
    """ "{1,2,NULL}", for `%s::bigint[]`."""
    return "{" + ",".join(["NULL" if one is None else str(one) for one in values]) + "}"


def words(values: Iterable[str | None]) -> str:
    """Words of ours or of a carrier, for `%s::text[]`: quotes and backslashes are escaped, NULL stays itself."""
    return "{" + ",".join(["NULL" if one is None else f'"{_escaped(one)}"' for one in values]) + "}"


def moments(values: Iterable[datetime | None]) -> str:
    """For `%s::timestamptz[]`."""
    return "{" + ",".join(["NULL" if one is None else f'"{one.isoformat()}"' for one in values]) + "}"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')
