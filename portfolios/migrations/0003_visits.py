from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0002_terms_of_money"),
    ]

    operations = [
        migrations.AddField(
            model_name="mandate",
            name="visit_all_addresses",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="mandate",
            name="visit_within_hours",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
