from django.db import migrations

from cases.approval_guard import needs_approval
from common.append_only import append_only


class Migration(migrations.Migration):
    """Visits and photos only grow; a boot is put on only with the creditor's approval."""

    dependencies = [("field", "0001_initial"), ("cases", "0002_guards")]

    operations = [
        append_only("field_visit", "field_photo"),
        needs_approval("field_objectstep", kind="BOOT", when="NEW.step = 'BOOTED' AND NEW.state = 'DONE'"),
    ]
