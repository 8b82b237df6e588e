from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="casefilerow",
            name="case_id",
        ),
        migrations.RemoveField(
            model_name="casefilerow",
            name="opened_at",
        ),
        migrations.AddField(
            model_name="casefile",
            name="as_of",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="casefile",
            name="last_line",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="casefile",
            name="step_began_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="casefilerow",
            name="changes",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="mandate",
            name="persons_only",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
