from django.db import migrations, models

from ledger.payment_guard import PAYMENT_MAY_CHANGE, PAYMENT_STAYS


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_line_taken_back")]

    operations = [
        migrations.AddField("payment", "bounced", models.BooleanField(null=True)),
        migrations.RunSQL(sql=PAYMENT_STAYS, reverse_sql=PAYMENT_MAY_CHANGE),
    ]
