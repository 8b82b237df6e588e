from django.db import migrations

GUARD = """
CREATE FUNCTION cases_stage_door_is_shut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the stage of case % changes only through cases.transitions', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_case_stage_door';
END $$;
CREATE TRIGGER cases_case_stage_door BEFORE UPDATE OF stage ON cases_case FOR EACH ROW
WHEN (OLD.stage IS DISTINCT FROM NEW.stage AND current_setting('app.stage_door', true) IS DISTINCT FROM 'open')
EXECUTE FUNCTION cases_stage_door_is_shut();
"""
UNGUARDED = """
DROP TRIGGER cases_case_stage_door ON cases_case;
DROP FUNCTION cases_stage_door_is_shut();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL(sql=GUARD, reverse_sql=UNGUARDED)]
