from django.db import migrations

from cases.approval_guard import ASKED_FIRST, ASKED_OR_NOT


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_experts_and_sales")]

    operations = [migrations.RunSQL(sql=ASKED_FIRST, reverse_sql=ASKED_OR_NOT)]
