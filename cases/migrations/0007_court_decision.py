from django.db import migrations, models

from cases.court_guard import COURT_IS_OPEN, NO_COURT_WITHOUT_APPROVAL


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_promises_by_the_ledger")]

    operations = [
        migrations.AddField("case", "court_decision_id", models.BigIntegerField(blank=True, null=True)),
        migrations.RunSQL(sql=NO_COURT_WITHOUT_APPROVAL, reverse_sql=COURT_IS_OPEN),
    ]
