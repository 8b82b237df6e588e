import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls
import portfolios.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("agencies", "0001_initial"), ("agencies", "__first__")]

    operations = [
        migrations.CreateModel(
            name="Creditor",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=160)),
                ("registration_no", models.CharField(blank=True, max_length=40)),
                ("country", models.CharField(max_length=2)),
                ("address", models.CharField(blank=True, max_length=240)),
                ("contact_name", models.CharField(blank=True, max_length=120)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("payment_iban", models.CharField(blank=True, max_length=34)),
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
                    models.UniqueConstraint(fields=("agency", "id"), name="portfolios_creditor_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="portfolios_creditor_rls"),
                    models.UniqueConstraint(fields=("agency", "name"), name="portfolios_creditor_name_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditorUser",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
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
                    "membership",
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
                "indexes": [models.Index(fields=["agency", "creditor"], name="portfolios_creditoruser_cred")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="portfolios_creditoruser_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="portfolios_creditoruser_rls"),
                    common.walls.CompositeForeignKey(
                        field="membership", name="portfolios_creditoruser_membership_wall", to="agencies_membership"
                    ),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="portfolios_creditoruser_creditor_wall", to="portfolios_creditor"
                    ),
                    models.UniqueConstraint(fields=("agency", "membership"), name="portfolios_creditoruser_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("jurisdiction", models.CharField(max_length=8)),
                ("currency", models.CharField(max_length=3)),
                (
                    "other_currencies",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3), blank=True, db_default=[], default=list, size=None
                    ),
                ),
                (
                    "debt_kind",
                    models.CharField(
                        choices=[
                            ("CONSUMER_CREDIT", "Consumer credit"),
                            ("MORTGAGE", "Mortgage"),
                            ("CAR_LEASE", "Car lease or loan"),
                            ("TELECOM", "Telecom"),
                            ("UTILITY", "Utility"),
                            ("TRADE", "Trade receivable"),
                            ("OTHER", "Other"),
                        ],
                        default="CONSUMER_CREDIT",
                        max_length=16,
                    ),
                ),
                (
                    "ownership",
                    models.CharField(
                        choices=[
                            ("ENTRUSTED", "Entrusted: the creditor stays owner"),
                            ("CEDED", "Ceded to the creditor by the original lender"),
                            ("PURCHASED", "Purchased bank loan"),
                        ],
                        default="ENTRUSTED",
                        max_length=10,
                    ),
                ),
                ("original_creditor", models.CharField(blank=True, db_default="", max_length=160)),
                ("assignment_notice_required", models.BooleanField(default=False)),
                ("commission_percent", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                (
                    "allowed_channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("CALL", "Call"),
                                ("SMS", "SMS"),
                                ("IVM", "Voice message"),
                                ("EMAIL", "E-mail"),
                                ("LETTER", "Letter"),
                                ("VISIT", "Visit"),
                            ],
                            max_length=8,
                        ),
                        default=portfolios.models.all_channels,
                        size=None,
                    ),
                ),
                ("visit_within_hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("visit_all_addresses", models.BooleanField(db_default=False, default=False)),
                ("interest_percent", models.DecimalField(db_default=0, decimal_places=3, default=0, max_digits=6)),
                ("penalty_percent_daily", models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=7)),
                (
                    "penalty_cap_percent",
                    models.DecimalField(db_default=100, decimal_places=2, default=100, max_digits=6),
                ),
                (
                    "allocation_order",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, db_default=[], default=list, size=None
                    ),
                ),
                ("max_discount_percent", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ("max_plan_months", models.PositiveSmallIntegerField(default=12)),
                ("promise_days", models.PositiveSmallIntegerField(default=7)),
                ("promise_days_approved", models.PositiveSmallIntegerField(default=30)),
                ("auto_confirm", models.BooleanField(default=False)),
                ("min_days_past_due", models.PositiveSmallIntegerField(default=0)),
                ("requires_secured", models.BooleanField(default=False)),
                ("persons_only", models.BooleanField(db_default=False, default=False)),
                (
                    "approvals",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), blank=True, default=list, size=None
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="portfolios_mandate_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="portfolios_mandate_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="portfolios_mandate_creditor_wall", to="portfolios_creditor"
                    ),
                    models.UniqueConstraint(fields=("agency", "creditor", "name"), name="portfolios_mandate_name_key"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="portfolios_mandate_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("commission_percent__gte", 0), ("commission_percent__lte", 100)),
                        name="portfolios_mandate_commission_is_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mapping",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=64)),
                ("spec", models.JSONField()),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                    "updated_by",
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
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="portfolios_mapping_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="portfolios_mapping_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="portfolios_mapping_creditor_wall", to="portfolios_creditor"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "creditor", "fingerprint"), name="portfolios_mapping_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Portfolio",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("received_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
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
                    "drops_by",
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
                "indexes": [models.Index(fields=["agency", "mandate"], name="portfolios_portfolio_mandate")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="portfolios_portfolio_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="portfolios_portfolio_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="portfolios_portfolio_creditor_wall", to="portfolios_creditor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="mandate", name="portfolios_portfolio_mandate_wall", to="portfolios_mandate"
                    ),
                    common.walls.CompositeForeignKey(
                        field="drops_by", name="portfolios_portfolio_drops_by_wall", to="agencies_membership"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "creditor", "name"), name="portfolios_portfolio_name_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationRule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("effective_on", models.DateField()),
                (
                    "soft_visit_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=14), blank=True, default=list, size=None
                    ),
                ),
                (
                    "hard_visit_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=14), blank=True, default=list, size=None
                    ),
                ),
                ("hard_visit_after", models.PositiveSmallIntegerField(default=1)),
                ("expert_calls", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("expert_visits", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("expert_after_visits", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("expert_accelerated", models.BooleanField(default=False)),
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
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.creditor",
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
                    models.UniqueConstraint(fields=("agency", "id"), name="portfolios_escalationrule_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="portfolios_escalationrule_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="portfolios_escalationrule_creditor_wall", to="portfolios_creditor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="portfolio", name="portfolios_escalationrule_portfolio_wall", to="portfolios_portfolio"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "creditor", "portfolio", "effective_on"),
                        name="portfolios_escalationrule_key",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("creditor", None), ("portfolio", None), _connector="OR"),
                        name="portfolios_escalationrule_one_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("expert_calls", None), ("expert_visits", None)),
                            models.Q(("expert_calls__isnull", False), ("expert_visits__isnull", False)),
                            _connector="OR",
                        ),
                        name="portfolios_escalationrule_calls_and_visits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("filename", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("path", models.CharField(max_length=240)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("RECEIVED", "Received"),
                            ("NEEDS_MAPPING", "Mapping needed"),
                            ("CHECKING", "Being checked"),
                            ("CHECKED", "Checked, waits for confirmation"),
                            ("CONFIRMED", "Confirmed"),
                            ("OPENING", "Cases being opened"),
                            ("OPENED", "Cases opened"),
                            ("REFUSED", "Refused"),
                        ],
                        default="RECEIVED",
                        max_length=14,
                    ),
                ),
                ("detected", models.JSONField(default=dict)),
                ("as_of", models.DateField(null=True)),
                ("problem", models.JSONField(null=True)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("last_line", models.PositiveIntegerField(db_default=0, default=0)),
                ("step_began_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("sums", models.JSONField(default=dict)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "via",
                    models.CharField(
                        choices=[("WEB", "web"), ("API", "API"), ("DROP", "file drop")], default="WEB", max_length=8
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
                (
                    "confirmed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "mapping",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.mapping",
                    ),
                ),
                (
                    "portfolio",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.portfolio",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "creditor", "-id"], name="portfolios_casefile_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="portfolios_casefile_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="portfolios_casefile_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="portfolios_casefile_creditor_wall", to="portfolios_creditor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="portfolio", name="portfolios_casefile_portfolio_wall", to="portfolios_portfolio"
                    ),
                    common.walls.CompositeForeignKey(
                        field="mapping", name="portfolios_casefile_mapping_wall", to="portfolios_mapping"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "REFUSED"), _negated=True),
                        fields=("agency", "portfolio", "sha256"),
                        name="portfolios_casefile_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Strategy",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pre_soft_from", models.PositiveSmallIntegerField(default=31)),
                ("soft_from", models.PositiveSmallIntegerField(default=61)),
                ("field_from", models.PositiveSmallIntegerField(default=91)),
                ("field_by_days", models.BooleanField(default=False)),
                ("broken_promises_to_field", models.PositiveSmallIntegerField(default=2)),
                ("effective_on", models.DateField()),
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
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.creditor",
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
                "verbose_name_plural": "strategies",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="portfolios_strategy_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="portfolios_strategy_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="portfolios_strategy_creditor_wall", to="portfolios_creditor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="portfolio", name="portfolios_strategy_portfolio_wall", to="portfolios_portfolio"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "creditor", "portfolio", "effective_on"),
                        name="portfolios_strategy_key",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pre_soft_from__lt", models.F("soft_from")), ("soft_from__lt", models.F("field_from"))
                        ),
                        name="portfolios_strategy_thresholds_rise",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("creditor", None), ("portfolio", None), _connector="OR"),
                        name="portfolios_strategy_one_level",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseFileRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.PositiveIntegerField()),
                (
                    "raw",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("values", models.JSONField(null=True)),
                ("contract_no", models.CharField(blank=True, max_length=80)),
                ("digest", models.BinaryField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("NEW", "New case"),
                            ("CHANGED", "Known case, changed"),
                            ("UNCHANGED", "Known case, unchanged"),
                            ("ERROR", "Error"),
                            ("INELIGIBLE", "Not eligible"),
                            ("DUPLICATE", "Twice in this file"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("changes", models.JSONField(default=dict)),
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
                    "case_file",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="portfolios.casefile",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["agency", "case_file", "verdict", "line"], name="portfolios_casefilerow_work")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="portfolios_casefilerow_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="portfolios_casefilerow_rls"),
                    common.walls.CompositeForeignKey(
                        field="case_file", name="portfolios_casefilerow_case_file_wall", to="portfolios_casefile"
                    ),
                    models.UniqueConstraint(fields=("agency", "case_file", "line"), name="portfolios_casefilerow_key"),
                ],
            },
        ),
    ]
