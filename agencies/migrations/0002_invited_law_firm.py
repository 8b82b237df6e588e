from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="law_firm_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
