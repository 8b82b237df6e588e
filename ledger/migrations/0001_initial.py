import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [("agencies", "0001_initial"), ("agencies", "__first__"), ("portfolios", "0001_initial")]

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
                ("accrued_through", models.DateField(null=True)),
                ("interest_rest", models.DecimalField(db_default=0, decimal_places=10, default=0, max_digits=20)),
                ("penalty_rest", models.DecimalField(db_default=0, decimal_places=10, default=0, max_digits=20)),
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
                    models.UniqueConstraint(fields=("agency", "id"), name="ledger_account_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="ledger_account_rls"),
                    models.CheckConstraint(
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
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("currency", models.CharField(max_length=3)),
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
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                    models.UniqueConstraint(fields=("agency", "id"), name="ledger_bankaccount_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="ledger_bankaccount_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="ledger_bankaccount_creditor_wall", to="portfolios_creditor"
                    ),
                    models.UniqueConstraint(fields=("agency", "number", "currency"), name="ledger_bankaccount_key"),
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^[A-Z0-9]{4,40}$")),
                        name="ledger_bankaccount_number_is_plain",
                    ),
                ],
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
                "indexes": [
                    models.Index(fields=["agency", "account", "due_on"], name="ledger_due_account"),
                    models.Index(fields=["agency", "due_on"], name="ledger_due_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="ledger_due_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="ledger_due_rls"),
                    common.walls.CompositeForeignKey(
                        field="account", name="ledger_due_account_wall", to="ledger_account"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="ledger_due_amount_is_positive"),
                ],
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
                            ("ACCRUAL", "Interest and penalty"),
                            ("COST", "Costs of recovery"),
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
                "indexes": [models.Index(fields=["agency", "account", "id"], name="ledger_entry_account")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="ledger_entry_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="ledger_entry_rls"),
                    common.walls.CompositeForeignKey(
                        field="account", name="ledger_entry_account_wall", to="ledger_account"
                    ),
                    common.walls.CompositeForeignKey(
                        field="reverses", name="ledger_entry_reverses_wall", to="ledger_entry"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reverses__isnull", False)),
                        fields=("agency", "reverses"),
                        name="ledger_entry_reversed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "REVERSAL"), ("reverses__isnull", False)),
                            models.Q(models.Q(("kind", "REVERSAL"), _negated=True), ("reverses", None)),
                            _connector="OR",
                        ),
                        name="ledger_entry_reversal_names_entry",
                    ),
                ],
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
                            ("ACCRUED", "Accrued"),
                            ("INCURRED", "Costs incurred"),
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
                "indexes": [
                    models.Index(fields=["agency", "account"], name="ledger_line_account"),
                    models.Index(fields=["agency", "entry"], name="ledger_line_entry"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="ledger_line_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="ledger_line_rls"),
                    common.walls.CompositeForeignKey(field="entry", name="ledger_line_entry_wall", to="ledger_entry"),
                    common.walls.CompositeForeignKey(
                        field="account", name="ledger_line_account_wall", to="ledger_account"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="ledger_line_amount_is_not_zero"
                    ),
                ],
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
                ("bounced", models.BooleanField(null=True)),
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
                "indexes": [
                    models.Index(fields=["agency", "account", "received_on"], name="ledger_payment_account"),
                    models.Index(fields=["agency", "received_on"], name="ledger_payment_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="ledger_payment_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="ledger_payment_rls"),
                    common.walls.CompositeForeignKey(
                        field="account", name="ledger_payment_account_wall", to="ledger_account"
                    ),
                    common.walls.CompositeForeignKey(
                        field="entry", name="ledger_payment_entry_wall", to="ledger_entry"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="ledger_payment_amount_is_positive"
                    ),
                    models.UniqueConstraint(fields=("agency", "entry"), name="ledger_payment_entry_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("form", models.CharField(max_length=8)),
                ("filename", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("MATCHING", "Being matched"), ("MATCHED", "Matched")],
                        default="MATCHING",
                        max_length=8,
                    ),
                ),
                ("via", models.CharField(default="WEB", max_length=8)),
                ("uploaded_at", models.DateTimeField()),
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
                    "uploaded_by",
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
                    models.UniqueConstraint(fields=("agency", "id"), name="ledger_statementfile_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="ledger_statementfile_rls"),
                    models.UniqueConstraint(fields=("agency", "sha256"), name="ledger_statementfile_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("opening", models.DecimalField(decimal_places=2, max_digits=14)),
                ("opened_on", models.DateField()),
                ("closing", models.DecimalField(decimal_places=2, max_digits=14)),
                ("closed_on", models.DateField()),
                ("lines", models.PositiveIntegerField()),
                ("known", models.PositiveIntegerField(default=0)),
                ("pending", models.PositiveIntegerField(default=0)),
                ("warnings", models.JSONField(default=list)),
                (
                    "account",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.bankaccount",
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
                    "file",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.statementfile",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["agency", "account", "closed_on", "id"], name="ledger_bankstatement_account"),
                    models.Index(fields=["agency", "file"], name="ledger_bankstatement_file"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="ledger_bankstatement_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="ledger_bankstatement_rls"),
                    common.walls.CompositeForeignKey(
                        field="file", name="ledger_bankstatement_file_wall", to="ledger_statementfile"
                    ),
                    common.walls.CompositeForeignKey(
                        field="account", name="ledger_bankstatement_account_wall", to="ledger_bankaccount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_on__gte", models.F("opened_on"))),
                        name="ledger_bankstatement_days_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known__lte", models.F("lines"))),
                        name="ledger_bankstatement_known_are_lines",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at_line", models.PositiveIntegerField()),
                ("booked_on", models.DateField()),
                ("value_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                ("name", models.CharField(blank=True, max_length=140)),
                ("iban", models.CharField(blank=True, max_length=34)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("end_to_end", models.CharField(blank=True, max_length=70)),
                ("bank_reference", models.CharField(blank=True, max_length=70)),
                ("code", models.CharField(blank=True, max_length=35)),
                ("reversal", models.BooleanField(default=False)),
                ("digest", models.BinaryField()),
                ("ordinal", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "Open"),
                            ("BOOKED", "Booked"),
                            ("IGNORED", "Set aside"),
                            ("SPLIT", "Split into parts"),
                        ],
                        default="OPEN",
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NOT_OURS", "Not a debtor's payment"),
                            ("FEE", "Fee or interest of the bank"),
                            ("OWN_TRANSFER", "Transfer of our own"),
                            ("REMITTANCE", "Paid out to a creditor"),
                            ("SENT_BACK", "To be sent back to the payer"),
                            ("TAKEN_BACK", "Taken back on its case already"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[("AUTO", "By the contract number"), ("PERSON", "By a person")],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "account",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.bankaccount",
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
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "part_of",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.statementline",
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
                    "statement",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.bankstatement",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["agency", "statement", "at_line", "id"], name="ledger_statementline_statement"
                    ),
                    models.Index(
                        condition=models.Q(("state", "OPEN")),
                        fields=["agency", "booked_on", "id"],
                        name="ledger_statementline_open",
                    ),
                    models.Index(
                        condition=models.Q(("payment__isnull", False), models.Q(("iban", ""), _negated=True)),
                        fields=["agency", "iban"],
                        name="ledger_statementline_iban",
                    ),
                    models.Index(
                        condition=models.Q(("payment__isnull", False), models.Q(("end_to_end", ""), _negated=True)),
                        fields=["agency", "end_to_end"],
                        name="ledger_statementline_e2e",
                    ),
                    models.Index(
                        condition=models.Q(("part_of__isnull", False)),
                        fields=["agency", "part_of"],
                        name="ledger_statementline_parts",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="ledger_statementline_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="ledger_statementline_rls"),
                    common.walls.CompositeForeignKey(
                        field="statement", name="ledger_statementline_statement_wall", to="ledger_bankstatement"
                    ),
                    common.walls.CompositeForeignKey(
                        field="account", name="ledger_statementline_account_wall", to="ledger_bankaccount"
                    ),
                    common.walls.CompositeForeignKey(
                        field="part_of", name="ledger_statementline_part_of_wall", to="ledger_statementline"
                    ),
                    common.walls.CompositeForeignKey(
                        field="payment", name="ledger_statementline_payment_wall", to="ledger_payment"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("part_of", None)),
                        fields=("agency", "account", "digest", "ordinal"),
                        name="ledger_statementline_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("amount__gt", 0), ("payment__isnull", False)),
                        fields=("agency", "payment"),
                        name="ledger_statementline_payment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="ledger_statementline_moves_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("payment__isnull", False), ("state", "BOOKED")),
                            models.Q(models.Q(("state", "BOOKED"), _negated=True), ("payment", None)),
                            _connector="OR",
                        ),
                        name="ledger_statementline_booked_has_payment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "IGNORED"), models.Q(("reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "IGNORED"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="ledger_statementline_ignored_has_reason",
                    ),
                ],
            },
        ),
    ]
