import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial"),
        ("debtors", "0001_initial"),
        ("ledger", "0001_initial"),
        ("portfolios", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("contract_no", models.CharField(db_collation="C", max_length=80)),
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
                ("on_hold", models.BooleanField(default=False)),
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
            },
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
            },
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
            },
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
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.CharField(blank=True, max_length=240)),
                ("judged_on", models.DateField(null=True)),
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
            },
        ),
        migrations.AddConstraint(
            model_name="allocationbatch",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_allocationbatch_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="allocationbatch",
            constraint=common.walls.AgencyRowSecurity(name="cases_allocationbatch_rls"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("stage", "CLOSED"), _negated=True),
                fields=["agency", "collector", "priority", "next_action_at", "id"],
                name="cases_case_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["agency", "portfolio", "stage", "oldest_due_on"], name="cases_case_roll"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["agency", "debtor"], name="cases_case_debtor"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["agency", "contract_no"], name="cases_case_contract"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["agency", "team", "stage"], name="cases_case_team"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("collector", None), models.Q(("stage", "CLOSED"), _negated=True)),
                fields=["agency", "team", "priority", "next_action_at", "id"],
                name="cases_case_pool",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("next_action__in", ["SKIP_TRACE", "FRAUD_REVIEW"]), models.Q(("stage", "CLOSED"), _negated=True)
                ),
                fields=["agency", "next_action", "priority", "next_action_at", "id"],
                name="cases_case_special",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("claimed_by__isnull", False)),
                fields=["agency", "claimed_by"],
                name="cases_case_claimed",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_case_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=common.walls.AgencyRowSecurity(name="cases_case_rls"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=common.walls.CompositeForeignKey(
                field="creditor", name="cases_case_creditor_wall", to="portfolios_creditor"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=common.walls.CompositeForeignKey(
                field="mandate", name="cases_case_mandate_wall", to="portfolios_mandate"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=common.walls.CompositeForeignKey(
                field="portfolio", name="cases_case_portfolio_wall", to="portfolios_portfolio"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=common.walls.CompositeForeignKey(
                field="debtor", name="cases_case_debtor_wall", to="debtors_debtor"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=common.walls.CompositeForeignKey(
                field="account", name="cases_case_account_wall", to="ledger_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=common.walls.CompositeForeignKey(field="team", name="cases_case_team_wall", to="agencies_team"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=common.walls.CompositeForeignKey(
                field="collector", name="cases_case_collector_wall", to="agencies_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=common.walls.CompositeForeignKey(
                field="claimed_by", name="cases_case_claimed_by_wall", to="agencies_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=("agency", "creditor", "contract_no"), name="cases_case_contract_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("agency", "account"), name="cases_case_account_key"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_on__isnull", False), ("stage", "CLOSED"), models.Q(("close_reason", ""), _negated=True)
                    ),
                    models.Q(models.Q(("stage", "CLOSED"), _negated=True), ("close_reason", ""), ("closed_on", None)),
                    _connector="OR",
                ),
                name="cases_case_closed_has_day_and_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("overdue__gte", 0)), name="cases_case_overdue_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claimed_by", None), ("claimed_until", None)),
                    models.Q(("claimed_by__isnull", False), ("claimed_until__isnull", False)),
                    _connector="OR",
                ),
                name="cases_case_claim_pair",
            ),
        ),
        migrations.AddIndex(
            model_name="allocationmove",
            index=models.Index(fields=["agency", "case"], name="cases_allocationmove_case"),
        ),
        migrations.AddConstraint(
            model_name="allocationmove",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_allocationmove_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="allocationmove",
            constraint=common.walls.AgencyRowSecurity(name="cases_allocationmove_rls"),
        ),
        migrations.AddConstraint(
            model_name="allocationmove",
            constraint=common.walls.CompositeForeignKey(
                field="batch", name="cases_allocationmove_batch_wall", to="cases_allocationbatch"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationmove",
            constraint=common.walls.CompositeForeignKey(
                field="case", name="cases_allocationmove_case_wall", to="cases_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationmove",
            constraint=common.walls.CompositeForeignKey(
                field="from_team", name="cases_allocationmove_from_team_wall", to="agencies_team"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationmove",
            constraint=common.walls.CompositeForeignKey(
                field="to_team", name="cases_allocationmove_to_team_wall", to="agencies_team"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationmove",
            constraint=common.walls.CompositeForeignKey(
                field="from_collector", name="cases_allocationmove_from_collector_wall", to="agencies_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationmove",
            constraint=common.walls.CompositeForeignKey(
                field="to_collector", name="cases_allocationmove_to_collector_wall", to="agencies_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationmove",
            constraint=models.UniqueConstraint(fields=("agency", "batch", "case"), name="cases_allocationmove_key"),
        ),
        migrations.AddConstraint(
            model_name="dispositioncode",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_dispositioncode_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="dispositioncode",
            constraint=common.walls.AgencyRowSecurity(name="cases_dispositioncode_rls"),
        ),
        migrations.AddConstraint(
            model_name="dispositioncode",
            constraint=models.UniqueConstraint(fields=("agency", "code"), name="cases_dispositioncode_key"),
        ),
        migrations.AddIndex(
            model_name="disposition",
            index=models.Index(fields=["agency", "case", "-id"], name="cases_disposition_case"),
        ),
        migrations.AddIndex(
            model_name="disposition",
            index=models.Index(fields=["agency", "at"], name="cases_disposition_at"),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_disposition_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=common.walls.AgencyRowSecurity(name="cases_disposition_rls"),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=common.walls.CompositeForeignKey(
                field="case", name="cases_disposition_case_wall", to="cases_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=common.walls.CompositeForeignKey(
                field="code", name="cases_disposition_code_wall", to="cases_dispositioncode"
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=common.walls.CompositeForeignKey(
                field="contact_point", name="cases_disposition_contact_point_wall", to="debtors_contactpoint"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_hold_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=common.walls.AgencyRowSecurity(name="cases_hold_rls"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=common.walls.CompositeForeignKey(field="case", name="cases_hold_case_wall", to="cases_case"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("agency", "case", "reason"), name="cases_hold_open_key"
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["agency", "case", "-id"], name="cases_note_case"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_note_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=common.walls.AgencyRowSecurity(name="cases_note_rls"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=common.walls.CompositeForeignKey(field="case", name="cases_note_case_wall", to="cases_case"),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["agency", "person"], name="cases_party_person"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_party_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=common.walls.AgencyRowSecurity(name="cases_party_rls"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=common.walls.CompositeForeignKey(field="case", name="cases_party_case_wall", to="cases_case"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=common.walls.CompositeForeignKey(
                field="person", name="cases_party_person_wall", to="debtors_debtor"
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(fields=("agency", "case", "person", "role"), name="cases_party_key"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "PROXY"), _negated=True),
                    models.Q(("authorised_by_document", ""), _negated=True),
                    _connector="OR",
                ),
                name="cases_party_proxy_has_document",
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["agency", "state", "due_on"], name="cases_promise_due"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["agency", "case", "id"], name="cases_promise_case"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_promise_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=common.walls.AgencyRowSecurity(name="cases_promise_rls"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=common.walls.CompositeForeignKey(field="case", name="cases_promise_case_wall", to="cases_case"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="cases_promise_amount_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("made_on"))), name="cases_promise_due_not_past"
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["ACTIVE", "AWAITING_APPROVAL"])),
                fields=("agency", "case"),
                name="cases_promise_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="roll",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_roll_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="roll",
            constraint=common.walls.AgencyRowSecurity(name="cases_roll_rls"),
        ),
        migrations.AddConstraint(
            model_name="roll",
            constraint=models.UniqueConstraint(fields=("agency", "on"), name="cases_roll_day_key"),
        ),
    ]
