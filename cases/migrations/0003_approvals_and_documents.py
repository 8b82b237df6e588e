import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls
from cases.approval_guard import DECIDED_MAY_CHANGE, DECIDED_STAYS
from common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("cases", "0002_stage_door"),
        ("portfolios", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                            ("LAWSUIT", "Going to court"),
                            ("BOOT", "Wheel boot on the financed object"),
                            ("COMPLAINT", "Criminal complaint"),
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
                    "decided_by",
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
        migrations.RunSQL(sql=DECIDED_STAYS, reverse_sql=DECIDED_MAY_CHANGE),
        append_only("cases_document"),
    ]
