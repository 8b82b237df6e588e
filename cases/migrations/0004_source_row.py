from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_stage_door")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="source_row_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
