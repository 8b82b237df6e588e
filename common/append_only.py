"""Tables that only grow, for history and evidence: a trigger refuses what the grants would already forbid."""

from typing import Any

from django.db.migrations import RunSQL

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def append_only(*tables: str) -> RunSQL:
    """Migration operation: rows of `tables` can be inserted and read, never changed or deleted.

    Two walls: the application's roles lose UPDATE and DELETE, and a trigger refuses both for every role, the owner of
    the table included. In the application the refusal arrives as `IntegrityError` or `ProgrammingError`.
    """
    forwards: list[Any] = [_FUNCTION]
    backwards: list[Any] = []
    for table in tables:
        forwards += [
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"REVOKE UPDATE, DELETE ON {table} FROM crm_app, crm_platform",
        ]
        backwards += [
            f"GRANT UPDATE, DELETE ON {table} TO crm_app, crm_platform",
            f"DROP TRIGGER {table}_only_grows ON {table}",
        ]
    return RunSQL(sql=forwards, reverse_sql=backwards)
