from django.db import migrations

from common.append_only import append_only
from ledger.payment_guard import PAYMENT_MAY_CHANGE, PAYMENT_STAYS

BALANCED = """
CREATE FUNCTION ledger_lines_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT entry_id INTO wrong FROM added GROUP BY entry_id HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the lines of entry % do not sum to zero', wrong USING ERRCODE = 'check_violation';
    END IF;
    SELECT a.entry_id INTO wrong FROM added a JOIN ledger_entry e ON e.id = a.entry_id
    WHERE e.account_id <> a.account_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a line of entry % is on another account', wrong USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_lines_balance AFTER INSERT ON ledger_line
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_balance();
"""
UNBALANCED = """
DROP TRIGGER ledger_lines_balance ON ledger_line;
DROP FUNCTION ledger_lines_balance();
"""


class Migration(migrations.Migration):
    """All lines of an entry are written by one statement and sum to zero at its end: no moment of imbalance exists."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(sql=BALANCED, reverse_sql=UNBALANCED),
        append_only("ledger_entry", "ledger_line"),
        migrations.RunSQL(sql=PAYMENT_STAYS, reverse_sql=PAYMENT_MAY_CHANGE),
    ]
