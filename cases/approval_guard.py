"""The database's side of approvals: a decided answer stays, and nothing irreversible is written without one."""

from django.db.migrations import RunSQL

DECIDED_STAYS = """
CREATE FUNCTION cases_approval_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'WAITING' OR (NEW.kind, NEW.subject_id, NEW.side, NEW.asked_by_id)
        IS DISTINCT FROM (OLD.kind, OLD.subject_id, OLD.side, OLD.asked_by_id) THEN
        RAISE EXCEPTION 'approval % was decided and stays as it is', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cases_approval_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_approval_stays BEFORE UPDATE OR DELETE ON cases_approval
FOR EACH ROW EXECUTE FUNCTION cases_approval_stays();
CREATE FUNCTION cases_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM cases_approval WHERE agency_id = NEW.agency_id AND kind = TG_ARGV[0]
                   AND subject_id = NEW.id AND state = 'GRANTED')
       OR EXISTS (SELECT FROM cases_approval WHERE agency_id = NEW.agency_id AND kind = TG_ARGV[0]
                  AND subject_id = NEW.id AND state IN ('WAITING', 'REFUSED')) THEN
        RAISE EXCEPTION '% % is not approved', TG_ARGV[0], NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_needs_approval';
    END IF;
    RETURN NEW;
END $$;
"""
DECIDED_MAY_CHANGE = """
DROP FUNCTION cases_needs_approval();
DROP TRIGGER cases_approval_stays ON cases_approval;
DROP FUNCTION cases_approval_stays();
"""

ASKED_FIRST = """
CREATE FUNCTION cases_approval_asked_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'WAITING' THEN
        RAISE EXCEPTION 'an approval is asked for before it is answered'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cases_approval_asked_first';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_approval_asked_first BEFORE INSERT ON cases_approval
FOR EACH ROW EXECUTE FUNCTION cases_approval_asked_first();
CREATE OR REPLACE FUNCTION cases_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM cases_approval WHERE agency_id = NEW.agency_id AND kind = TG_ARGV[0]
                   AND subject_id = NEW.id AND state = 'GRANTED'
                   AND (side = 'CREDITOR' OR TG_ARGV[0] NOT IN ('BOOT', 'COMPLAINT', 'PLAN_FORMAT')))
       OR EXISTS (SELECT FROM cases_approval WHERE agency_id = NEW.agency_id AND kind = TG_ARGV[0]
                  AND subject_id = NEW.id AND state <> 'GRANTED') THEN
        RAISE EXCEPTION '% % is not approved', TG_ARGV[0], NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_needs_approval';
    END IF;
    RETURN NEW;
END $$;
"""
"""An answer begins as a question; a side that was asked and whose question was withdrawn has not said yes; and three
kinds are the creditor's alone to grant."""
ASKED_OR_NOT = """
DROP TRIGGER cases_approval_asked_first ON cases_approval;
DROP FUNCTION cases_approval_asked_first();
"""


def needs_approval(table: str, *, kind: str, when: str) -> RunSQL:
    """Migration operation: a row of `table` for which `when` holds (SQL over NEW) is written only once it is approved.

    `kind` is the `ApprovalKind`; the row's id is the approval's subject. At least one side must have granted, and none
    may still wait or have refused.
    """
    name = f"{table}_needs_approval"
    return RunSQL(
        sql=f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW WHEN ({when})"
        f" EXECUTE FUNCTION cases_needs_approval('{kind}')",
        reverse_sql=f"DROP TRIGGER {name} ON {table}",
    )
