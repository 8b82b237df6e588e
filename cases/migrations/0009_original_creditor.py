from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_agreements"),
        ("portfolios", "0004_original_creditor"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="original_creditor",
            field=models.CharField(blank=True, db_default="", max_length=160),
        ),
    ]
