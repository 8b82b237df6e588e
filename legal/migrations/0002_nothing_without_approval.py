from django.db import migrations

from cases.approval_guard import needs_approval
from common.append_only import append_only
from legal.guards import HANDOFFS_ARE_FREE, NO_HANDOFF_WITHOUT_DECISION


class Migration(migrations.Migration):
    """No approved decision, handoff or complaint without the answers; what was said and charged stays."""

    dependencies = [("legal", "0001_initial"), ("cases", "0002_guards")]

    operations = [
        needs_approval("legal_lawsuitdecision", kind="LAWSUIT", when="NEW.state = 'APPROVED'"),
        needs_approval("legal_complaint", kind="COMPLAINT", when="NEW.state IN ('APPROVED', 'FILED')"),
        migrations.RunSQL(sql=NO_HANDOFF_WITHOUT_DECISION, reverse_sql=HANDOFFS_ARE_FREE),
        append_only(
            "legal_handoffword", "legal_handoffdocument", "legal_handoffcost", "legal_policenews",
            "legal_costtakenback", "legal_stepcorrection",
        ),
    ]  # fmt: skip
