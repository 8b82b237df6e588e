import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import agencies.owned
import common.walls
from cases.models.quality import JUDGED_MAY_CHANGE, JUDGED_STAYS
from common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_invited_law_firm"),
        ("cases", "0013_debtor_complaints"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            },
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_scorecard_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=common.walls.AgencyRowSecurity(name="cases_scorecard_rls"),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.UniqueConstraint(fields=("agency", "version"), name="cases_scorecard_version_key"),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at", None)), fields=("agency",), name="cases_scorecard_one_in_use"
            ),
        ),
        migrations.AddConstraint(
            model_name="qualitysample",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_qualitysample_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="qualitysample",
            constraint=common.walls.AgencyRowSecurity(name="cases_qualitysample_rls"),
        ),
        migrations.AddConstraint(
            model_name="qualitysample",
            constraint=common.walls.CompositeForeignKey(
                field="card", name="cases_qualitysample_card_wall", to="cases_scorecard"
            ),
        ),
        migrations.AddConstraint(
            model_name="qualitysample",
            constraint=common.walls.CompositeForeignKey(
                field="team", name="cases_qualitysample_team_wall", to="agencies_team"
            ),
        ),
        migrations.AddConstraint(
            model_name="qualitysample",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="cases_qualitysample_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="qualitysample",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_person__range", (1, 50))), name="cases_qualitysample_per_person"
            ),
        ),
        migrations.AddIndex(
            model_name="conversationreview",
            index=models.Index(fields=["agency", "sample", "id"], name="cases_review_sample"),
        ),
        migrations.AddIndex(
            model_name="conversationreview",
            index=models.Index(fields=["agency", "collector", "-held_at"], name="cases_review_collector"),
        ),
        migrations.AddIndex(
            model_name="conversationreview",
            index=models.Index(fields=["agency", "state", "-held_at", "-id"], name="cases_review_state"),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_conversationreview_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=common.walls.AgencyRowSecurity(name="cases_conversationreview_rls"),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=common.walls.CompositeForeignKey(
                field="sample", name="cases_conversationreview_sample_wall", to="cases_qualitysample"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=common.walls.CompositeForeignKey(
                field="card", name="cases_conversationreview_card_wall", to="cases_scorecard"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=common.walls.CompositeForeignKey(
                field="disposition", name="cases_conversationreview_disposition_wall", to="cases_disposition"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=common.walls.CompositeForeignKey(
                field="case", name="cases_conversationreview_case_wall", to="cases_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=common.walls.CompositeForeignKey(
                field="collector", name="cases_conversationreview_collector_wall", to="agencies_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=common.walls.CompositeForeignKey(
                field="team", name="cases_conversationreview_team_wall", to="agencies_team"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=common.walls.CompositeForeignKey(
                field="judge", name="cases_conversationreview_judge_wall", to="agencies_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=models.UniqueConstraint(fields=("agency", "disposition"), name="cases_conversationreview_once"),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("judge", None), models.Q(("judge", models.F("collector")), _negated=True), _connector="OR"
                ),
                name="cases_conversationreview_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "CLOSED"), _negated=True),
                    models.Q(("judge__isnull", False), ("judged_at__isnull", False), ("score__range", (0, 100))),
                    _connector="OR",
                ),
                name="cases_conversationreview_closed_with_score",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversationreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replied_at", None), ("reply", "")),
                    models.Q(
                        ("replied_at__isnull", False), ("state", "CLOSED"), models.Q(("reply", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="cases_conversationreview_reply",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreitem",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_scoreitem_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="scoreitem",
            constraint=common.walls.AgencyRowSecurity(name="cases_scoreitem_rls"),
        ),
        migrations.AddConstraint(
            model_name="scoreitem",
            constraint=common.walls.CompositeForeignKey(
                field="card", name="cases_scoreitem_card_wall", to="cases_scorecard"
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreitem",
            constraint=models.UniqueConstraint(fields=("agency", "card", "order"), name="cases_scoreitem_order_key"),
        ),
        migrations.AddConstraint(
            model_name="scoreitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__range", (1, 9))), name="cases_scoreitem_weight"
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), ("label", ""), _negated=True), name="cases_scoreitem_named"
            ),
        ),
        migrations.AddIndex(
            model_name="itemmark",
            index=models.Index(fields=["agency", "item", "points"], name="cases_itemmark_item"),
        ),
        migrations.AddConstraint(
            model_name="itemmark",
            constraint=models.UniqueConstraint(fields=("agency", "id"), name="cases_itemmark_agency_id_key"),
        ),
        migrations.AddConstraint(
            model_name="itemmark",
            constraint=common.walls.AgencyRowSecurity(name="cases_itemmark_rls"),
        ),
        migrations.AddConstraint(
            model_name="itemmark",
            constraint=common.walls.CompositeForeignKey(
                field="review", name="cases_itemmark_review_wall", to="cases_conversationreview"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemmark",
            constraint=common.walls.CompositeForeignKey(
                field="item", name="cases_itemmark_item_wall", to="cases_scoreitem"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemmark",
            constraint=models.UniqueConstraint(fields=("agency", "review", "item"), name="cases_itemmark_key"),
        ),
        migrations.AddConstraint(
            model_name="itemmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("points", None), ("points__lte", 2), _connector="OR"), name="cases_itemmark_points"
            ),
        ),
        migrations.RunSQL(sql=JUDGED_STAYS, reverse_sql=JUDGED_MAY_CHANGE),
        append_only("cases_scoreitem", "cases_qualitysample"),
    ]
