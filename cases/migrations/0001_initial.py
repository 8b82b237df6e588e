import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django_fsm
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial"),
        ("agencies", "__first__"),
        ("debtors", "0001_initial"),
        ("ledger", "0001_initial"),
        ("portfolios", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AllocationBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("TEAM", "To teams"), ("COLLECTOR", "To collectors")], max_length=10),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("cases", models.PositiveIntegerField(default=0)),
                ("undone_at", models.DateTimeField(null=True)),
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
                    "by",
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
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_allocationbatch_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_allocationbatch_rls"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("contract_no", models.CharField(db_collation="C", max_length=80)),
                (
                    "contract_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Upper(
                            models.Func(
                                models.F("contract_no"),
                                models.Value("[[:space:][:punct:]]+"),
                                models.Value(""),
                                models.Value("g"),
                                function="regexp_replace",
                            )
                        ),
                        output_field=models.CharField(db_collation="C", max_length=80),
                    ),
                ),
                ("branch", models.CharField(blank=True, max_length=120)),
                ("product", models.CharField(blank=True, max_length=80)),
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
                        max_length=10,
                    ),
                ),
                ("original_creditor", models.CharField(blank=True, db_default="", max_length=160)),
                ("jurisdiction", models.CharField(max_length=8)),
                ("contract_signed_on", models.DateField(blank=True, null=True)),
                (
                    "contract_status",
                    models.CharField(
                        choices=[
                            ("IN_FORCE", "In force"),
                            ("ACCELERATED", "Accelerated"),
                            ("TERMINATED", "Terminated"),
                            ("IN_LITIGATION", "In litigation"),
                            ("BEING_ASSIGNED", "Being assigned"),
                        ],
                        default="IN_FORCE",
                        max_length=14,
                    ),
                ),
                ("accelerated_on", models.DateField(blank=True, null=True)),
                ("source_accelerated", models.BooleanField(default=False)),
                ("court_decision_id", models.BigIntegerField(blank=True, null=True)),
                ("secured", models.BooleanField(default=False)),
                ("collateral", models.CharField(blank=True, max_length=240)),
                ("original_instalment", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("assignment_notice_on", models.DateField(blank=True, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("balance", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("overdue", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("oldest_due_on", models.DateField(blank=True, null=True)),
                ("opened_on", models.DateField()),
                (
                    "stage",
                    django_fsm.FSMField(
                        choices=[
                            ("WATCH", "Watch"),
                            ("PRE_SOFT", "Pre-soft"),
                            ("SOFT", "Soft"),
                            ("FIELD", "Field"),
                            ("LEGAL", "Legal"),
                            ("CLOSED", "Closed"),
                        ],
                        default="WATCH",
                        max_length=8,
                        protected=True,
                    ),
                ),
                ("stage_since", models.DateField()),
                ("sent_back", models.BooleanField(db_default=False, default=False)),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "close_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PAID", "Paid in full"),
                            ("SETTLED", "Settled"),
                            ("RECALLED", "Recalled by the creditor"),
                            ("WRITTEN_OFF", "Written off"),
                            ("SOLD", "Sold"),
                            ("NOT_OWED", "Not owed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("broken_in_a_row", models.PositiveSmallIntegerField(default=0)),
                ("on_plan", models.BooleanField(db_default=False, default=False)),
                ("plan_broken", models.BooleanField(db_default=False, default=False)),
                ("on_hold", models.BooleanField(default=False)),
                (
                    "for_experts",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SOLICITED", "Called and visited in vain, before termination"),
                            ("VISITS", "Visits in vain"),
                            ("ACCELERATED", "The contract was accelerated"),
                            ("PERSON", "A coordinator's choice"),
                        ],
                        db_default="",
                        default="",
                        max_length=11,
                    ),
                ),
                ("for_experts_on", models.DateField(blank=True, null=True)),
                ("assigned_at", models.DateTimeField(null=True)),
                (
                    "next_action",
                    models.CharField(
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
                ("next_action_at", models.DateTimeField()),
                ("priority", models.PositiveSmallIntegerField(default=50)),
                ("last_worked_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("row_digest", models.BinaryField(null=True)),
                ("source_row_id", models.BigIntegerField(blank=True, null=True)),
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
                    "claimed_by",
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
                    "collector",
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
                    "debtor",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="debtors.debtor",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("stage", "CLOSED"), _negated=True),
                        fields=["agency", "collector", "priority", "next_action_at", "id"],
                        name="cases_case_queue",
                    ),
                    models.Index(fields=["agency", "portfolio", "stage", "oldest_due_on"], name="cases_case_roll"),
                    models.Index(fields=["agency", "debtor"], name="cases_case_debtor"),
                    models.Index(fields=["agency", "contract_no"], name="cases_case_contract"),
                    models.Index(fields=["agency", "contract_key"], name="cases_case_contract_key_idx"),
                    models.Index(fields=["agency", "team", "stage"], name="cases_case_team"),
                    models.Index(
                        condition=models.Q(("collector", None), models.Q(("stage", "CLOSED"), _negated=True)),
                        fields=["agency", "team", "priority", "next_action_at", "id"],
                        name="cases_case_pool",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("next_action__in", ["SKIP_TRACE", "FRAUD_REVIEW"]),
                            models.Q(("stage", "CLOSED"), _negated=True),
                        ),
                        fields=["agency", "next_action", "priority", "next_action_at", "id"],
                        name="cases_case_special",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("next_action", "RESTRUCTURE"), models.Q(("stage", "CLOSED"), _negated=True)
                        ),
                        fields=["agency", "priority", "next_action_at", "id"],
                        name="cases_case_restructure",
                    ),
                    models.Index(
                        condition=models.Q(("for_experts", ""), _negated=True),
                        fields=["agency", "id"],
                        name="cases_case_experts",
                    ),
                    models.Index(
                        condition=models.Q(("claimed_by__isnull", False)),
                        fields=["agency", "claimed_by"],
                        name="cases_case_claimed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_case_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_case_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="cases_case_creditor_wall", to="portfolios_creditor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="mandate", name="cases_case_mandate_wall", to="portfolios_mandate"
                    ),
                    common.walls.CompositeForeignKey(
                        field="portfolio", name="cases_case_portfolio_wall", to="portfolios_portfolio"
                    ),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="cases_case_debtor_wall", to="debtors_debtor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="account", name="cases_case_account_wall", to="ledger_account"
                    ),
                    common.walls.CompositeForeignKey(field="team", name="cases_case_team_wall", to="agencies_team"),
                    common.walls.CompositeForeignKey(
                        field="collector", name="cases_case_collector_wall", to="agencies_membership"
                    ),
                    common.walls.CompositeForeignKey(
                        field="claimed_by", name="cases_case_claimed_by_wall", to="agencies_membership"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "creditor", "contract_no"), name="cases_case_contract_key"
                    ),
                    models.UniqueConstraint(fields=("agency", "account"), name="cases_case_account_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_on__isnull", False),
                                ("stage", "CLOSED"),
                                models.Q(("close_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("stage", "CLOSED"), _negated=True), ("close_reason", ""), ("closed_on", None)
                            ),
                            _connector="OR",
                        ),
                        name="cases_case_closed_has_day_and_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("overdue__gte", 0)), name="cases_case_overdue_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_by", None), ("claimed_until", None)),
                            models.Q(("claimed_by__isnull", False), ("claimed_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_case_claim_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
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
                ("subject_id", models.BigIntegerField()),
                (
                    "side",
                    models.CharField(choices=[("COORDINATOR", "Coordinator"), ("CREDITOR", "Creditor")], max_length=11),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "Waits"),
                            ("GRANTED", "Approved"),
                            ("REFUSED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        default="WAITING",
                        max_length=9,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=240)),
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
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "WAITING")),
                        fields=["agency", "side", "due_at"],
                        name="cases_approval_waiting",
                    ),
                    models.Index(fields=["agency", "case", "id"], name="cases_approval_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_approval_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_approval_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_approval_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="cases_approval_creditor_wall", to="portfolios_creditor"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "WITHDRAWN"), _negated=True),
                        fields=("agency", "kind", "subject_id", "side"),
                        name="cases_approval_asked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["WAITING", "WITHDRAWN"]),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="cases_approval_decided_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("asked_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_approval_by_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AllocationMove",
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
                    "batch",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.allocationbatch",
                    ),
                ),
                (
                    "from_collector",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
                (
                    "from_team",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.team",
                    ),
                ),
                (
                    "to_collector",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
                (
                    "to_team",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.team",
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "case"], name="cases_allocationmove_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_allocationmove_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_allocationmove_rls"),
                    common.walls.CompositeForeignKey(
                        field="batch", name="cases_allocationmove_batch_wall", to="cases_allocationbatch"
                    ),
                    common.walls.CompositeForeignKey(
                        field="case", name="cases_allocationmove_case_wall", to="cases_case"
                    ),
                    common.walls.CompositeForeignKey(
                        field="from_team", name="cases_allocationmove_from_team_wall", to="agencies_team"
                    ),
                    common.walls.CompositeForeignKey(
                        field="to_team", name="cases_allocationmove_to_team_wall", to="agencies_team"
                    ),
                    common.walls.CompositeForeignKey(
                        field="from_collector",
                        name="cases_allocationmove_from_collector_wall",
                        to="agencies_membership",
                    ),
                    common.walls.CompositeForeignKey(
                        field="to_collector", name="cases_allocationmove_to_collector_wall", to="agencies_membership"
                    ),
                    models.UniqueConstraint(fields=("agency", "batch", "case"), name="cases_allocationmove_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtorComplaint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("TONE", "Tone of a conversation"),
                            ("FREQUENCY", "Too often, or at a wrong time"),
                            ("WRONG_PERSON", "Wrong person"),
                            ("DATA", "Data and privacy"),
                            ("AMOUNT", "Amount disputed"),
                            ("VISIT", "Conduct at a visit"),
                            ("OTHER", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("DEBTOR", "Debtor"),
                            ("FOR_DEBTOR", "Somebody for the debtor"),
                            ("THIRD_PARTY", "Somebody who does not owe"),
                            ("REGULATOR", "Regulator or authority"),
                            ("CREDITOR", "Creditor"),
                        ],
                        max_length=11,
                    ),
                ),
                ("complainant", models.CharField(blank=True, max_length=160)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("PHONE", "Phone"),
                            ("EMAIL", "E-mail"),
                            ("LETTER", "Letter"),
                            ("IN_PERSON", "In person"),
                            ("ONLINE", "Form or portal"),
                        ],
                        max_length=9,
                    ),
                ),
                ("received_on", models.DateField()),
                ("text", models.TextField(max_length=4000)),
                ("answer_due_on", models.DateField()),
                ("due_source", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "Open"), ("DECIDED", "Decided, to be answered"), ("CLOSED", "Closed")],
                        default="OPEN",
                        max_length=7,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("UPHELD", "Upheld"),
                            ("PARTLY", "Upheld in part"),
                            ("NOT_UPHELD", "Not upheld"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("measures", models.TextField(blank=True, max_length=2000)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "answer_way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PHONE", "Phone"),
                            ("EMAIL", "E-mail"),
                            ("LETTER", "Letter"),
                            ("IN_PERSON", "In person"),
                            ("ONLINE", "Form or portal"),
                        ],
                        max_length=9,
                    ),
                ),
                ("answered_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "about",
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
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "owner",
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
                    "recorded_by",
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
                "indexes": [
                    models.Index(fields=["agency", "-received_on", "-id"], name="cases_debtorcomplaint_list"),
                    models.Index(fields=["agency", "case", "-id"], name="cases_debtorcomplaint_case"),
                    models.Index(fields=["agency", "about", "-id"], name="cases_debtorcomplaint_about"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_debtorcomplaint_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_debtorcomplaint_rls"),
                    common.walls.CompositeForeignKey(
                        field="case", name="cases_debtorcomplaint_case_wall", to="cases_case"
                    ),
                    common.walls.CompositeForeignKey(
                        field="about", name="cases_debtorcomplaint_about_wall", to="agencies_membership"
                    ),
                    common.walls.CompositeForeignKey(
                        field="owner", name="cases_debtorcomplaint_owner_wall", to="agencies_membership"
                    ),
                    models.UniqueConstraint(fields=("agency", "number"), name="cases_debtorcomplaint_number_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("about", None),
                            ("owner", None),
                            models.Q(("about", models.F("owner")), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_debtorcomplaint_not_ones_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("outcome", ""), ("state", "OPEN")),
                            models.Q(
                                models.Q(("state", "OPEN"), _negated=True),
                                models.Q(("outcome", ""), _negated=True),
                                models.Q(("measures", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="cases_debtorcomplaint_decided_with_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
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
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.debtorcomplaint",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "complaint", "id"], name="cases_complaintstep_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_complaintstep_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_complaintstep_rls"),
                    common.walls.CompositeForeignKey(
                        field="complaint", name="cases_complaintstep_complaint_wall", to="cases_debtorcomplaint"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtSale",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("buyer", models.CharField(max_length=160)),
                ("buyer_details", models.CharField(blank=True, max_length=240)),
                ("sold_on", models.DateField()),
                ("price", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("balance", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "Waits for the creditor"),
                            ("APPROVED", "Confirmed, cases closed"),
                            ("REFUSED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        default="WAITING",
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=240)),
                ("recorded_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
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
                    "mandate",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.mandate",
                    ),
                ),
                (
                    "recorded_by",
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
                "indexes": [models.Index(fields=["agency", "-id"], name="cases_debtsale_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_debtsale_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_debtsale_rls"),
                    common.walls.CompositeForeignKey(
                        field="mandate", name="cases_debtsale_mandate_wall", to="portfolios_mandate"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("buyer", ""), _negated=True), name="cases_debtsale_has_a_buyer"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price", None), ("price__gte", 0), _connector="OR"),
                        name="cases_debtsale_price",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("ARGUMENT", "Ladder of arguments"), ("SUSPICION", "Codes of suspicion")], max_length=9
                    ),
                ),
                ("code", models.CharField(max_length=24)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("label", models.CharField(blank=True, max_length=80)),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("is_active", models.BooleanField(default=True)),
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
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_deskword_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_deskword_rls"),
                    models.UniqueConstraint(fields=("agency", "kind", "code"), name="cases_deskword_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DispositionCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=24)),
                ("label", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=1)),
                ("colour", models.CharField(default="neutral", max_length=10)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("CONVERSATION", "Spoke with the debtor"),
                            ("THIRD_PARTY", "Spoke with someone else"),
                            ("NO_ANSWER", "No answer"),
                            ("WRONG_NUMBER", "Wrong number"),
                            ("NO_CONTACT", "Worked without contact"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("NONE", "Nothing more"),
                            ("PROMISE", "Record a promise"),
                            ("CLAIMS_PAID", "Pause: says paid"),
                            ("DISPUTE", "Hold: disputed"),
                            ("FRAUD", "Hold: suspected fraud"),
                            ("DECEASED", "Hold: deceased"),
                            ("CEASE", "Hold: no further contact"),
                            ("HARDSHIP", "Hold: hardship"),
                            ("REPRESENTED", "Hold: represented"),
                            ("SKIP_TRACE", "Send to skip tracing"),
                            ("INVALIDATE", "Mark the number invalid"),
                        ],
                        default="NONE",
                        max_length=12,
                    ),
                ),
                ("recall_days", models.PositiveSmallIntegerField(default=1)),
                ("asks_reason", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("order", models.PositiveSmallIntegerField(default=10)),
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
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_dispositioncode_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_dispositioncode_rls"),
                    models.UniqueConstraint(fields=("agency", "code"), name="cases_dispositioncode_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disposition",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("channel", models.CharField(default="CALL", max_length=8)),
                (
                    "direction",
                    models.CharField(choices=[("OUT", "Outbound"), ("IN", "Inbound")], default="OUT", max_length=3),
                ),
                (
                    "spoke_with",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("HOLDER", "Contract holder"),
                            ("CODEBTOR", "Co-debtor"),
                            ("GUARANTOR", "Guarantor"),
                            ("MORTGAGE_GUARANTOR", "Mortgage guarantor"),
                            ("EMPLOYER", "Employer"),
                            ("SUCCESSOR", "Successor"),
                            ("LAWYER", "Debtor's lawyer"),
                            ("PROXY", "Person authorised in writing"),
                            ("TRUSTEE", "Insolvency trustee"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("FORGOT", "Forgot"),
                            ("INCOME_LOST", "Lost income"),
                            ("ILLNESS", "Illness"),
                            ("OTHER_DEBTS", "Other debts"),
                            ("DISSATISFIED", "Dissatisfied with the creditor"),
                            ("ABROAD", "Abroad"),
                            ("DENIES", "Denies the debt"),
                            ("THIRD_PARTY_USE", "Took it for someone else"),
                            ("UNWILLING", "Does not want to pay"),
                            ("UNKNOWN", "Not said"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("argument", models.CharField(blank=True, db_default="", default="", max_length=24)),
                ("at", models.DateTimeField()),
                ("details", models.JSONField(blank=True, default=dict)),
                ("effects", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
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
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "contact_point",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="debtors.contactpoint",
                    ),
                ),
                (
                    "code",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.dispositioncode",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["agency", "case", "-id"], name="cases_disposition_case"),
                    models.Index(fields=["agency", "at"], name="cases_disposition_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_disposition_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_disposition_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_disposition_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="code", name="cases_disposition_code_wall", to="cases_dispositioncode"
                    ),
                    common.walls.CompositeForeignKey(
                        field="contact_point", name="cases_disposition_contact_point_wall", to="debtors_contactpoint"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("PAYMENT_PROOF", "Proof of payment"),
                            ("AUTHORISATION", "Written authorisation of a third party"),
                            ("DEATH_CERTIFICATE", "Death certificate"),
                            ("CONTRACT", "Contract and proof of the claim"),
                            ("POWER_OF_ATTORNEY", "Power of attorney"),
                            ("ASSIGNMENT_NOTICE", "Notice of assignment"),
                            ("AGREEMENT", "Agreement"),
                            ("DEED", "Notarial deed"),
                            ("SETTLEMENT", "Settlement"),
                            ("VISIT_SHEET", "Visit sheet"),
                            ("VISIT_PROTOCOL", "Visit protocol"),
                            ("PHOTO", "Photo"),
                            ("SIGNATURE", "Signature"),
                            ("OBJECT_PROTOCOL", "Protocol on the financed object"),
                            ("FINAL_REPORT", "Final report"),
                            ("STATEMENT", "Statement of account"),
                            ("DOSSIER", "Dossier"),
                            ("COURT", "Court document"),
                            ("COMPLAINT", "Criminal complaint"),
                            ("OTHER", "Other document"),
                        ],
                        max_length=18,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("filename", models.CharField(max_length=120)),
                ("mime", models.CharField(max_length=80)),
                ("path", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("language", models.CharField(blank=True, max_length=5)),
                ("subject_id", models.BigIntegerField(blank=True, null=True)),
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
                "indexes": [models.Index(fields=["agency", "case", "kind", "id"], name="cases_document_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_document_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_document_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_document_case_wall", to="cases_case"),
                ],
            },
        ),
        migrations.AddField(
            model_name="debtorcomplaint",
            name="answer",
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
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("DISPUTE", "Debt disputed"),
                            ("FRAUD", "Suspected fraud"),
                            ("CLAIMS_PAID", "Debtor says it is paid"),
                            ("HARDSHIP", "Hardship"),
                            ("INSOLVENCY", "Insolvency"),
                            ("DECEASED", "Deceased"),
                            ("REPRESENTED", "Represented"),
                            ("CEASE_REQUEST", "Asked for contact to cease"),
                            ("CREDITOR", "Creditor's wish"),
                        ],
                        max_length=14,
                    ),
                ),
                ("detail_code", models.CharField(blank=True, max_length=30)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
                ("lifted_at", models.DateTimeField(null=True)),
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
                    "lifted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
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
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_hold_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_hold_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_hold_case_wall", to="cases_case"),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("agency", "case", "reason"),
                        name="cases_hold_open_key",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="debtorcomplaint",
            name="hold",
            field=agencies.owned.AgencyForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.hold",
            ),
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.TextField(max_length=4000)),
                ("pinned", models.BooleanField(default=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
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
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "case", "-id"], name="cases_note_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_note_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_note_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_note_case_wall", to="cases_case"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("HOLDER", "Contract holder"),
                            ("CODEBTOR", "Co-debtor"),
                            ("GUARANTOR", "Guarantor"),
                            ("MORTGAGE_GUARANTOR", "Mortgage guarantor"),
                            ("EMPLOYER", "Employer"),
                            ("SUCCESSOR", "Successor"),
                            ("LAWYER", "Debtor's lawyer"),
                            ("PROXY", "Person authorised in writing"),
                            ("TRUSTEE", "Insolvency trustee"),
                        ],
                        max_length=20,
                    ),
                ),
                ("authorised_by_document", models.CharField(blank=True, max_length=160)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
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
                    "person",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="debtors.debtor",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "parties",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "person"], name="cases_party_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_party_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_party_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_party_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="person", name="cases_party_person_wall", to="debtors_debtor"
                    ),
                    models.UniqueConstraint(fields=("agency", "case", "person", "role"), name="cases_party_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "PROXY"), _negated=True),
                            models.Q(("authorised_by_document", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_party_proxy_has_document",
                    ),
                ],
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
                (
                    "after_payment",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.payment",
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
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "document",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.document",
                    ),
                ),
                (
                    "drafted_by",
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
                    models.Index(fields=["agency", "case", "id"], name="cases_plan_case"),
                    models.Index(
                        condition=models.Q(("state__in", ["ADVANCE_DUE", "ACTIVE"])),
                        fields=["agency", "breaks_after"],
                        name="cases_plan_breaks",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_plan_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_plan_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_plan_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="after_payment", name="cases_plan_after_payment_wall", to="ledger_payment"
                    ),
                    common.walls.CompositeForeignKey(
                        field="document", name="cases_plan_document_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["ADVANCE_DUE", "DRAFTING", "AWAITING_APPROVAL", "APPROVED", "ACTIVE"])
                        ),
                        fields=("agency", "case"),
                        name="cases_plan_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("advance__gt", 0)), name="cases_plan_advance_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["APPROVED", "ACTIVE", "COMPLETED"]), _negated=True),
                            ("amount__gt", 0),
                            _connector="OR",
                        ),
                        name="cases_plan_has_schedule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ACTIVE"), _negated=True), ("signed_on__isnull", False), _connector="OR"
                        ),
                        name="cases_plan_active_is_signed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
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
                    "plan",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_instalment_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_instalment_rls"),
                    common.walls.CompositeForeignKey(field="plan", name="cases_instalment_plan_wall", to="cases_plan"),
                    models.UniqueConstraint(fields=("agency", "plan", "number"), name="cases_instalment_key"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="cases_instalment_amount_is_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("DRAFT", "Drafted"), ("CONCLUDED", "Concluded"), ("DROPPED", "Dropped")],
                        default="DRAFT",
                        max_length=9,
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("language", models.CharField(max_length=5)),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("notary", models.CharField(blank=True, max_length=160)),
                ("deed_no", models.CharField(blank=True, max_length=60)),
                ("concluded_on", models.DateField(blank=True, null=True)),
                ("drafted_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=240)),
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
                    "concluded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.document",
                    ),
                ),
                (
                    "reading",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.document",
                    ),
                ),
                (
                    "scan",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.document",
                    ),
                ),
                (
                    "plan",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "case", "id"], name="cases_deed_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_deed_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_deed_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_deed_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(field="plan", name="cases_deed_plan_wall", to="cases_plan"),
                    common.walls.CompositeForeignKey(field="draft", name="cases_deed_draft_wall", to="cases_document"),
                    common.walls.CompositeForeignKey(
                        field="reading", name="cases_deed_reading_wall", to="cases_document"
                    ),
                    common.walls.CompositeForeignKey(field="scan", name="cases_deed_scan_wall", to="cases_document"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "DROPPED"), _negated=True),
                        fields=("agency", "plan"),
                        name="cases_deed_one_for_a_plan",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="cases_deed_amount_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "CONCLUDED"), _negated=True),
                            models.Q(
                                models.Q(("deed_no", ""), _negated=True),
                                models.Q(("notary", ""), _negated=True),
                                ("concluded_on__isnull", False),
                                ("scan__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="cases_deed_concluded_is_proven",
                    ),
                ],
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
                    "made_by",
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
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_planformat_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_planformat_rls"),
                    common.walls.CompositeForeignKey(
                        field="mandate", name="cases_planformat_mandate_wall", to="portfolios_mandate"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["AWAITING_APPROVAL", "APPROVED"])),
                        fields=("agency", "mandate", "name"),
                        name="cases_planformat_name_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("max_months__gte", 1), ("max_months__lte", 12)),
                        name="cases_planformat_at_most_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum_percent__gte", 100)),
                        name="cases_planformat_not_below_the_original",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fee_percent__gte", 0), ("interest_percent__gte", 0)),
                        name="cases_planformat_rates_not_negative",
                    ),
                ],
            },
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
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                ("made_on", models.DateField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("AWAITING_APPROVAL", "Waits for approval"),
                            ("ACTIVE", "Active"),
                            ("KEPT", "Kept"),
                            ("BROKEN", "Broken"),
                            ("REFUSED", "Refused"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        max_length=18,
                    ),
                ),
                ("covered", models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.CharField(blank=True, max_length=240)),
                ("judged_on", models.DateField(null=True)),
                (
                    "after_payment",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.payment",
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
                "indexes": [
                    models.Index(fields=["agency", "state", "due_on"], name="cases_promise_due"),
                    models.Index(fields=["agency", "case", "id"], name="cases_promise_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_promise_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_promise_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_promise_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="after_payment", name="cases_promise_after_payment_wall", to="ledger_payment"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="cases_promise_amount_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("made_on"))), name="cases_promise_due_not_past"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["ACTIVE", "AWAITING_APPROVAL"])),
                        fields=("agency", "case"),
                        name="cases_promise_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreedWay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("BRANCH", "At a branch or cash desk"),
                            ("CARD", "By card"),
                            ("ONLINE", "Internet or phone banking"),
                            ("DIRECT_DEBIT", "Direct debit"),
                            ("STANDING_ORDER", "Standing order"),
                        ],
                        max_length=14,
                    ),
                ),
                ("bank", models.CharField(blank=True, max_length=80)),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("signed_on", models.DateField(null=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("day_of_month", models.PositiveSmallIntegerField(null=True)),
                ("agreed_at", models.DateTimeField()),
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
                    "agreed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "plan",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.plan",
                    ),
                ),
                (
                    "promise",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.promise",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "case", "-id"], name="cases_agreedway_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_agreedway_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_agreedway_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_agreedway_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="promise", name="cases_agreedway_promise_wall", to="cases_promise"
                    ),
                    common.walls.CompositeForeignKey(field="plan", name="cases_agreedway_plan_wall", to="cases_plan"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day_of_month", None),
                            models.Q(("day_of_month__gte", 1), ("day_of_month__lte", 31)),
                            _connector="OR",
                        ),
                        name="cases_agreedway_day_of_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", None), ("amount__gt", 0), _connector="OR"),
                        name="cases_agreedway_amount",
                    ),
                ],
            },
        ),
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
                "indexes": [models.Index(fields=["agency", "creditor", "-id"], name="cases_remittance_creditor")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_remittance_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_remittance_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="cases_remittance_creditor_wall", to="portfolios_creditor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="mandate", name="cases_remittance_mandate_wall", to="portfolios_mandate"
                    ),
                    models.UniqueConstraint(fields=("agency", "number"), name="cases_remittance_number_key"),
                    models.CheckConstraint(
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
                ],
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
                "indexes": [models.Index(fields=["agency", "remittance", "id"], name="cases_remittanceline_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_remittanceline_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_remittanceline_rls"),
                    common.walls.CompositeForeignKey(
                        field="remittance", name="cases_remittanceline_remittance_wall", to="cases_remittance"
                    ),
                    common.walls.CompositeForeignKey(
                        field="payment", name="cases_remittanceline_payment_wall", to="ledger_payment"
                    ),
                    common.walls.CompositeForeignKey(
                        field="case", name="cases_remittanceline_case_wall", to="cases_case"
                    ),
                    models.UniqueConstraint(fields=("agency", "payment", "kind"), name="cases_remittanceline_once"),
                ],
            },
        ),
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
        migrations.CreateModel(
            name="Roll",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("on", models.DateField()),
                ("rolled_at", models.DateTimeField()),
                ("moved", models.PositiveIntegerField(default=0)),
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
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_roll_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_roll_rls"),
                    models.UniqueConstraint(fields=("agency", "on"), name="cases_roll_day_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreCard",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("version", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
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
                    "made_by",
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
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_scorecard_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_scorecard_rls"),
                    models.UniqueConstraint(fields=("agency", "version"), name="cases_scorecard_version_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)), fields=("agency",), name="cases_scorecard_one_in_use"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QualitySample",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("per_person", models.PositiveSmallIntegerField()),
                ("third_parties", models.BooleanField()),
                ("seed", models.BigIntegerField()),
                ("population", models.JSONField(default=dict)),
                ("drawn", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField()),
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
                    "drawn_by",
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
                (
                    "card",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.scorecard",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_qualitysample_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_qualitysample_rls"),
                    common.walls.CompositeForeignKey(
                        field="card", name="cases_qualitysample_card_wall", to="cases_scorecard"
                    ),
                    common.walls.CompositeForeignKey(
                        field="team", name="cases_qualitysample_team_wall", to="agencies_team"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="cases_qualitysample_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("per_person__range", (1, 50))), name="cases_qualitysample_per_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConversationReview",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("held_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("WAITING", "To be judged"), ("CLOSED", "Judged")], default="WAITING", max_length=7
                    ),
                ),
                ("recording", models.CharField(blank=True, max_length=200)),
                ("comment", models.TextField(blank=True, max_length=2000)),
                ("score", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("failed", models.BooleanField(default=False)),
                ("judged_at", models.DateTimeField(null=True)),
                ("reply", models.TextField(blank=True, max_length=1000)),
                ("replied_at", models.DateTimeField(null=True)),
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
                    "collector",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.membership",
                    ),
                ),
                (
                    "judge",
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
                (
                    "disposition",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.disposition",
                    ),
                ),
                (
                    "sample",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.qualitysample",
                    ),
                ),
                (
                    "card",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.scorecard",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["agency", "sample", "id"], name="cases_review_sample"),
                    models.Index(fields=["agency", "collector", "-held_at"], name="cases_review_collector"),
                    models.Index(fields=["agency", "state", "-held_at", "-id"], name="cases_review_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_conversationreview_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_conversationreview_rls"),
                    common.walls.CompositeForeignKey(
                        field="sample", name="cases_conversationreview_sample_wall", to="cases_qualitysample"
                    ),
                    common.walls.CompositeForeignKey(
                        field="card", name="cases_conversationreview_card_wall", to="cases_scorecard"
                    ),
                    common.walls.CompositeForeignKey(
                        field="disposition", name="cases_conversationreview_disposition_wall", to="cases_disposition"
                    ),
                    common.walls.CompositeForeignKey(
                        field="case", name="cases_conversationreview_case_wall", to="cases_case"
                    ),
                    common.walls.CompositeForeignKey(
                        field="collector", name="cases_conversationreview_collector_wall", to="agencies_membership"
                    ),
                    common.walls.CompositeForeignKey(
                        field="team", name="cases_conversationreview_team_wall", to="agencies_team"
                    ),
                    common.walls.CompositeForeignKey(
                        field="judge", name="cases_conversationreview_judge_wall", to="agencies_membership"
                    ),
                    models.UniqueConstraint(fields=("agency", "disposition"), name="cases_conversationreview_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judge", None), models.Q(("judge", models.F("collector")), _negated=True), _connector="OR"
                        ),
                        name="cases_conversationreview_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "CLOSED"), _negated=True),
                            models.Q(
                                ("judge__isnull", False), ("judged_at__isnull", False), ("score__range", (0, 100))
                            ),
                            _connector="OR",
                        ),
                        name="cases_conversationreview_closed_with_score",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replied_at", None), ("reply", "")),
                            models.Q(
                                ("replied_at__isnull", False),
                                ("state", "CLOSED"),
                                models.Q(("reply", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_conversationreview_reply",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(blank=True, max_length=16)),
                ("label", models.CharField(blank=True, max_length=160)),
                ("weight", models.PositiveSmallIntegerField()),
                ("fatal", models.BooleanField(default=False)),
                ("order", models.PositiveSmallIntegerField()),
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
                    "card",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.scorecard",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_scoreitem_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_scoreitem_rls"),
                    common.walls.CompositeForeignKey(
                        field="card", name="cases_scoreitem_card_wall", to="cases_scorecard"
                    ),
                    models.UniqueConstraint(fields=("agency", "card", "order"), name="cases_scoreitem_order_key"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__range", (1, 9))), name="cases_scoreitem_weight"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), ("label", ""), _negated=True), name="cases_scoreitem_named"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemMark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("points", models.PositiveSmallIntegerField(null=True)),
                ("comment", models.CharField(blank=True, max_length=400)),
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
                    "review",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.conversationreview",
                    ),
                ),
                (
                    "item",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.scoreitem",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "item", "points"], name="cases_itemmark_item")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_itemmark_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_itemmark_rls"),
                    common.walls.CompositeForeignKey(
                        field="review", name="cases_itemmark_review_wall", to="cases_conversationreview"
                    ),
                    common.walls.CompositeForeignKey(
                        field="item", name="cases_itemmark_item_wall", to="cases_scoreitem"
                    ),
                    models.UniqueConstraint(fields=("agency", "review", "item"), name="cases_itemmark_key"),
                    models.CheckConstraint(
                        condition=models.Q(("points", None), ("points__lte", 2), _connector="OR"),
                        name="cases_itemmark_points",
                    ),
                ],
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
                (
                    "after_payment",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.payment",
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
                    "document",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.document",
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
                "indexes": [
                    models.Index(fields=["agency", "case", "id"], name="cases_settlement_case"),
                    models.Index(
                        condition=models.Q(("state__in", ["AWAITING_APPROVAL", "OFFERED"])),
                        fields=["agency", "pay_by"],
                        name="cases_settlement_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_settlement_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_settlement_rls"),
                    common.walls.CompositeForeignKey(field="case", name="cases_settlement_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="after_payment", name="cases_settlement_after_payment_wall", to="ledger_payment"
                    ),
                    common.walls.CompositeForeignKey(
                        field="document", name="cases_settlement_document_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["AWAITING_APPROVAL", "OFFERED"])),
                        fields=("agency", "case"),
                        name="cases_settlement_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("amount__lt", models.F("balance"))),
                        name="cases_settlement_is_a_discount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SoldCase",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("balance", models.DecimalField(decimal_places=2, max_digits=14)),
                ("is_open", models.BooleanField(default=True)),
                ("closed", models.BooleanField(default=False)),
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
                    "notice",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.document",
                    ),
                ),
                (
                    "sale",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.debtsale",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="cases_soldcase_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="cases_soldcase_rls"),
                    common.walls.CompositeForeignKey(
                        field="sale", name="cases_soldcase_sale_wall", to="cases_debtsale"
                    ),
                    common.walls.CompositeForeignKey(field="case", name="cases_soldcase_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="notice", name="cases_soldcase_notice_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(fields=("agency", "sale", "case"), name="cases_soldcase_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_open", True)), fields=("agency", "case"), name="cases_soldcase_one_open"
                    ),
                ],
            },
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
        migrations.AddIndex(
            model_name="debtorcomplaint",
            index=models.Index(
                condition=models.Q(("state", "CLOSED"), _negated=True),
                fields=["agency", "answer_due_on", "id"],
                name="cases_debtorcomplaint_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=common.walls.CompositeForeignKey(
                field="hold", name="cases_debtorcomplaint_hold_wall", to="cases_hold"
            ),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=common.walls.CompositeForeignKey(
                field="answer", name="cases_debtorcomplaint_answer_wall", to="cases_document"
            ),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_due_on__gte", models.F("received_on"))),
                name="cases_debtorcomplaint_due_after_receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "CLOSED"), _negated=True),
                    models.Q(("closed_at__isnull", False), ("outcome", "WITHDRAWN")),
                    models.Q(("answer__isnull", False), ("answered_on__isnull", False), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="cases_debtorcomplaint_closed_with_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=common.walls.CompositeForeignKey(
                field="format", name="cases_plan_format_wall", to="cases_planformat"
            ),
        ),
    ]
