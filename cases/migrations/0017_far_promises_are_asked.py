from django.db import migrations

from cases.approval_guard import FAR_PROMISE_ASKED, FAR_PROMISE_NOT_ASKED


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_asked_first"), ("portfolios", "0001_initial")]

    operations = [migrations.RunSQL(sql=FAR_PROMISE_ASKED, reverse_sql=FAR_PROMISE_NOT_ASKED)]
