from django.db import migrations

from common.append_only import append_only


class Migration(migrations.Migration):
    """A verdict is evidence: it is added, never edited."""

    dependencies = [("contacts", "0001_initial")]

    operations = [append_only("contacts_decision")]
