import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("cases", "0005_contract_key"),
        ("ledger", "0004_bank_statements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="promise",
            name="after_payment",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.payment",
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="covered",
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=common.walls.CompositeForeignKey(
                field="after_payment", name="cases_promise_after_payment_wall", to="ledger_payment"
            ),
        ),
    ]
