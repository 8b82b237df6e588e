"""Querysets as parts of a larger statement."""

from typing import Any

from django.db.models import QuerySet


def named(rows: QuerySet[Any, Any], prefix: str) -> tuple[str, dict[str, Any]]:
    """The SELECT of a queryset with named places (`prefix_0`, …), and what goes into them."""
    sql, params = rows.query.sql_with_params()
    names = [f"{prefix}_{number}" for number in range(len(params))]
    for name in names:
        sql = sql.replace("%s", f"%({name})s", 1)
    return sql, dict(zip(names, params, strict=True))
