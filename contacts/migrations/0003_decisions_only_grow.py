from django.db import migrations

from common.append_only import append_only


class Migration(migrations.Migration):
    """A verdict is evidence: it is added, never edited."""

    dependencies = [("contacts", "0002_decision_clock_and_open_permits")]

    operations = [append_only("contacts_decision")]
