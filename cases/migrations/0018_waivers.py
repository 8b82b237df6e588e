import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls
from cases.approval_guard import needs_approval


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_expert_negotiators"),
        ("cases", "0017_far_promises_are_asked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="approval",
            name="kind",
            field=models.CharField(
                choices=[
                    ("PROMISE", "Promise beyond the short limit"),
                    ("PLAN", "Payment plan"),
                    ("PLAN_FORMAT", "Plan format"),
                    ("DISCOUNT", "Discount against full payment"),
                    ("WAIVER", "Waiver of a part of the debt"),
                    ("LAWSUIT", "Going to court"),
                    ("BOOT", "Wheel boot on the financed object"),
                    ("COMPLAINT", "Criminal complaint"),
                    ("SALE", "Sale of the debt"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("currency", models.CharField(max_length=3)),
                ("principal", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("interest", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("penalty", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("fees", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("costs", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("reason", models.CharField(max_length=240)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("AWAITING_APPROVAL", "Waits for approval"),
                            ("POSTED", "Waived"),
                            ("REFUSED", "Refused"),
                            ("CANCELLED", "Cancelled"),
                            ("TAKEN_BACK", "Taken back"),
                        ],
                        default="AWAITING_APPROVAL",
                        max_length=18,
                    ),
                ),
                (
                    "entries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "case",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "case", "id"], name="cases_waiver_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_waiver_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_waiver_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_waiver_case_wall", to="cases_case"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "AWAITING_APPROVAL")),
                        fields=("agency", "case"),
                        name="cases_waiver_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("costs__gte", 0),
                            ("fees__gte", 0),
                            ("interest__gte", 0),
                            ("penalty__gte", 0),
                            ("principal__gte", 0),
                        ),
                        name="cases_waiver_parts_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "principal__gt",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("interest"), "*", models.Value(-1)
                                            ),
                                            "-",
                                            models.F("penalty"),
                                        ),
                                        "-",
                                        models.F("fees"),
                                    ),
                                    "-",
                                    models.F("costs"),
                                ),
                            )
                        ),
                        name="cases_waiver_forgives_something",
                    ),
                ],
            },
        ),
        needs_approval("cases_waiver", kind="WAIVER", when="NEW.state = 'POSTED'"),
    ]
