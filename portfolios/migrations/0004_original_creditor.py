from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0003_visits"),
    ]

    operations = [
        migrations.AddField(
            model_name="mandate",
            name="original_creditor",
            field=models.CharField(blank=True, db_default="", max_length=160),
        ),
    ]
