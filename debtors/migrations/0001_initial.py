import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [("agencies", "0001_initial"), ("agencies", "__first__")]

    operations = [
        migrations.CreateModel(
            name="Debtor",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("PERSON", "Person"), ("COMPANY", "Company")], default="PERSON", max_length=8
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(db_collation="C", max_length=200)),
                ("birth_on", models.DateField(blank=True, null=True)),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("ro", "Română"),
                            ("it", "Italiano"),
                            ("cs", "Čeština"),
                            ("lt", "Lietuvių"),
                            ("ru", "Русский"),
                        ],
                        default="en",
                        max_length=5,
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("region", models.CharField(blank=True, max_length=40)),
                ("time_zone", models.CharField(blank=True, max_length=40)),
                ("preference", models.JSONField(default=dict)),
                ("national_id_sealed", models.BinaryField(null=True)),
                ("national_id_index", models.BinaryField(null=True)),
                ("source_reference", models.CharField(blank=True, max_length=80)),
                ("employer_name", models.CharField(blank=True, max_length=160)),
                ("monthly_income", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                (
                    "pays_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("BRANCH", "At a branch or cash desk"),
                            ("CARD", "By card"),
                            ("ONLINE", "Internet or phone banking"),
                            ("DIRECT_DEBIT", "Direct debit"),
                            ("STANDING_ORDER", "Standing order"),
                        ],
                        db_default="",
                        default="",
                        max_length=14,
                    ),
                ),
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
                "indexes": [
                    models.Index(fields=["agency", "name_key"], name="debtors_debtor_name"),
                    models.Index(fields=["agency", "source_reference"], name="debtors_debtor_source"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="debtors_debtor_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="debtors_debtor_rls"),
                    models.UniqueConstraint(
                        condition=models.Q(("national_id_index__isnull", False)),
                        fields=("agency", "national_id_index"),
                        name="debtors_debtor_national_id_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("national_id_index__isnull", True), ("national_id_sealed__isnull", True)),
                            models.Q(("national_id_index__isnull", False), ("national_id_sealed__isnull", False)),
                            _connector="OR",
                        ),
                        name="debtors_debtor_national_id_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("PHONE", "Phone"),
                            ("EMAIL", "E-mail"),
                            ("ADDRESS", "Address"),
                            ("ACCOUNT", "Bank account (IBAN)"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "owner_role",
                    models.CharField(
                        choices=[("HOLDER", "Holder"), ("EMPLOYER", "Employer"), ("THIRD_PARTY", "Third party")],
                        default="HOLDER",
                        max_length=12,
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("HOME", "Home"),
                            ("WORKPLACE", "Workplace"),
                            ("MOBILE", "Mobile"),
                            ("OTHER", "Other"),
                        ],
                        default="HOME",
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(db_collation="C", max_length=240)),
                ("street", models.CharField(blank=True, max_length=160)),
                ("city", models.CharField(blank=True, max_length=80)),
                ("postal_code", models.CharField(blank=True, max_length=12)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("latitude", models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ("longitude", models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ("source", models.CharField(default="CREDITOR", max_length=40)),
                (
                    "validity",
                    models.CharField(
                        choices=[
                            ("UNKNOWN", "Not tried"),
                            ("VALID", "Valid"),
                            ("INVALID", "Invalid"),
                            ("WRONG_NUMBER", "Wrong number"),
                            ("DISCONNECTED", "Disconnected"),
                            ("UNDELIVERABLE", "Undeliverable"),
                            ("UNCONFIRMED", "Not confirmed as the debtor's own"),
                        ],
                        default="UNKNOWN",
                        max_length=14,
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("last_answered_at", models.DateTimeField(null=True)),
                ("time_zone", models.CharField(blank=True, max_length=40)),
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
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "kind", "value"], name="debtors_contactpoint_value")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="debtors_contactpoint_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="debtors_contactpoint_rls"),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="debtors_contactpoint_debtor_wall", to="debtors_debtor"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "debtor", "kind", "value"), name="debtors_contactpoint_value_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30)),
                ("given_at", models.DateTimeField()),
                ("how", models.CharField(max_length=200)),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
                    "debtor",
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
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "debtor"], name="debtors_consent_debtor")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="debtors_consent_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="debtors_consent_rls"),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="debtors_consent_debtor_wall", to="debtors_debtor"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameToken",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("token", models.CharField(db_collation="C", max_length=60)),
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
                    "debtor",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="debtors.debtor",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "debtor"], name="debtors_nametoken_debtor")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="debtors_nametoken_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="debtors_nametoken_rls"),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="debtors_nametoken_debtor_wall", to="debtors_debtor"
                    ),
                    models.UniqueConstraint(fields=("agency", "token", "debtor"), name="debtors_nametoken_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=8)),
                ("source", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
                    "debtor",
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
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "debtor"], name="debtors_optout_debtor")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="debtors_optout_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="debtors_optout_rls"),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="debtors_optout_debtor_wall", to="debtors_debtor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="contact_point", name="debtors_optout_contact_point_wall", to="debtors_contactpoint"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonStatus",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("DECEASED", "Deceased"),
                            ("MINOR", "Minor"),
                            ("INSOLVENCY_OPEN", "Insolvency open"),
                            ("DISCHARGED", "Discharged in insolvency"),
                            ("REPRESENTED", "Represented by a lawyer"),
                            ("CEASE_REQUEST", "Asked for contact to cease"),
                            ("ERASURE_OR_OBJECTION_PENDING", "Data-protection request pending"),
                            ("VULNERABLE_HOLD", "Vulnerable"),
                            ("IDENTITY_THEFT", "Identity theft"),
                            ("ABROAD", "Left the country"),
                            ("IMPRISONED", "In prison"),
                            ("BREATHING_SPACE", "Breathing space"),
                        ],
                        max_length=30,
                    ),
                ),
                ("since", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
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
                    "recorded_by",
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
                    models.UniqueConstraint(fields=("agency", "id"), name="debtors_personstatus_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="debtors_personstatus_rls"),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="debtors_personstatus_debtor_wall", to="debtors_debtor"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("agency", "debtor", "code"),
                        name="debtors_personstatus_open_key",
                    ),
                ],
            },
        ),
    ]
