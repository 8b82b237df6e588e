from django.db import migrations

from cases.approval_guard import (
    ANSWERS_ARE_FREE,
    ANSWERS_STAY,
    FAR_PROMISE_ASKED,
    FAR_PROMISE_NOT_ASKED,
    needs_approval,
)
from cases.court_guard import COURT_IS_OPEN, NO_COURT_WITHOUT_APPROVAL
from cases.models.debtor_complaints import CLOSED_MAY_CHANGE, CLOSED_STAYS
from cases.models.quality import JUDGED_MAY_CHANGE, JUDGED_STAYS
from common.append_only import append_only

STAGE_DOOR = """
CREATE FUNCTION cases_stage_door_is_shut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the stage of case % changes only through cases.transitions', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_case_stage_door';
END $$;
CREATE TRIGGER cases_case_stage_door BEFORE UPDATE OF stage ON cases_case FOR EACH ROW
WHEN (OLD.stage IS DISTINCT FROM NEW.stage AND current_setting('app.stage_door', true) IS DISTINCT FROM 'open')
EXECUTE FUNCTION cases_stage_door_is_shut();
"""
STAGE_IS_FREE = """
DROP TRIGGER cases_case_stage_door ON cases_case;
DROP FUNCTION cases_stage_door_is_shut();
"""


class Migration(migrations.Migration):
    """A stage changes through its door, an answer stays, nothing irreversible is written without one, history grows."""

    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL(sql=STAGE_DOOR, reverse_sql=STAGE_IS_FREE),
        migrations.RunSQL(sql=ANSWERS_STAY, reverse_sql=ANSWERS_ARE_FREE),
        migrations.RunSQL(sql=FAR_PROMISE_ASKED, reverse_sql=FAR_PROMISE_NOT_ASKED),
        needs_approval("cases_planformat", kind="PLAN_FORMAT", when="NEW.state = 'APPROVED'"),
        needs_approval("cases_plan", kind="PLAN", when="NEW.state IN ('APPROVED', 'ACTIVE')"),
        needs_approval("cases_settlement", kind="DISCOUNT", when="NEW.state IN ('OFFERED', 'PAID')"),
        needs_approval("cases_debtsale", kind="SALE", when="NEW.state = 'APPROVED'"),
        needs_approval("cases_waiver", kind="WAIVER", when="NEW.state = 'POSTED'"),
        migrations.RunSQL(sql=NO_COURT_WITHOUT_APPROVAL, reverse_sql=COURT_IS_OPEN),
        migrations.RunSQL(sql=CLOSED_STAYS, reverse_sql=CLOSED_MAY_CHANGE),
        migrations.RunSQL(sql=JUDGED_STAYS, reverse_sql=JUDGED_MAY_CHANGE),
        append_only(
            "cases_document", "cases_remittanceline", "cases_complaintstep", "cases_scoreitem", "cases_qualitysample"
        ),
    ]
