"""The database's side of approvals: a decided answer stays, and nothing irreversible is written without one."""

from django.db.migrations import RunSQL

ANSWERS_STAY = """
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
ANSWERS_ARE_FREE = """
DROP FUNCTION cases_needs_approval();
DROP TRIGGER cases_approval_stays ON cases_approval;
DROP FUNCTION cases_approval_stays();
DROP TRIGGER cases_approval_asked_first ON cases_approval;
DROP FUNCTION cases_approval_asked_first();
"""


FAR_PROMISE_ASKED = """
CREATE FUNCTION cases_promise_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.due_on - NEW.made_on > (
        SELECT m.promise_days FROM cases_case c
        JOIN portfolios_mandate m ON m.agency_id = c.agency_id AND m.id = c.mandate_id
        WHERE c.agency_id = NEW.agency_id AND c.id = NEW.case_id)
       AND (NOT EXISTS (SELECT FROM cases_approval WHERE agency_id = NEW.agency_id AND kind = 'PROMISE'
                        AND subject_id = NEW.id AND state = 'GRANTED')
            OR EXISTS (SELECT FROM cases_approval WHERE agency_id = NEW.agency_id AND kind = 'PROMISE'
                       AND subject_id = NEW.id AND state <> 'GRANTED')) THEN
        RAISE EXCEPTION 'PROMISE % is not approved', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_needs_approval';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_promise_made_needs_approval BEFORE INSERT ON cases_promise
FOR EACH ROW WHEN (NEW.state IN ('ACTIVE', 'KEPT')) EXECUTE FUNCTION cases_promise_needs_approval();
CREATE TRIGGER cases_promise_needs_approval BEFORE UPDATE OF state ON cases_promise
FOR EACH ROW WHEN (OLD.state = 'AWAITING_APPROVAL' AND NEW.state IN ('ACTIVE', 'KEPT', 'BROKEN'))
EXECUTE FUNCTION cases_promise_needs_approval();
"""
"""A promise beyond the mandate's short limit stands only once it was approved. It is looked at when it comes to stand:
one made before this rule is judged as it was made."""
FAR_PROMISE_NOT_ASKED = """
DROP TRIGGER cases_promise_needs_approval ON cases_promise;
DROP TRIGGER cases_promise_made_needs_approval ON cases_promise;
DROP FUNCTION cases_promise_needs_approval();
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
