import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import common.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [("agencies", "0001_initial"), ("agencies", "__first__")]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=48)),
                ("at", models.DateTimeField()),
                ("case_id", models.BigIntegerField(null=True)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("request_id", models.CharField(blank=True, default="", max_length=36)),
                (
                    "xact",
                    models.BigIntegerField(
                        db_default=django.db.models.expressions.RawSQL("pg_current_xact_id()::text::bigint", []),
                        editable=False,
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["agency", "case_id", "-id"], name="audit_event_case"),
                    models.Index(fields=["agency", "kind", "at"], name="audit_event_kind"),
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["agency", "xact", "at"], name="audit_event_written", pages_per_range=32
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="audit_event_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="audit_event_rls"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnceKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("scope", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=120)),
                ("request_digest", models.BinaryField()),
                ("response", models.JSONField(null=True)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="audit_oncekey_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="audit_oncekey_rls"),
                    models.UniqueConstraint(fields=("agency", "scope", "key"), name="audit_oncekey_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("from_id", models.BigIntegerField()),
                ("to_id", models.BigIntegerField()),
                ("from_xact", models.BigIntegerField(default=0)),
                ("to_xact", models.BigIntegerField(default=0)),
                ("after_id", models.BigIntegerField(default=0)),
                ("events", models.PositiveIntegerField()),
                ("digest", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="audit_seal_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="audit_seal_rls"),
                    models.UniqueConstraint(fields=("agency", "to_id"), name="audit_seal_to_key"),
                ],
            },
        ),
    ]
