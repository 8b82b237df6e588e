"""The database's side of the handoff: none without an approved decision about the very same case."""

NO_HANDOFF_WITHOUT_DECISION = """
CREATE FUNCTION legal_handoff_needs_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM legal_lawsuitdecision d JOIN cases_approval a
                   ON a.agency_id = d.agency_id AND a.kind = 'LAWSUIT' AND a.subject_id = d.id AND a.state = 'GRANTED'
                   WHERE d.agency_id = NEW.agency_id AND d.id = NEW.decision_id AND d.case_id = NEW.case_id
                   AND d.state = 'APPROVED')
       OR EXISTS (SELECT FROM cases_approval WHERE agency_id = NEW.agency_id AND kind = 'LAWSUIT'
                  AND subject_id = NEW.decision_id AND state IN ('WAITING', 'REFUSED')) THEN
        RAISE EXCEPTION 'handoff of case % without an approved decision', NEW.case_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_handoff_needs_decision';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER legal_handoff_needs_decision BEFORE INSERT OR UPDATE OF case_id, decision_id ON legal_handoff
FOR EACH ROW EXECUTE FUNCTION legal_handoff_needs_decision();
"""
HANDOFFS_ARE_FREE = """
DROP TRIGGER legal_handoff_needs_decision ON legal_handoff;
DROP FUNCTION legal_handoff_needs_decision();
"""
