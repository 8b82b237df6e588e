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
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("OBJECT_NOT_FOUND", "The financed object cannot be found"),
                            ("HANDOVER_REFUSED", "The debtor refuses to hand the object over"),
                            ("OTHER", "Another reason"),
                        ],
                        max_length=16,
                    ),
                ),
                ("place", models.CharField(max_length=160)),
                ("wording", models.TextField()),
                ("requirements", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("REQUESTED", "Waits for approval"),
                            ("APPROVED", "Approved"),
                            ("FILED", "Filed"),
                            ("REFUSED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        default="REQUESTED",
                        max_length=9,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("filed_on", models.DateField(null=True)),
                ("police_no", models.CharField(blank=True, max_length=60)),
                ("refused_note", models.CharField(blank=True, max_length=240)),
                ("withdrawn_note", models.CharField(blank=True, db_default="", max_length=240)),
                ("payment_note", models.CharField(blank=True, db_default="", max_length=240)),
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
                    "requested_by",
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
                "indexes": [models.Index(fields=["agency", "case", "-id"], name="legal_complaint_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_complaint_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_complaint_rls"),
                    common.walls.CompositeForeignKey(field="case", name="legal_complaint_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="document", name="legal_complaint_document_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["REQUESTED", "APPROVED"])),
                        fields=("agency", "case"),
                        name="legal_complaint_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("filed_on__isnull", False), ("state", "FILED")),
                            models.Q(models.Q(("state", "FILED"), _negated=True), ("filed_on", None)),
                            _connector="OR",
                        ),
                        name="legal_complaint_filed_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handoff",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PREPARED", "Prepared"),
                            ("SENT", "Sent to the firm"),
                            ("ACCEPTED", "Accepted"),
                            ("QUESTION", "The firm asks"),
                            ("IN_COURT", "In court"),
                            ("RECALLED", "Recalled"),
                            ("DONE", "Done"),
                        ],
                        default="PREPARED",
                        max_length=8,
                    ),
                ),
                (
                    "resumes",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PREPARED", "Prepared"),
                            ("SENT", "Sent to the firm"),
                            ("ACCEPTED", "Accepted"),
                            ("QUESTION", "The firm asks"),
                            ("IN_COURT", "In court"),
                            ("RECALLED", "Recalled"),
                            ("DONE", "Done"),
                        ],
                        max_length=8,
                    ),
                ),
                ("prepared_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_note", models.CharField(blank=True, max_length=240)),
                ("cleared_at", models.DateTimeField()),
                ("cleared_note", models.CharField(blank=True, max_length=240)),
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
                    "dossier",
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
                    "prepared_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "summary",
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "case", "-id"], name="legal_handoff_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_handoff_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_handoff_rls"),
                    common.walls.CompositeForeignKey(field="case", name="legal_handoff_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="dossier", name="legal_handoff_dossier_wall", to="cases_document"
                    ),
                    common.walls.CompositeForeignKey(
                        field="summary", name="legal_handoff_summary_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["RECALLED", "DONE"]), _negated=True),
                        fields=("agency", "case"),
                        name="legal_handoff_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "PREPARED"), ("sent_at__isnull", False), ("state", "RECALLED"), _connector="OR"
                        ),
                        name="legal_handoff_sent_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state__in", ["RECALLED", "DONE"])),
                            models.Q(models.Q(("state__in", ["RECALLED", "DONE"]), _negated=True), ("ended_at", None)),
                            _connector="OR",
                        ),
                        name="legal_handoff_ends_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoffCost",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("COURT_FEE", "Court fee"),
                            ("LAWYER", "Lawyer's fee"),
                            ("BAILIFF", "Bailiff's fee"),
                            ("NOTARY", "Notary's fee"),
                            ("EXPERT", "Expert's fee"),
                            ("OTHER", "Other costs"),
                        ],
                        max_length=9,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                ("incurred_on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=140)),
                ("reported_at", models.DateTimeField()),
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
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
                (
                    "handoff",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.handoff",
                    ),
                ),
                (
                    "reported_by",
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
                "indexes": [models.Index(fields=["agency", "handoff", "id"], name="legal_handoffcost_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_handoffcost_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_handoffcost_rls"),
                    common.walls.CompositeForeignKey(
                        field="handoff", name="legal_handoffcost_handoff_wall", to="legal_handoff"
                    ),
                    common.walls.CompositeForeignKey(
                        field="entry", name="legal_handoffcost_entry_wall", to="ledger_entry"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="legal_handoffcost_amount_is_positive"
                    ),
                    models.UniqueConstraint(fields=("agency", "entry"), name="legal_handoffcost_entry_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostTakenBack",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=240)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
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
                (
                    "cost",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.handoffcost",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "costs taken back",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_costtakenback_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_costtakenback_rls"),
                    common.walls.CompositeForeignKey(
                        field="cost", name="legal_costtakenback_cost_wall", to="legal_handoffcost"
                    ),
                    common.walls.CompositeForeignKey(
                        field="entry", name="legal_costtakenback_entry_wall", to="ledger_entry"
                    ),
                    models.UniqueConstraint(fields=("agency", "cost"), name="legal_costtakenback_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoffDocument",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("from_firm", models.BooleanField()),
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
                    "document",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.document",
                    ),
                ),
                (
                    "handoff",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.handoff",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_handoffdocument_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_handoffdocument_rls"),
                    common.walls.CompositeForeignKey(
                        field="handoff", name="legal_handoffdocument_handoff_wall", to="legal_handoff"
                    ),
                    common.walls.CompositeForeignKey(
                        field="document", name="legal_handoffdocument_document_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(fields=("agency", "handoff", "document"), name="legal_handoffdocument_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoffWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("from_firm", models.BooleanField()),
                ("text", models.TextField()),
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
                    "handoff",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.handoff",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "handoff", "id"], name="legal_handoffword_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_handoffword_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_handoffword_rls"),
                    common.walls.CompositeForeignKey(
                        field="handoff", name="legal_handoffword_handoff_wall", to="legal_handoff"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LawFirm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=160)),
                ("country", models.CharField(max_length=2)),
                ("contact_name", models.CharField(blank=True, max_length=120)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("contact_phone", models.CharField(blank=True, max_length=20)),
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
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_lawfirm_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_lawfirm_rls"),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="legal_lawfirm_creditor_wall", to="portfolios_creditor"
                    ),
                    models.UniqueConstraint(fields=("agency", "name"), name="legal_lawfirm_name_key"),
                ],
            },
        ),
        migrations.AddField(
            model_name="handoff",
            name="firm",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="legal.lawfirm",
            ),
        ),
        migrations.CreateModel(
            name="LawFirmMember",
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
                    "firm",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.lawfirm",
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
                "indexes": [models.Index(fields=["agency", "firm"], name="legal_lawfirmmember_firm")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_lawfirmmember_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_lawfirmmember_rls"),
                    common.walls.CompositeForeignKey(
                        field="membership", name="legal_lawfirmmember_membership_wall", to="agencies_membership"
                    ),
                    common.walls.CompositeForeignKey(
                        field="firm", name="legal_lawfirmmember_firm_wall", to="legal_lawfirm"
                    ),
                    models.UniqueConstraint(fields=("agency", "membership"), name="legal_lawfirmmember_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LawsuitDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("WAITING", "Waits for approval"),
                            ("APPROVED", "Approved"),
                            ("REFUSED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        default="DRAFT",
                        max_length=9,
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("NO_CONTACT", "No contact could be achieved"),
                                ("REFUSES_TO_PAY", "Does not agree to repay"),
                                ("REFUSES_TO_SIGN", "Does not agree to sign an agreement"),
                                ("USELESS", "Further contact looks useless"),
                                ("PLAN_BROKEN", "Missed an instalment of the agreement"),
                                ("DEED_BROKEN", "An enforceable deed is not fulfilled"),
                                ("LIMITATION", "The claim would soon be time-barred"),
                                ("OTHER", "Another reason"),
                            ],
                            max_length=16,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("currency", models.CharField(max_length=3)),
                ("principal", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("interest", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("penalty", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("fees", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("costs", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("limitation_on", models.DateField(blank=True, null=True)),
                ("limitation_source", models.CharField(blank=True, max_length=240)),
                ("drafted_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("ended_note", models.CharField(blank=True, max_length=240)),
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
                    "deed",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.deed",
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
                    models.Index(fields=["agency", "case", "-id"], name="legal_lawsuitdecision_case"),
                    models.Index(
                        condition=models.Q(("state__in", ["DRAFT", "WAITING", "APPROVED"])),
                        fields=["agency", "limitation_on"],
                        name="legal_lawsuitdecision_limit",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_lawsuitdecision_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_lawsuitdecision_rls"),
                    common.walls.CompositeForeignKey(
                        field="case", name="legal_lawsuitdecision_case_wall", to="cases_case"
                    ),
                    common.walls.CompositeForeignKey(
                        field="deed", name="legal_lawsuitdecision_deed_wall", to="cases_deed"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["DRAFT", "WAITING"])),
                        fields=("agency", "case"),
                        name="legal_lawsuitdecision_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("costs__gte", 0),
                            ("fees__gte", 0),
                            ("interest__gte", 0),
                            ("penalty__gte", 0),
                            ("principal__gte", 0),
                        ),
                        name="legal_lawsuitdecision_claim_is_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LawsuitCheck",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=24)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("MET", "There"), ("MISSING", "Missing"), ("NOT_NEEDED", "Not needed")], max_length=10
                    ),
                ),
                ("by_hand", models.BooleanField(default=False)),
                ("explanation", models.CharField(blank=True, max_length=400)),
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
                    "decision",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.lawsuitdecision",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_lawsuitcheck_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_lawsuitcheck_rls"),
                    common.walls.CompositeForeignKey(
                        field="decision", name="legal_lawsuitcheck_decision_wall", to="legal_lawsuitdecision"
                    ),
                    common.walls.CompositeForeignKey(
                        field="document", name="legal_lawsuitcheck_document_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(fields=("agency", "decision", "code"), name="legal_lawsuitcheck_key"),
                ],
            },
        ),
        migrations.AddField(
            model_name="handoff",
            name="decision",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="legal.lawsuitdecision",
            ),
        ),
        migrations.CreateModel(
            name="PoliceNews",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("on", models.DateField()),
                ("text", models.CharField(max_length=400)),
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
                        null=True,
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
                        to="legal.complaint",
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
            ],
            options={
                "verbose_name_plural": "police news",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "complaint", "id"], name="legal_policenews_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_policenews_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_policenews_rls"),
                    common.walls.CompositeForeignKey(
                        field="complaint", name="legal_policenews_complaint_wall", to="legal_complaint"
                    ),
                    common.walls.CompositeForeignKey(
                        field="document", name="legal_policenews_document_wall", to="cases_document"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proceeding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("country", models.CharField(max_length=2)),
                ("kind", models.CharField(max_length=32)),
                ("court", models.CharField(blank=True, max_length=160)),
                ("file_no", models.CharField(blank=True, max_length=60)),
                ("opened_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "Under way"),
                            ("WON", "Granted"),
                            ("LOST", "Rejected"),
                            ("ENDED", "Ended otherwise"),
                        ],
                        default="OPEN",
                        max_length=5,
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
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
                    "handoff",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.handoff",
                    ),
                ),
                (
                    "opened_by",
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
                "indexes": [models.Index(fields=["agency", "handoff", "id"], name="legal_proceeding_handoff")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_proceeding_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_proceeding_rls"),
                    common.walls.CompositeForeignKey(field="case", name="legal_proceeding_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="handoff", name="legal_proceeding_handoff_wall", to="legal_handoff"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on", None), ("state", "OPEN")),
                            models.Q(models.Q(("state", "OPEN"), _negated=True), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="legal_proceeding_end_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProceedingStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=32)),
                ("position", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField(blank=True, null=True)),
                ("set_by_court", models.BooleanField(default=False)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=400)),
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
                    "done_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proceeding",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.proceeding",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_on", None), ("due_on__isnull", False)),
                        fields=["agency", "due_on", "id"],
                        name="legal_proceedingstep_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_proceedingstep_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_proceedingstep_rls"),
                    common.walls.CompositeForeignKey(
                        field="proceeding", name="legal_proceedingstep_proceeding_wall", to="legal_proceeding"
                    ),
                    common.walls.CompositeForeignKey(
                        field="document", name="legal_proceedingstep_document_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(fields=("agency", "proceeding", "code"), name="legal_proceedingstep_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_on", None)),
                            models.Q(("done_at__isnull", False), ("done_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="legal_proceedingstep_done_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepCorrection",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("was_on", models.DateField()),
                ("done_on", models.DateField(null=True)),
                ("reason", models.CharField(max_length=240)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.proceedingstep",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "step", "id"], name="legal_stepcorrection_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="legal_stepcorrection_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="legal_stepcorrection_rls"),
                    common.walls.CompositeForeignKey(
                        field="step", name="legal_stepcorrection_step_wall", to="legal_proceedingstep"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["agency", "firm", "state", "-id"], name="legal_handoff_firm"),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=common.walls.CompositeForeignKey(
                field="decision", name="legal_handoff_decision_wall", to="legal_lawsuitdecision"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=common.walls.CompositeForeignKey(
                field="firm", name="legal_handoff_firm_wall", to="legal_lawfirm"
            ),
        ),
    ]
