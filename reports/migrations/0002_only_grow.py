from django.db import migrations

from common.append_only import append_only


class Migration(migrations.Migration):
    """What was paid to people and told to creditors stays as it was."""

    dependencies = [("reports", "0001_initial")]

    operations = [append_only("reports_paystatement", "reports_payline", "reports_creditorreport")]
