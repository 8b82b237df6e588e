"""The clock: what it starts is found in rows, so that a lost, late or doubled tick is harmless."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from agencies.scope import agency_scope
from contacts import campaigns, default_templates, tasks
from contacts.models import Campaign, CampaignRun, Message
from tests import factories
from tests.contacts.test_outbox import arrived, carrier, put, states

__all__ = ["carrier"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "platform"])


def approved_campaign(agency: Any, member: Any) -> None:
    agency.contact_profile = {"flags": ["profile:no_practice"]}
    agency.save()
    planner, manager = member("COORDINATOR"), member("MANAGER")
    now = timezone.now()
    with agency_scope(agency.id):
        default_templates.create(agency)
        factories.make_case(debtor=factories.make_debtor(phone="+37368100001"))
        campaign = campaigns.plan(
            by=planner, now=now, name="Due now", channel="SMS", template_name="payment-reminder", stage="PRE_SOFT",
            starts_at=now - timedelta(minutes=1),
        )  # fmt: skip
        campaigns.forecast(campaign, now=now)
        campaigns.approve(campaign, by=manager, now=now)


def test_the_sweep_sends_what_was_left_behind(agency, carrier):
    put(agency, ["+37368100001"])
    assert tasks.sweep() == 1
    carrier.wait_until_quiet()
    assert states(agency) == {"+37368100001": "DELIVERED"}


def test_two_sweeps_at_once_are_one(agency):
    put(agency, ["+37368100001"])
    other = connections["platform"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [tasks._SWEEP_LOCK])
        assert tasks.sweep() == 0
    finally:
        other.close()


def test_a_quiet_house_needs_no_sweep(agency):
    assert tasks.sweep() == 0


def test_a_due_campaign_reaches_the_phone_and_ends(agency, member, carrier):
    approved_campaign(agency, member)
    assert tasks.start_due_campaigns() == 1
    carrier.wait_until_quiet()
    assert arrived(carrier) == ["+37368100001"]
    tasks.start_due_campaigns()
    with agency_scope(agency.id):
        assert Campaign.objects.get().state == "DONE"


def test_two_clocks_start_one_run(agency, member, carrier):
    approved_campaign(agency, member)
    tasks.start_due_campaigns()
    tasks.start_due_campaigns()
    with agency_scope(agency.id):
        assert CampaignRun.objects.count() == 1
        assert Message.objects.count() == 1
