import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls
from cases.approval_guard import needs_approval


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_invited_law_firm"),
        ("cases", "0007_court_decision"),
        ("debtors", "0001_initial"),
        ("ledger", "0006_statement_line_words"),
        ("portfolios", "0003_visits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Instalment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ADVANCE_DUE", "Waits for the advance instalment"),
                            ("DRAFTING", "In restructuring"),
                            ("AWAITING_APPROVAL", "Waits for approval"),
                            ("APPROVED", "Waits for the signature"),
                            ("ACTIVE", "Being kept"),
                            ("COMPLETED", "Kept in full"),
                            ("BROKEN", "Broken"),
                            ("LAPSED", "Advance not paid"),
                            ("REFUSED", "Refused"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="ADVANCE_DUE",
                        max_length=18,
                    ),
                ),
                ("advance", models.DecimalField(decimal_places=2, max_digits=14)),
                ("advance_by", models.DateField()),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("interest", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("fee", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("balloon", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("paid", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("breaks_after", models.DateField(blank=True, null=True)),
                ("asked_at", models.DateTimeField()),
                ("drafted_at", models.DateTimeField(null=True)),
                ("signed_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=240)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PlanFormat",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("max_months", models.PositiveSmallIntegerField(default=12)),
                ("interest_percent", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ("fee_percent", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ("minimum_percent", models.PositiveSmallIntegerField(default=100)),
                ("balloon_allowed", models.BooleanField(default=False)),
                ("grace_days", models.PositiveSmallIntegerField(default=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("AWAITING_APPROVAL", "Waits for the creditor"),
                            ("APPROVED", "Approved"),
                            ("REFUSED", "Refused"),
                            ("RETIRED", "Not used any more"),
                        ],
                        default="AWAITING_APPROVAL",
                        max_length=18,
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("currency", models.CharField(max_length=3)),
                ("balance", models.DecimalField(decimal_places=2, max_digits=14)),
                ("discount_percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("pay_by", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("AWAITING_APPROVAL", "Waits for approval"),
                            ("OFFERED", "Offered"),
                            ("PAID", "Paid, the rest waived"),
                            ("LAPSED", "Not paid in time"),
                            ("REFUSED", "Refused"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="AWAITING_APPROVAL",
                        max_length=18,
                    ),
                ),
                ("paid", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                (
                    "waivers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="case",
            name="on_plan",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="plan_broken",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="case",
            name="next_action",
            field=models.CharField(
                choices=[
                    ("NEW", "New: not yet worked"),
                    ("CALL", "Call"),
                    ("RECALL", "Call back as agreed"),
                    ("PROMISE_DUE", "Promise falls due"),
                    ("PROMISE_BROKEN", "Promise was broken"),
                    ("CHECK_PAYMENT", "Check the payment the debtor reported"),
                    ("FOLLOW_UP", "Follow up"),
                    ("SKIP_TRACE", "Find new contact data"),
                    ("FRAUD_REVIEW", "Review suspected fraud"),
                    ("RESTRUCTURE", "Prepare the payment plan"),
                    ("ENFORCE", "Plan was broken: enforcement may start"),
                ],
                default="NEW",
                max_length=14,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("next_action", "RESTRUCTURE"), models.Q(("stage", "CLOSED"), _negated=True)),
                fields=["agency", "priority", "next_action_at", "id"],
                name="cases_case_restructure",
            ),
        ),
        migrations.AddField(
            model_name="instalment",
            name="agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="after_payment",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.payment",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="case",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="document",
            field=agencies.owned.AgencyForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.document",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="drafted_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="instalment",
            name="plan",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.plan",
            ),
        ),
        migrations.AddField(
            model_name="planformat",
            name="agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AddField(
            model_name="planformat",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="planformat",
            name="mandate",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portfolios.mandate",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="format",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.planformat",
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="after_payment",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.payment",
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="case",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="document",
            field=agencies.owned.AgencyForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.document",
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_instalment_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=common.walls.AgencyRowSecurity(name="cases_instalment_rls"),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=common.walls.CompositeForeignKey(
                field="plan", name="cases_instalment_plan_wall", to="cases_plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.UniqueConstraint(fields=("agency", "plan", "number"), name="cases_instalment_key"),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="cases_instalment_amount_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="planformat",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_planformat_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="planformat",
            constraint=common.walls.AgencyRowSecurity(name="cases_planformat_rls"),
        ),
        migrations.AddConstraint(
            model_name="planformat",
            constraint=common.walls.CompositeForeignKey(
                field="mandate", name="cases_planformat_mandate_wall", to="portfolios_mandate"
            ),
        ),
        migrations.AddConstraint(
            model_name="planformat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["AWAITING_APPROVAL", "APPROVED"])),
                fields=("agency", "mandate", "name"),
                name="cases_planformat_name_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="planformat",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_months__gte", 1), ("max_months__lte", 12)),
                name="cases_planformat_at_most_a_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="planformat",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum_percent__gte", 100)), name="cases_planformat_not_below_the_original"
            ),
        ),
        migrations.AddConstraint(
            model_name="planformat",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee_percent__gte", 0), ("interest_percent__gte", 0)),
                name="cases_planformat_rates_not_negative",
            ),
        ),
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(fields=["agency", "case", "id"], name="cases_plan_case"),
        ),
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(
                condition=models.Q(("state__in", ["ADVANCE_DUE", "ACTIVE"])),
                fields=["agency", "breaks_after"],
                name="cases_plan_breaks",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_plan_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=common.walls.AgencyRowSecurity(name="cases_plan_rls"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=common.walls.CompositeForeignKey(field="case", name="cases_plan_case_wall", to="cases_case"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=common.walls.CompositeForeignKey(
                field="format", name="cases_plan_format_wall", to="cases_planformat"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=common.walls.CompositeForeignKey(
                field="after_payment", name="cases_plan_after_payment_wall", to="ledger_payment"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=common.walls.CompositeForeignKey(
                field="document", name="cases_plan_document_wall", to="cases_document"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["ADVANCE_DUE", "DRAFTING", "AWAITING_APPROVAL", "APPROVED", "ACTIVE"])
                ),
                fields=("agency", "case"),
                name="cases_plan_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("advance__gt", 0)), name="cases_plan_advance_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["APPROVED", "ACTIVE", "COMPLETED"]), _negated=True),
                    ("amount__gt", 0),
                    _connector="OR",
                ),
                name="cases_plan_has_schedule",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ACTIVE"), _negated=True), ("signed_on__isnull", False), _connector="OR"
                ),
                name="cases_plan_active_is_signed",
            ),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(fields=["agency", "case", "id"], name="cases_settlement_case"),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(
                condition=models.Q(("state__in", ["AWAITING_APPROVAL", "OFFERED"])),
                fields=["agency", "pay_by"],
                name="cases_settlement_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_settlement_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=common.walls.AgencyRowSecurity(name="cases_settlement_rls"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=common.walls.CompositeForeignKey(
                field="case", name="cases_settlement_case_wall", to="cases_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=common.walls.CompositeForeignKey(
                field="after_payment", name="cases_settlement_after_payment_wall", to="ledger_payment"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=common.walls.CompositeForeignKey(
                field="document", name="cases_settlement_document_wall", to="cases_document"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["AWAITING_APPROVAL", "OFFERED"])),
                fields=("agency", "case"),
                name="cases_settlement_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("amount__lt", models.F("balance"))),
                name="cases_settlement_is_a_discount",
            ),
        ),
        needs_approval("cases_planformat", kind="PLAN_FORMAT", when="NEW.state = 'APPROVED'"),
        needs_approval("cases_plan", kind="PLAN", when="NEW.state IN ('APPROVED', 'ACTIVE')"),
        needs_approval("cases_settlement", kind="DISCOUNT", when="NEW.state IN ('OFFERED', 'PAID')"),
    ]
