import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls
from common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("cases", "0003_approvals_and_documents"),
        ("ledger", "0003_accrual"),
        ("portfolios", "0002_terms_of_money"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Remittance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("through", models.DateField()),
                ("payments", models.PositiveIntegerField()),
                ("collected", models.DecimalField(decimal_places=2, max_digits=14)),
                ("direct", models.DecimalField(decimal_places=2, max_digits=14)),
                ("commission", models.DecimalField(decimal_places=2, max_digits=14)),
                ("to_pay_over", models.DecimalField(decimal_places=2, max_digits=14)),
                ("issued_at", models.DateTimeField()),
                ("paid_over_on", models.DateField(blank=True, null=True)),
                ("pdf_path", models.CharField(blank=True, max_length=200)),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                ("xlsx_path", models.CharField(blank=True, max_length=200)),
                ("xlsx_sha256", models.CharField(blank=True, max_length=64)),
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
                    "issued_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mandate",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.mandate",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RemittanceLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("PAYMENT", "Payment"), ("REVERSAL", "Reversal")], max_length=8)),
                ("direct", models.BooleanField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("commission", models.DecimalField(decimal_places=2, max_digits=14)),
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
                    "payment",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.payment",
                    ),
                ),
                (
                    "remittance",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.remittance",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="remittance",
            index=models.Index(fields=["agency", "creditor", "-id"], name="cases_remittance_creditor"),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_remittance_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=common.walls.AgencyRowSecurity(name="cases_remittance_rls"),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=common.walls.CompositeForeignKey(
                field="creditor", name="cases_remittance_creditor_wall", to="portfolios_creditor"
            ),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=common.walls.CompositeForeignKey(
                field="mandate", name="cases_remittance_mandate_wall", to="portfolios_mandate"
            ),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.UniqueConstraint(fields=("agency", "number"), name="cases_remittance_number_key"),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "to_pay_over",
                        django.db.models.expressions.CombinedExpression(
                            models.F("collected"), "-", models.F("commission")
                        ),
                    )
                ),
                name="cases_remittance_adds_up",
            ),
        ),
        migrations.AddIndex(
            model_name="remittanceline",
            index=models.Index(fields=["agency", "remittance", "id"], name="cases_remittanceline_of"),
        ),
        migrations.AddConstraint(
            model_name="remittanceline",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_remittanceline_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="remittanceline",
            constraint=common.walls.AgencyRowSecurity(name="cases_remittanceline_rls"),
        ),
        migrations.AddConstraint(
            model_name="remittanceline",
            constraint=common.walls.CompositeForeignKey(
                field="remittance", name="cases_remittanceline_remittance_wall", to="cases_remittance"
            ),
        ),
        migrations.AddConstraint(
            model_name="remittanceline",
            constraint=common.walls.CompositeForeignKey(
                field="payment", name="cases_remittanceline_payment_wall", to="ledger_payment"
            ),
        ),
        migrations.AddConstraint(
            model_name="remittanceline",
            constraint=common.walls.CompositeForeignKey(
                field="case", name="cases_remittanceline_case_wall", to="cases_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="remittanceline",
            constraint=models.UniqueConstraint(fields=("agency", "payment", "kind"), name="cases_remittanceline_once"),
        ),
        append_only("cases_remittanceline"),
    ]
