import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_invited_law_firm"),
        ("cases", "0009_original_creditor"),
        ("ledger", "0006_statement_line_words"),
        ("portfolios", "0004_original_creditor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportedPayment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField()),
                ("contract_no", models.CharField(max_length=80)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                ("received_on", models.DateField()),
                ("reference", models.CharField(blank=True, max_length=140)),
                (
                    "state",
                    models.CharField(
                        choices=[("BOOKED", "Booked"), ("OPEN", "Not booked: see why"), ("DISMISSED", "Dismissed")],
                        max_length=9,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=40)),
                ("via", models.CharField(choices=[("WEB", "web"), ("API", "API")], max_length=4)),
                ("reported_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
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
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "creditor",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.creditor",
                    ),
                ),
                (
                    "payment",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.payment",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["agency", "creditor", "-id"], name="cases_reportedpayment_list"),
                    models.Index(
                        condition=models.Q(("state", "OPEN")),
                        fields=["agency", "id"],
                        name="cases_reportedpayment_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_reportedpayment_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_reportedpayment_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="cases_reportedpayment_creditor_wall", to="portfolios_creditor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="case", name="cases_reportedpayment_case_wall", to="cases_case"
                    ),
                    common.walls.CompositeForeignKey(
                        field="payment", name="cases_reportedpayment_payment_wall", to="ledger_payment"
                    ),
                    models.UniqueConstraint(fields=("agency", "creditor", "digest"), name="cases_reportedpayment_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "BOOKED"), _negated=True), ("payment__isnull", False), _connector="OR"
                        ),
                        name="cases_reportedpayment_booked",
                    ),
                ],
            },
        ),
    ]
