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
        ("debtors", "0001_initial"),
        ("portfolios", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("CALL", "Call"),
                            ("SMS", "SMS"),
                            ("IVM", "Voice message"),
                            ("EMAIL", "E-mail"),
                            ("LETTER", "Letter"),
                            ("VISIT", "Visit"),
                        ],
                        max_length=8,
                    ),
                ),
                ("template_name", models.CharField(max_length=80)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("WATCH", "Watch"),
                            ("PRE_SOFT", "Pre-soft"),
                            ("SOFT", "Soft"),
                            ("FIELD", "Field"),
                            ("LEGAL", "Legal"),
                            ("CLOSED", "Closed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("min_dpd", models.PositiveIntegerField(blank=True, null=True)),
                ("max_dpd", models.PositiveIntegerField(blank=True, null=True)),
                ("min_balance", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("starts_at", models.DateTimeField()),
                ("repeat_days", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("FORECAST", "Forecast made"),
                            ("APPROVED", "Approved"),
                            ("PLANNING", "Being planned"),
                            ("RUNNING", "Running"),
                            ("PAUSED", "Paused"),
                            ("DONE", "Done"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="DRAFT",
                        max_length=9,
                    ),
                ),
                ("forecast", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("approved_at", models.DateTimeField(null=True)),
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
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "portfolio",
                    agencies.owned.AgencyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.portfolio",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["agency", "state", "starts_at"], name="contacts_campaign_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_campaign_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_campaign_rls"),
                    common.walls.CompositeForeignKey(
                        field="portfolio", name="contacts_campaign_portfolio_wall", to="portfolios_portfolio"
                    ),
                    common.walls.CompositeForeignKey(
                        field="creditor", name="contacts_campaign_creditor_wall", to="portfolios_creditor"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="contacts_campaign_approval_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("planned_up_to", models.BigIntegerField(default=0)),
                ("planned_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
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
                    "campaign",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.campaign",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_campaignrun_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_campaignrun_rls"),
                    common.walls.CompositeForeignKey(
                        field="campaign", name="contacts_campaignrun_campaign_wall", to="contacts_campaign"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "campaign", "number"), name="contacts_campaignrun_number_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("CALL", "Call"),
                            ("SMS", "SMS"),
                            ("IVM", "Voice message"),
                            ("EMAIL", "E-mail"),
                            ("LETTER", "Letter"),
                            ("VISIT", "Visit"),
                        ],
                        max_length=8,
                    ),
                ),
                ("party", models.CharField(max_length=20)),
                ("place", models.CharField(max_length=24)),
                ("message_kind", models.CharField(max_length=20)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("FORECAST", "Forecast"), ("SEND", "Sending"), ("ASK", "Question")], max_length=8
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("ALLOW", "Allowed"),
                            ("DEFER", "Not yet"),
                            ("APPROVE", "Needs approval"),
                            ("BLOCK", "Not allowed"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("until", models.DateTimeField(null=True)),
                ("findings", models.JSONField(default=list)),
                (
                    "obligations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("packs", models.JSONField(default=list)),
                ("zone", models.CharField(blank=True, default="", max_length=40)),
                ("intent", models.JSONField(default=dict)),
                ("decided_at", models.DateTimeField()),
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
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "campaign_run",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.campaignrun",
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
                "indexes": [
                    models.Index(fields=["agency", "case", "-id"], name="contacts_decision_case"),
                    models.Index(fields=["agency", "campaign_run", "verdict"], name="contacts_decision_run"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_decision_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_decision_rls"),
                    common.walls.CompositeForeignKey(field="case", name="contacts_decision_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="contacts_decision_debtor_wall", to="debtors_debtor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="contact_point", name="contacts_decision_contact_point_wall", to="debtors_contactpoint"
                    ),
                    common.walls.CompositeForeignKey(
                        field="campaign_run", name="contacts_decision_campaign_run_wall", to="contacts_campaignrun"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("granted", models.BooleanField(null=True)),
                ("reason", models.CharField(blank=True, max_length=240)),
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
                    "decision",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.decision",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_approvalrequest_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_approvalrequest_rls"),
                    common.walls.CompositeForeignKey(
                        field="decision", name="contacts_approvalrequest_decision_wall", to="contacts_decision"
                    ),
                    common.walls.CompositeForeignKey(
                        field="case", name="contacts_approvalrequest_case_wall", to="cases_case"
                    ),
                    models.UniqueConstraint(fields=("agency", "decision"), name="contacts_approvalrequest_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="contacts_approvalrequest_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("CALL", "Call"),
                            ("SMS", "SMS"),
                            ("IVM", "Voice message"),
                            ("EMAIL", "E-mail"),
                            ("LETTER", "Letter"),
                            ("VISIT", "Visit"),
                        ],
                        max_length=8,
                    ),
                ),
                ("dedupe_key", models.CharField(max_length=120)),
                ("body", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "Waiting"),
                            ("SENDING", "Being sent"),
                            ("SENT", "Sent"),
                            ("DELIVERED", "Delivered"),
                            ("FAILED", "Failed"),
                            ("UNKNOWN", "Fate unknown"),
                            ("REFUSED", "Refused by the gate"),
                            ("DECIDE", "Waits for a person's decision"),
                        ],
                        default="PENDING",
                        max_length=9,
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                (
                    "refusal_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("provider_sid", models.CharField(blank=True, max_length=64)),
                ("provider_status", models.CharField(blank=True, max_length=20)),
                ("error_code", models.CharField(blank=True, max_length=12)),
                ("pressed", models.CharField(blank=True, max_length=8)),
                ("cost", models.DecimalField(decimal_places=4, default=0, max_digits=8)),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("path", models.CharField(blank=True, max_length=240)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True)),
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
                    "campaign_run",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.campaignrun",
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="debtors.contactpoint",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["PENDING", "SENDING", "UNKNOWN"])),
                        fields=["agency", "state", "not_before", "id"],
                        name="contacts_message_due",
                    ),
                    models.Index(fields=["agency", "case", "-id"], name="contacts_message_case"),
                    models.Index(fields=["agency", "campaign_run", "state"], name="contacts_message_run"),
                    models.Index(fields=["agency", "provider_sid"], name="contacts_message_sid"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_message_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_message_rls"),
                    common.walls.CompositeForeignKey(field="case", name="contacts_message_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="contacts_message_debtor_wall", to="debtors_debtor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="contact_point", name="contacts_message_contact_point_wall", to="debtors_contactpoint"
                    ),
                    common.walls.CompositeForeignKey(
                        field="campaign_run", name="contacts_message_campaign_run_wall", to="contacts_campaignrun"
                    ),
                    models.UniqueConstraint(fields=("agency", "dedupe_key"), name="contacts_message_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CarrierNews",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("provider_sid", models.CharField(max_length=64)),
                ("status", models.CharField(max_length=24)),
                ("error_code", models.CharField(blank=True, max_length=12)),
                ("data", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
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
                    "message",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.message",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_carriernews_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_carriernews_rls"),
                    common.walls.CompositeForeignKey(
                        field="message", name="contacts_carriernews_message_wall", to="contacts_message"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "provider_sid", "status"), name="contacts_carriernews_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Permit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("CALL", "Call"),
                            ("SMS", "SMS"),
                            ("IVM", "Voice message"),
                            ("EMAIL", "E-mail"),
                            ("LETTER", "Letter"),
                            ("VISIT", "Visit"),
                        ],
                        max_length=8,
                    ),
                ),
                ("content_digest", models.BinaryField()),
                ("granted_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
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
                    "contact_point",
                    agencies.owned.AgencyForeignKey(
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
                (
                    "decision",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    models.Index(
                        condition=models.Q(("used_at", None)), fields=["agency", "debtor"], name="contacts_permit_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_permit_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_permit_rls"),
                    common.walls.CompositeForeignKey(
                        field="decision", name="contacts_permit_decision_wall", to="contacts_decision"
                    ),
                    common.walls.CompositeForeignKey(field="case", name="contacts_permit_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="contacts_permit_debtor_wall", to="debtors_debtor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="contact_point", name="contacts_permit_contact_point_wall", to="debtors_contactpoint"
                    ),
                    models.UniqueConstraint(fields=("agency", "decision"), name="contacts_permit_decision_key"),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("granted_at"))),
                        name="contacts_permit_expires_later",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="permit",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.permit",
            ),
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("CALL", "Call"),
                            ("SMS", "SMS"),
                            ("IVM", "Voice message"),
                            ("EMAIL", "E-mail"),
                            ("LETTER", "Letter"),
                            ("VISIT", "Visit"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CALL_ATTEMPT", "Call without conversation"),
                            ("CONVERSATION", "Conversation"),
                            ("SMS", "SMS"),
                            ("IVM", "Voice message"),
                            ("EMAIL", "E-mail"),
                            ("LETTER", "Letter"),
                            ("VISIT", "Visit"),
                        ],
                        max_length=12,
                    ),
                ),
                ("direction", models.CharField(choices=[("OUT", "Outbound"), ("IN", "Inbound")], max_length=3)),
                ("at", models.DateTimeField()),
                ("unpermitted", models.BooleanField(default=False)),
                ("message_kind", models.CharField(blank=True, max_length=20)),
                ("outcome", models.CharField(blank=True, max_length=16)),
                ("cost", models.DecimalField(decimal_places=4, default=0, max_digits=8)),
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
                (
                    "disposition",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.disposition",
                    ),
                ),
                (
                    "message",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.message",
                    ),
                ),
                (
                    "permit",
                    agencies.owned.AgencyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.permit",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["agency", "debtor", "at"], name="contacts_contact_person"),
                    models.Index(fields=["agency", "case", "-id"], name="contacts_contact_case"),
                    models.Index(fields=["agency", "at"], name="contacts_contact_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_contact_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_contact_rls"),
                    common.walls.CompositeForeignKey(field="case", name="contacts_contact_case_wall", to="cases_case"),
                    common.walls.CompositeForeignKey(
                        field="debtor", name="contacts_contact_debtor_wall", to="debtors_debtor"
                    ),
                    common.walls.CompositeForeignKey(
                        field="contact_point", name="contacts_contact_contact_point_wall", to="debtors_contactpoint"
                    ),
                    common.walls.CompositeForeignKey(
                        field="permit", name="contacts_contact_permit_wall", to="contacts_permit"
                    ),
                    common.walls.CompositeForeignKey(
                        field="message", name="contacts_contact_message_wall", to="contacts_message"
                    ),
                    common.walls.CompositeForeignKey(
                        field="disposition", name="contacts_contact_disposition_wall", to="cases_disposition"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("permit__isnull", False)),
                        fields=("agency", "permit"),
                        name="contacts_contact_permit_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("direction", "IN"), ("permit__isnull", False), ("unpermitted", True), _connector="OR"
                        ),
                        name="contacts_contact_leaves_with_permit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrintBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("letters", models.PositiveIntegerField()),
                ("pages", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("path", models.CharField(max_length=240)),
                ("handed_over_at", models.DateTimeField(null=True)),
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
                "verbose_name_plural": "print batches",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_printbatch_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_printbatch_rls"),
                ],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="print_batch",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.printbatch",
            ),
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("CALL", "Call"),
                            ("SMS", "SMS"),
                            ("IVM", "Voice message"),
                            ("EMAIL", "E-mail"),
                            ("LETTER", "Letter"),
                            ("VISIT", "Visit"),
                        ],
                        max_length=8,
                    ),
                ),
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
                        max_length=5,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("REMINDER", "Reminder"),
                            ("NOTIFICATION", "Notification letter"),
                            ("WARNING", "Warning letter"),
                            ("FIRST_NOTICE", "First notice"),
                            ("ASSIGNMENT_NOTICE", "Notice of assignment"),
                            ("PROMISE_CONFIRMATION", "Confirmation of a promise"),
                            ("CONTACT_LETTER", "Contact letter left at a visit"),
                        ],
                        default="REMINDER",
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("subject", models.CharField(blank=True, max_length=160)),
                ("body", models.TextField()),
                (
                    "elements",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("approved_at", models.DateTimeField(null=True)),
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
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "id"), name="contacts_template_agency_id_key"),
                    common.walls.AgencyRowSecurity(name="contacts_template_rls"),
                    models.UniqueConstraint(
                        fields=("agency", "name", "channel", "language", "version"),
                        name="contacts_template_version_key",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="template",
            field=agencies.owned.AgencyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.template",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=common.walls.CompositeForeignKey(
                field="template", name="contacts_message_template_wall", to="contacts_template"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=common.walls.CompositeForeignKey(
                field="permit", name="contacts_message_permit_wall", to="contacts_permit"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=common.walls.CompositeForeignKey(
                field="print_batch", name="contacts_message_print_batch_wall", to="contacts_printbatch"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("permit__isnull", False)),
                fields=("agency", "permit"),
                name="contacts_message_permit_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["PENDING", "REFUSED", "FAILED", "DECIDE"]),
                    ("permit__isnull", False),
                    _connector="OR",
                ),
                name="contacts_message_leaves_with_permit",
            ),
        ),
    ]
