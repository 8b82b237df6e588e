import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial"),
        ("agencies", "__first__"),
        ("cases", "0001_initial"),
        ("ledger", "0001_initial"),
        ("portfolios", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PayStatement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("salary", models.DecimalField(decimal_places=2, max_digits=14)),
                ("issued_at", models.DateTimeField()),
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
                    "issued_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "month"], name="reports_paystatement_month")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="reports_paystatement_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="reports_paystatement_rls"),
                    common.walls.CompositeForeignKey(
                        field="member", name="reports_paystatement_member_wall", to="agencies_membership"
                    ),
                    models.UniqueConstraint(fields=("agency", "member", "month"), name="reports_paystatement_once"),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="reports_paystatement_is_a_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("PAYMENT", "Payment"), ("REVERSAL", "Reversal")], max_length=8)),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("share", models.DecimalField(decimal_places=2, max_digits=14)),
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
                    "statement",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reports.paystatement",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "statement", "id"], name="reports_payline_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="reports_payline_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="reports_payline_rls"),
                    common.walls.CompositeForeignKey(
                        field="statement", name="reports_payline_statement_wall", to="reports_paystatement"
                    ),
                    common.walls.CompositeForeignKey(
                        field="payment", name="reports_payline_payment_wall", to="ledger_payment"
                    ),
                    common.walls.CompositeForeignKey(field="case", name="reports_payline_case_wall", to="cases_case"),
                    models.UniqueConstraint(fields=("agency", "payment", "kind"), name="reports_payline_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportDefinition",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None),
                ),
                (
                    "which",
                    models.CharField(
                        choices=[
                            ("ALL", "All cases"),
                            ("OPEN", "Open cases"),
                            ("PAID", "Cases with a payment in the period"),
                            ("CLOSED", "Cases closed in the period"),
                        ],
                        default="ALL",
                        max_length=6,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("WATCH", "Watch"),
                            ("PRE_SOFT", "Pre-soft"),
                            ("SOFT", "Soft"),
                            ("FIELD", "Field"),
                            ("LEGAL", "Legal"),
                            ("CLOSED", "Closed"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "group_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("portfolio", "Portfolio"),
                            ("stage", "Stage"),
                            ("branch", "Branch"),
                            ("product", "Product"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("ro", "Română"),
                            ("it", "Italiano"),
                            ("cs", "Čeština"),
                            ("lt", "Lietuvių"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("pdf", "PDF")], default="xlsx", max_length=4
                    ),
                ),
                ("day_of_month", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField()),
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
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "portfolio",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.portfolio",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="reports_reportdefinition_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="reports_reportdefinition_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="reports_reportdefinition_creditor_wall", to="portfolios_creditor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="portfolio", name="reports_reportdefinition_portfolio_wall", to="portfolios_portfolio"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "creditor", "name"), name="reports_reportdefinition_name_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day_of_month", None),
                            models.Q(("day_of_month__gte", 1), ("day_of_month__lte", 28)),
                            _connector="OR",
                        ),
                        name="reports_reportdefinition_day_is_in_each_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("columns__len__gt", 0)), name="reports_reportdefinition_has_columns"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditorReport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("month", models.DateField()),
                ("form", models.CharField(choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("pdf", "PDF")], max_length=4)),
                ("rows", models.PositiveIntegerField()),
                ("path", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
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
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "definition",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reports.reportdefinition",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "creditor", "-id"], name="reports_creditorreport_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="reports_creditorreport_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="reports_creditorreport_rls"),
                    common.walls.CompositeForeignKey(
                        field="definition", name="reports_creditorreport_definition_wall", to="reports_reportdefinition"
                    ),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="reports_creditorreport_creditor_wall", to="portfolios_creditor"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "definition", "month"), name="reports_creditorreport_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="reports_creditorreport_is_a_month"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("period", models.CharField(choices=[("MONTH", "Month"), ("QUARTER", "Quarter")], max_length=7)),
                ("starts_on", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("promises_kept", models.PositiveIntegerField(blank=True, null=True)),
                ("set_at", models.DateTimeField()),
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
                    "member",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.team",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "period", "starts_on"], name="reports_target_period")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="reports_target_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="reports_target_rls"),
                    common.walls.CompositeForeignKey(
                        field="member", name="reports_target_member_wall", to="agencies_membership"
                    ),
                    common.walls.CompositeForeignKey(field="team", name="reports_target_team_wall", to="agencies_team"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("member", None), ("team__isnull", False)),
                            models.Q(("member__isnull", False), ("team", None)),
                            _connector="OR",
                        ),
                        name="reports_target_person_or_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="reports_target_amount_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__day", 1),
                            models.Q(("period", "MONTH"), ("starts_on__month__in", [1, 4, 7, 10]), _connector="OR"),
                        ),
                        name="reports_target_begins_a_period",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", False)),
                        fields=("agency", "member", "period", "starts_on", "currency"),
                        name="reports_target_of_person_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("team__isnull", False)),
                        fields=("agency", "team", "period", "starts_on", "currency"),
                        name="reports_target_of_team_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayRule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("valid_from", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("salary", models.DecimalField(decimal_places=2, max_digits=14)),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("set_at", models.DateTimeField()),
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
                    "member",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
                (
                    "set_by",
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
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="reports_payrule_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="reports_payrule_rls"),
                    common.walls.CompositeForeignKey(
                        field="member", name="reports_payrule_member_wall", to="agencies_membership"
                    ),
                    models.UniqueConstraint(fields=("agency", "member", "valid_from"), name="reports_payrule_key"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__day", 1)), name="reports_payrule_begins_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100), ("salary__gte", 0)),
                        name="reports_payrule_in_bounds",
                    ),
                ],
            },
        ),
    ]
