"""The database's side of payments: what was received stays as it was booked; only a reversal is marked on it, once."""

PAYMENT_STAYS = """
CREATE FUNCTION ledger_payment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE marks text[] := '{reversed_at,bounced}';
BEGIN
    IF TG_OP = 'DELETE' OR OLD.reversed_at IS NOT NULL OR NEW.reversed_at IS NULL
       OR to_jsonb(NEW) - marks <> to_jsonb(OLD) - marks THEN
        RAISE EXCEPTION 'payment % stays as it was booked', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_payment_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_payment_stays BEFORE UPDATE OR DELETE ON ledger_payment
FOR EACH ROW EXECUTE FUNCTION ledger_payment_stays();
"""
PAYMENT_MAY_CHANGE = """
DROP TRIGGER ledger_payment_stays ON ledger_payment;
DROP FUNCTION ledger_payment_stays();
"""
