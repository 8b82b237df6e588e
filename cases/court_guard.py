"""The database's side of going to court: no case enters the legal stage without the approved decision it names."""

NO_COURT_WITHOUT_APPROVAL = """
CREATE FUNCTION cases_court_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.court_decision_id IS NULL
       OR NOT EXISTS (SELECT FROM cases_approval WHERE agency_id = NEW.agency_id AND kind = 'LAWSUIT'
                      AND subject_id = NEW.court_decision_id AND case_id = NEW.id AND state = 'GRANTED')
       OR EXISTS (SELECT FROM cases_approval WHERE agency_id = NEW.agency_id AND kind = 'LAWSUIT'
                  AND subject_id = NEW.court_decision_id AND state IN ('WAITING', 'REFUSED')) THEN
        RAISE EXCEPTION 'case % may not go to court: nobody approved it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_court_needs_approval';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_court_needs_approval BEFORE UPDATE OF stage ON cases_case FOR EACH ROW
WHEN (NEW.stage = 'LEGAL' AND OLD.stage IS DISTINCT FROM NEW.stage) EXECUTE FUNCTION cases_court_needs_approval();
"""
COURT_IS_OPEN = """
DROP TRIGGER cases_court_needs_approval ON cases_case;
DROP FUNCTION cases_court_needs_approval();
"""
