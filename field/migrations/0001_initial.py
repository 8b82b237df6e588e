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
        ("contacts", "0001_initial"),
        ("debtors", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FinancedObject",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("description", models.CharField(max_length=160)),
                ("plate", models.CharField(blank=True, max_length=20)),
                ("vin", models.CharField(blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("SOUGHT", "Sought"),
                            ("FOUND", "Found"),
                            ("BOOTED", "Immobilised with a boot"),
                            ("RELEASED", "Released to its holder"),
                            ("SECURED", "Secured"),
                            ("TRANSPORTED", "Transported"),
                            ("HANDED_OVER", "Handed over"),
                            ("NOT_FOUND", "Cannot be traced"),
                            ("REFUSED", "Handing over refused"),
                        ],
                        default="SOUGHT",
                        max_length=11,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=160)),
                ("cleared_at", models.DateTimeField(null=True)),
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "case", "id"], name="field_financedobject_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_financedobject_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_financedobject_rls"),
                    common.walls.CompositeForeignKey(
                        field="case", name="field_financedobject_case_wall", to="cases_case"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("SOUGHT", "Sought"),
                            ("FOUND", "Found"),
                            ("BOOTED", "Immobilised with a boot"),
                            ("RELEASED", "Released to its holder"),
                            ("SECURED", "Secured"),
                            ("TRANSPORTED", "Transported"),
                            ("HANDED_OVER", "Handed over"),
                            ("NOT_FOUND", "Cannot be traced"),
                            ("REFUSED", "Handing over refused"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("REQUESTED", "Waits for the creditor"),
                            ("APPROVED", "Approved by the creditor"),
                            ("REFUSED", "Refused by the creditor"),
                            ("DONE", "Done"),
                            ("LAPSED", "No longer valid"),
                        ],
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400)),
                ("sent_key", models.UUIDField(blank=True, null=True)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
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
                    "object",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.financedobject",
                    ),
                ),
                (
                    "protocol",
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
                "indexes": [models.Index(fields=["agency", "case", "id"], name="field_objectstep_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_objectstep_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_objectstep_rls"),
                    common.walls.CompositeForeignKey(
                        field="object", name="field_objectstep_object_wall", to="field_financedobject"
                    ),
                    common.walls.CompositeForeignKey(field="case", name="field_objectstep_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="protocol", name="field_objectstep_protocol_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(fields=("agency", "sent_key"), name="field_objectstep_sent_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "DONE"), _negated=True),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="field_objectstep_done_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperTerm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
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
                    models.UniqueConstraint(fields=("agency", "id"), name="field_paperterm_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_paperterm_rls"),
                    common.walls.CompositeForeignKey(
                        field="document", name="field_paperterm_document_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(fields=("agency", "document"), name="field_paperterm_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="field_paperterm_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Territory",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("country", models.CharField(max_length=2)),
                (
                    "postal_prefixes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                (
                    "cities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                ("outline", models.JSONField(blank=True, default=list)),
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
                "verbose_name_plural": "territories",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_territory_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_territory_rls"),
                    common.walls.CompositeForeignKey(
                        field="team", name="field_territory_team_wall", to="agencies_team"
                    ),
                    common.walls.CompositeForeignKey(
                        field="collector", name="field_territory_collector_wall", to="agencies_membership"
                    ),
                    models.UniqueConstraint(fields=("agency", "name"), name="field_territory_name_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kept_because", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("draft_key", models.UUIDField()),
                ("started_at", models.DateTimeField()),
                ("entered_at", models.DateTimeField()),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("accuracy_m", models.PositiveIntegerField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("MET_DEBTOR", "Met the debtor"),
                            ("MET_OTHER", "Met somebody else"),
                            ("NOBODY", "Nobody there"),
                            ("REFUSED", "Would not talk"),
                            ("MOVED", "Moved away"),
                            ("WRONG_ADDRESS", "No such address"),
                        ],
                        max_length=13,
                    ),
                ),
                (
                    "person_role",
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
                ("relation", models.CharField(blank=True, max_length=60)),
                (
                    "letter",
                    models.CharField(
                        choices=[
                            ("NONE", "None left"),
                            ("MAILBOX", "In the mailbox"),
                            ("DOOR", "In the apartment door"),
                            ("DEBTOR", "Handed to the debtor"),
                            ("OTHER", "Handed to somebody else"),
                        ],
                        default="NONE",
                        max_length=7,
                    ),
                ),
                ("business_card", models.BooleanField(default=False)),
                ("occupants", models.PositiveSmallIntegerField(null=True)),
                ("upkeep_arrears", models.BooleanField(null=True)),
                ("employer", models.CharField(blank=True, max_length=120)),
                ("monthly_income", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
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
                ("note", models.TextField(blank=True, max_length=2000)),
                ("rights_explained", models.BooleanField(default=False)),
                (
                    "address",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="debtors.contactpoint",
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
                    "permit",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.permit",
                    ),
                ),
                (
                    "refusal",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.decision",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["agency", "case", "-id"], name="field_visit_case"),
                    models.Index(fields=["agency", "collector", "started_at"], name="field_visit_collector"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_visit_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_visit_rls"),
                    common.walls.CompositeForeignKey(field="case", name="field_visit_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="address", name="field_visit_address_wall", to="debtors_contactpoint"
                    ),
                    common.walls.CompositeForeignKey(
                        field="collector", name="field_visit_collector_wall", to="agencies_membership"
                    ),
                    common.walls.CompositeForeignKey(
                        field="permit", name="field_visit_permit_wall", to="contacts_permit"
                    ),
                    common.walls.CompositeForeignKey(
                        field="refusal", name="field_visit_refusal_wall", to="contacts_decision"
                    ),
                    models.UniqueConstraint(fields=("agency", "permit"), name="field_visit_permit_once"),
                    models.UniqueConstraint(fields=("agency", "draft_key"), name="field_visit_sent_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("permit__isnull", False),
                            models.Q(("refusal__isnull", False), models.Q(("kept_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="field_visit_permitted_or_kept",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("entered_at__gte", models.F("started_at"))),
                        name="field_visit_entered_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("signer", models.CharField(max_length=120)),
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
                    "visit",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.visit",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_signature_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_signature_rls"),
                    common.walls.CompositeForeignKey(
                        field="visit", name="field_signature_visit_wall", to="field_visit"
                    ),
                    common.walls.CompositeForeignKey(
                        field="document", name="field_signature_document_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(fields=("agency", "visit"), name="field_signature_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("LEGAL", "Prepare going to court"),
                            ("PHONE", "Back to the phone"),
                            ("VISIT_AGAIN", "Visit again"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("NO_CONTACT", "No contact was achieved"),
                            ("REFUSES_TO_PAY", "Does not agree to repay"),
                            ("REFUSES_TO_SIGN", "Does not agree to sign the agreement"),
                            ("USELESS", "Further contact looks useless"),
                            ("WILL_PAY", "Is ready to pay or to talk by phone"),
                            ("OTHER_ADDRESS", "Another address or hour was learned"),
                        ],
                        max_length=15,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "Waits for the coordinator"),
                            ("ACCEPTED", "Accepted"),
                            ("REJECTED", "Not followed"),
                        ],
                        default="OPEN",
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.CharField(blank=True, max_length=240)),
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
                (
                    "visit",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.visit",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_recommendation_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_recommendation_rls"),
                    common.walls.CompositeForeignKey(
                        field="case", name="field_recommendation_case_wall", to="cases_case"
                    ),
                    common.walls.CompositeForeignKey(
                        field="visit", name="field_recommendation_visit_wall", to="field_visit"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")),
                        fields=("agency", "case"),
                        name="field_recommendation_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("RESIDENCE", "Residence"),
                            ("OBJECT", "Financed object"),
                            ("CARD", "Business card"),
                            ("OTHER", "Other"),
                        ],
                        max_length=9,
                    ),
                ),
                ("original_path", models.CharField(max_length=200)),
                ("original_sha256", models.CharField(max_length=64)),
                ("shown_path", models.CharField(max_length=200)),
                ("shown_sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
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
                    "step",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.objectstep",
                    ),
                ),
                (
                    "visit",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.visit",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "case", "id"], name="field_photo_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_photo_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_photo_rls"),
                    common.walls.CompositeForeignKey(field="visit", name="field_photo_visit_wall", to="field_visit"),
                    common.walls.CompositeForeignKey(field="case", name="field_photo_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(field="step", name="field_photo_step_wall", to="field_objectstep"),
                    models.UniqueConstraint(fields=("agency", "visit", "original_sha256"), name="field_photo_once"),
                    models.UniqueConstraint(
                        fields=("agency", "step", "original_sha256"), name="field_photo_once_a_step"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", None), ("visit__isnull", False)),
                            models.Q(("step__isnull", False), ("visit", None)),
                            _connector="OR",
                        ),
                        name="field_photo_of_a_visit_or_a_step",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="objectstep",
            name="visit",
            field=agencies.owned.AgencyForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="field.visit",
            ),
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=1000)),
                ("reported_at", models.DateTimeField()),
                ("creditor_told_at", models.DateTimeField(null=True)),
                ("creditor_person", models.CharField(blank=True, max_length=120)),
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
                    "creditor_told_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "visit",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.visit",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("creditor_told_at", None)),
                        fields=["agency", "id"],
                        name="field_incident_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_incident_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_incident_rls"),
                    common.walls.CompositeForeignKey(field="case", name="field_incident_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(field="visit", name="field_incident_visit_wall", to="field_visit"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discrepancy",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("what", models.CharField(max_length=80)),
                ("recorded", models.CharField(blank=True, max_length=240)),
                ("found", models.CharField(max_length=240)),
                ("reported_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolution", models.CharField(blank=True, max_length=240)),
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
                    "reported_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visit",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.visit",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "discrepancies",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("resolved_at", None)),
                        fields=["agency", "id"],
                        name="field_discrepancy_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_discrepancy_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_discrepancy_rls"),
                    common.walls.CompositeForeignKey(field="case", name="field_discrepancy_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="visit", name="field_discrepancy_visit_wall", to="field_visit"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Asset",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("IMMOVABLE", "Immovable"),
                            ("VEHICLE", "Vehicle"),
                            ("MOVABLE", "Other movable"),
                            ("INCOME", "Income"),
                        ],
                        max_length=9,
                    ),
                ),
                ("description", models.CharField(max_length=240)),
                ("value", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("encumbered", models.BooleanField(default=False)),
                ("recorded_at", models.DateTimeField()),
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
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visit",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.visit",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "case", "id"], name="field_asset_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_asset_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_asset_rls"),
                    common.walls.CompositeForeignKey(field="case", name="field_asset_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(field="visit", name="field_asset_visit_wall", to="field_visit"),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitOrder",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("STAGE", "The case entered field"),
                            ("PROMISES", "Promises were broken in a row"),
                            ("UNREACHED", "Nobody could be reached by phone"),
                            ("MANDATE", "The mandate asks for it after the takeover"),
                            ("STATUS", "The contract was terminated after visits in vain"),
                            ("PERSON", "Ordered by a person"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("SOFT", "Soft visit"), ("HARD", "Hard visit")],
                        db_default="",
                        default="",
                        max_length=4,
                    ),
                ),
                ("all_addresses", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "Open"), ("DONE", "Done"), ("CANCELLED", "Cancelled")],
                        default="OPEN",
                        max_length=9,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("breached_at", models.DateTimeField(null=True)),
                ("first_visit_at", models.DateTimeField(null=True)),
                ("last_visit_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("cancel_reason", models.CharField(blank=True, db_default="", default="", max_length=240)),
                ("cleared_at", models.DateTimeField(null=True)),
                ("assigned_at", models.DateTimeField(null=True)),
                (
                    "earlier_collectors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, db_default=[], default=list, size=None
                    ),
                ),
                ("registry_checked_at", models.DateTimeField(null=True)),
                ("contacts_checked_at", models.DateTimeField(null=True)),
                ("history_checked_at", models.DateTimeField(null=True)),
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
                    "territory",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.territory",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["agency", "state", "due_at"], name="field_visitorder_due"),
                    models.Index(fields=["agency", "collector", "state", "due_at"], name="field_visitorder_collector"),
                    models.Index(fields=["agency", "case", "id"], name="field_visitorder_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_visitorder_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_visitorder_rls"),
                    common.walls.CompositeForeignKey(field="case", name="field_visitorder_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="collector", name="field_visitorder_collector_wall", to="agencies_membership"
                    ),
                    common.walls.CompositeForeignKey(
                        field="territory", name="field_visitorder_territory_wall", to="field_territory"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")),
                        fields=("agency", "case"),
                        name="field_visitorder_one_open",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="visit",
            name="order",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="field.visitorder",
            ),
        ),
        migrations.CreateModel(
            name="VisitStop",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("PENDING", "To visit"), ("VISITED", "Visited"), ("SKIPPED", "Not possible")],
                        default="PENDING",
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=160)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "address",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="debtors.contactpoint",
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
                    "order",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.visitorder",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_visitstop_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_visitstop_rls"),
                    common.walls.CompositeForeignKey(
                        field="order", name="field_visitstop_order_wall", to="field_visitorder"
                    ),
                    common.walls.CompositeForeignKey(
                        field="address", name="field_visitstop_address_wall", to="debtors_contactpoint"
                    ),
                    models.UniqueConstraint(fields=("agency", "order", "address"), name="field_visitstop_once"),
                ],
            },
        ),
        migrations.AddField(
            model_name="visit",
            name="stop",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="field.visitstop",
            ),
        ),
        migrations.CreateModel(
            name="FinalReport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("wanted_at", models.DateTimeField()),
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("document", None)), fields=["agency", "case"], name="field_finalreport_owed"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="field_finalreport_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="field_finalreport_rls"),
                    common.walls.CompositeForeignKey(field="case", name="field_finalreport_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="document", name="field_finalreport_document_wall", to="cases_document"
                    ),
                    models.UniqueConstraint(fields=("agency", "case"), name="field_finalreport_one"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="objectstep",
            constraint=common.walls.CompositeForeignKey(
                field="visit", name="field_objectstep_visit_wall", to="field_visit"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=common.walls.CompositeForeignKey(
                field="order", name="field_visit_order_wall", to="field_visitorder"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=common.walls.CompositeForeignKey(
                field="stop", name="field_visit_stop_wall", to="field_visitstop"
            ),
        ),
    ]
