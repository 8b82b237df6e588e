import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("currency", models.CharField(max_length=3)),
                ("opened_on", models.DateField()),
                ("principal", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("interest", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("penalty", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("fees", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("costs", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("balance", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("paid", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
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
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("due_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "account",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
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
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("OPENING", "Debt taken over"),
                            ("PAYMENT", "Payment"),
                            ("REVERSAL", "Reversal"),
                            ("WAIVER", "Waiver"),
                            ("ADJUSTMENT", "Adjustment by the creditor"),
                        ],
                        max_length=12,
                    ),
                ),
                ("value_on", models.DateField()),
                ("posted_at", models.DateTimeField()),
                ("reference", models.CharField(blank=True, max_length=140)),
                (
                    "account",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
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
                    "posted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reverses",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "bucket",
                    models.CharField(
                        choices=[
                            ("PRINCIPAL", "Principal"),
                            ("INTEREST", "Interest"),
                            ("PENALTY", "Penalty"),
                            ("FEES", "Fees"),
                            ("COSTS", "Costs"),
                            ("OPENING", "Taken over from the creditor"),
                            ("CASH", "Paid"),
                            ("WAIVED", "Waived"),
                            ("ADJUSTED", "Adjusted by the creditor"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "account",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
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
                    "entry",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("received_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("MANUAL", "Entered by hand"),
                            ("CREDITOR", "Reported by the creditor"),
                            ("STATEMENT", "Bank statement"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=140)),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                ("reversed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
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
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="ledger_account_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=common.walls.AgencyRowSecurity(name="ledger_account_rls"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "balance",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("principal"), "+", models.F("interest")
                                    ),
                                    "+",
                                    models.F("penalty"),
                                ),
                                "+",
                                models.F("fees"),
                            ),
                            "+",
                            models.F("costs"),
                        ),
                    )
                ),
                name="ledger_account_balance_is_sum",
            ),
        ),
        migrations.AddIndex(
            model_name="due",
            index=models.Index(fields=["agency", "account", "due_on"], name="ledger_due_account"),
        ),
        migrations.AddIndex(
            model_name="due",
            index=models.Index(fields=["agency", "due_on"], name="ledger_due_day"),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="ledger_due_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=common.walls.AgencyRowSecurity(name="ledger_due_rls"),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=common.walls.CompositeForeignKey(
                field="account", name="ledger_due_account_wall", to="ledger_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="ledger_due_amount_is_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["agency", "account", "id"], name="ledger_entry_account"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="ledger_entry_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=common.walls.AgencyRowSecurity(name="ledger_entry_rls"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=common.walls.CompositeForeignKey(
                field="account", name="ledger_entry_account_wall", to="ledger_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=common.walls.CompositeForeignKey(
                field="reverses", name="ledger_entry_reverses_wall", to="ledger_entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)),
                fields=("agency", "reverses"),
                name="ledger_entry_reversed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "REVERSAL"), ("reverses__isnull", False)),
                    models.Q(models.Q(("kind", "REVERSAL"), _negated=True), ("reverses", None)),
                    _connector="OR",
                ),
                name="ledger_entry_reversal_names_entry",
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(fields=["agency", "account"], name="ledger_line_account"),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(fields=["agency", "entry"], name="ledger_line_entry"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="ledger_line_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=common.walls.AgencyRowSecurity(name="ledger_line_rls"),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=common.walls.CompositeForeignKey(
                field="entry", name="ledger_line_entry_wall", to="ledger_entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=common.walls.CompositeForeignKey(
                field="account", name="ledger_line_account_wall", to="ledger_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="ledger_line_amount_is_not_zero"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["agency", "account", "received_on"], name="ledger_payment_account"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["agency", "received_on"], name="ledger_payment_day"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="ledger_payment_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=common.walls.AgencyRowSecurity(name="ledger_payment_rls"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=common.walls.CompositeForeignKey(
                field="account", name="ledger_payment_account_wall", to="ledger_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=common.walls.CompositeForeignKey(
                field="entry", name="ledger_payment_entry_wall", to="ledger_entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="ledger_payment_amount_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("agency", "entry"), name="ledger_payment_entry_key"),
        ),
    ]
