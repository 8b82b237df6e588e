import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("slug", models.SlugField(unique=True)),
                ("country", models.CharField(max_length=2)),
                ("time_zone", models.CharField(max_length=40)),
                ("currency", models.CharField(max_length=3)),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("ro", "Română"),
                            ("it", "Italiano"),
                            ("cs", "Čeština"),
                            ("lt", "Lietuvių"),
                        ],
                        default="en",
                        max_length=5,
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=240)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("registration_no", models.CharField(blank=True, max_length=40)),
                ("licence_no", models.CharField(blank=True, max_length=60)),
                ("sms_sender", models.CharField(blank=True, max_length=20)),
                ("voice_caller", models.CharField(blank=True, max_length=20)),
                ("payment_iban", models.CharField(blank=True, max_length=34)),
                ("requires_mfa", models.BooleanField(default=False)),
                ("contact_profile", models.JSONField(default=dict)),
                ("call_cost", models.DecimalField(decimal_places=4, default=0, max_digits=8)),
                ("sms_cost", models.DecimalField(decimal_places=4, default=0, max_digits=8)),
                ("letter_cost", models.DecimalField(decimal_places=4, default=0, max_digits=8)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"verbose_name_plural": "agencies"},
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("full_name", models.CharField(max_length=120)),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("ro", "Română"),
                            ("it", "Italiano"),
                            ("cs", "Čeština"),
                            ("lt", "Lietuvių"),
                        ],
                        default="en",
                        max_length=5,
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[("auto", "System"), ("light", "Light"), ("dark", "Dark")], default="auto", max_length=6
                    ),
                ),
                (
                    "density",
                    models.CharField(choices=[("cozy", "Cozy"), ("compact", "Compact")], default="cozy", max_length=8),
                ),
                ("shortcuts", models.JSONField(default=dict)),
                ("is_active", models.BooleanField(default=True)),
                ("is_platform_operator", models.BooleanField(default=False)),
                ("date_joined", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="agencies_user_email_lower_key"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CALL_CENTRE", "Call centre"),
                            ("FIELD", "Field"),
                            ("SKIP_TRACING", "Skip tracing"),
                            ("RESTRUCTURING", "Administration and restructuring"),
                            ("ANTI_FRAUD", "Anti-fraud"),
                            ("LEGAL", "Legal"),
                            ("EXPERT", "Expert negotiators"),
                        ],
                        default="CALL_CENTRE",
                        max_length=20,
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
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="agencies_team_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="agencies_team_rls"),
                    models.UniqueConstraint(fields=("agency", "name"), name="agencies_team_name_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("COLLECTOR", "Collector"),
                            ("FIELD_COLLECTOR", "Field collector"),
                            ("COORDINATOR", "Coordinator"),
                            ("RESTRUCTURING_OFFICER", "Restructuring officer"),
                            ("SKIP_TRACING_OFFICER", "Skip-tracing officer"),
                            ("ANTI_FRAUD_OFFICER", "Anti-fraud officer"),
                            ("LEGAL_OFFICER", "Legal officer"),
                            ("MANAGER", "Manager"),
                            ("AGENCY_ADMINISTRATOR", "Agency administrator"),
                            ("CREDITOR_USER", "Creditor user"),
                            ("LAW_FIRM_USER", "Law-firm user"),
                        ],
                        max_length=24,
                    ),
                ),
                ("languages", models.JSONField(default=list)),
                ("capacity", models.PositiveIntegerField(default=300)),
                ("is_active", models.BooleanField(default=True)),
                ("is_expert", models.BooleanField(db_default=False, default=False)),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "team"], name="agencies_membership_team")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="agencies_membership_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="agencies_membership_rls", readable_before_scope=True),
                    common.walls.CompositeForeignKey(
                        field="team", name="agencies_membership_team_wall", to="agencies_team"
                    ),
                    models.UniqueConstraint(fields=("agency", "user"), name="agencies_membership_user_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("COLLECTOR", "Collector"),
                            ("FIELD_COLLECTOR", "Field collector"),
                            ("COORDINATOR", "Coordinator"),
                            ("RESTRUCTURING_OFFICER", "Restructuring officer"),
                            ("SKIP_TRACING_OFFICER", "Skip-tracing officer"),
                            ("ANTI_FRAUD_OFFICER", "Anti-fraud officer"),
                            ("LEGAL_OFFICER", "Legal officer"),
                            ("MANAGER", "Manager"),
                            ("AGENCY_ADMINISTRATOR", "Agency administrator"),
                            ("CREDITOR_USER", "Creditor user"),
                            ("LAW_FIRM_USER", "Law-firm user"),
                        ],
                        max_length=24,
                    ),
                ),
                ("creditor_id", models.BigIntegerField(blank=True, null=True)),
                ("law_firm_id", models.BigIntegerField(blank=True, null=True)),
                ("token_hash", models.BinaryField(unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
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
                    "invited_by",
                    models.ForeignKey(
                        null=True,
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="agencies_invitation_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="agencies_invitation_rls", readable_before_scope=True),
                    common.walls.CompositeForeignKey(
                        field="team", name="agencies_invitation_team_wall", to="agencies_team"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="agencies_invitation_expires_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("scopes", models.JSONField(null=True)),
                ("prefix", models.CharField(max_length=12)),
                ("token_hash", models.BinaryField(unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_on", models.DateField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "membership"], name="agencies_apitoken_member")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="agencies_apitoken_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="agencies_apitoken_rls", readable_before_scope=True),
                    common.walls.CompositeForeignKey(
                        field="membership", name="agencies_apitoken_membership_wall", to="agencies_membership"
                    ),
                ],
            },
        ),
    ]
