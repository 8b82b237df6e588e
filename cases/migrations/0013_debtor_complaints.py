import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls
from cases.models.debtor_complaints import CLOSED_MAY_CHANGE, CLOSED_STAYS
from common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_invited_law_firm"),
        ("cases", "0012_deeds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                    "answer",
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
                    "hold",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.hold",
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
        migrations.AddIndex(
            model_name="debtorcomplaint",
            index=models.Index(fields=["agency", "-received_on", "-id"], name="cases_debtorcomplaint_list"),
        ),
        migrations.AddIndex(
            model_name="debtorcomplaint",
            index=models.Index(fields=["agency", "case", "-id"], name="cases_debtorcomplaint_case"),
        ),
        migrations.AddIndex(
            model_name="debtorcomplaint",
            index=models.Index(fields=["agency", "about", "-id"], name="cases_debtorcomplaint_about"),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_debtorcomplaint_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=common.walls.AgencyRowSecurity(name="cases_debtorcomplaint_rls"),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=common.walls.CompositeForeignKey(
                field="case", name="cases_debtorcomplaint_case_wall", to="cases_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=common.walls.CompositeForeignKey(
                field="about", name="cases_debtorcomplaint_about_wall", to="agencies_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=common.walls.CompositeForeignKey(
                field="owner", name="cases_debtorcomplaint_owner_wall", to="agencies_membership"
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
            constraint=models.UniqueConstraint(fields=("agency", "number"), name="cases_debtorcomplaint_number_key"),
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
                    ("about", None),
                    ("owner", None),
                    models.Q(("about", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="cases_debtorcomplaint_not_ones_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="debtorcomplaint",
            constraint=models.CheckConstraint(
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
        migrations.AddIndex(
            model_name="complaintstep",
            index=models.Index(fields=["agency", "complaint", "id"], name="cases_complaintstep_of"),
        ),
        migrations.AddConstraint(
            model_name="complaintstep",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_complaintstep_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="complaintstep",
            constraint=common.walls.AgencyRowSecurity(name="cases_complaintstep_rls"),
        ),
        migrations.AddConstraint(
            model_name="complaintstep",
            constraint=common.walls.CompositeForeignKey(
                field="complaint", name="cases_complaintstep_complaint_wall", to="cases_debtorcomplaint"
            ),
        ),
        migrations.RunSQL(sql=CLOSED_STAYS, reverse_sql=CLOSED_MAY_CHANGE),
        append_only("cases_complaintstep"),
    ]
