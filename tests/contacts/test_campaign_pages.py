"""A campaign's pages: its messages and why they stand where they stand, what came too late, and other agencies."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from agencies.scope import agency_scope
from contacts import campaign_runs, campaigns, default_templates
from contacts.models import Campaign, Message
from tests import factories
from tests.browser import DATABASES, picture, serious_faults
from tests.contacts.makers import make_hold


@pytest.fixture
def coordinator(member):
    return member("COORDINATOR")


@pytest.fixture
def manager(member):
    return member("MANAGER")


def planned(by: Any, **fields: Any) -> Campaign:
    """A campaign to three cases, one of which the gate stops."""
    now = timezone.now()
    with agency_scope(by.agency_id):
        default_templates.create(by.agency)
        make_hold(factories.make_case(), "FRAUD")
        for _n in range(2):
            factories.make_case()
        values = {"channel": "SMS", "template_name": "payment-reminder", "stage": "PRE_SOFT", "starts_at": now}
        campaign = campaigns.plan(by=by, now=now, name="November reminder", **(values | fields))
        campaigns.forecast(campaign, now=now)
    return campaign


def running(by: Any, approver: Any, **fields: Any) -> Campaign:
    campaign, now = planned(by, **fields), timezone.now()
    with agency_scope(by.agency_id):
        campaigns.approve(campaign, by=approver, now=now)
        runs = campaign_runs.start_now(campaign, now=now)
    for run_id in runs:
        campaign_runs.plan(by.agency_id, run_id, clock=timezone.now)
    return campaign


def test_the_messages_of_a_campaign_lead_to_their_cases_and_tell_why(coordinator, manager):
    campaign = running(coordinator, manager)
    client, address = factories.client_of(coordinator), reverse("campaign-messages", args=[campaign.id])
    with agency_scope(coordinator.agency_id):
        stopped = Message.objects.get(state="REFUSED")
        others = list(Message.objects.exclude(id=stopped.id))
    for query, shown, hidden in (("", [stopped, *others], []), ("?code=STATUS_FRAUD", [stopped], others),
                                 ("?state=REFUSED", [stopped], others)):  # fmt: skip
        page = client.get(address + query).content.decode()
        assert "Fraud or identity theft is suspected" in page
        for message in shown:
            assert f'href="{reverse("case", args=[message.case_id])}"' in page
        for message in hidden:
            assert f'href="{reverse("case", args=[message.case_id])}"' not in page


def test_a_forecast_asked_for_too_late_is_told_and_changes_nothing(coordinator, manager):
    campaign = running(coordinator, manager)
    page = factories.client_of(coordinator).post(reverse("campaign-forecast", args=[campaign.id]), follow=True)
    assert "state does not allow this now" in page.content.decode()
    with agency_scope(coordinator.agency_id):
        assert Campaign.objects.get().state == "RUNNING"


@pytest.mark.parametrize("verb", ["forecast", "approve", "pause", "resume", "cancel"])
def test_another_agency_moves_nothing(other_agency, coordinator, verb):
    campaign = planned(coordinator)
    stranger = factories.client_of(factories.make_member(other_agency, "MANAGER"))
    address = reverse("campaign", args=[campaign.id]) + f"{verb}/"
    assert stranger.post(address).status_code == 404
    with agency_scope(coordinator.agency_id):
        assert Campaign.objects.get().state == "FORECAST"


@pytest.mark.parametrize("place", ["", "messages/", "cases/BLOCK/"])
def test_another_agency_reads_nothing(other_agency, coordinator, place):
    campaign = planned(coordinator)
    stranger = factories.client_of(factories.make_member(other_agency, "MANAGER"))
    assert stranger.get(reverse("campaign", args=[campaign.id]) + place).status_code == 404


@pytest.mark.django_db(transaction=True, databases=DATABASES)
def test_a_running_campaign_moves_by_itself_and_keeps_the_focus(coordinator, manager, sign_in):
    campaign = running(coordinator, manager, repeat_days=0)
    page = sign_in(coordinator)
    page.goto(reverse("campaign", args=[campaign.id]))
    pause = page.get_by_role("button", name="Pause")
    pause.focus()
    with agency_scope(coordinator.agency_id):
        message = Message.objects.filter(state="PENDING").first()
        Message.objects.filter(id=message.id).update(state="FAILED", pressed="1")
    expect(page.locator(".stat", has_text="Failed")).to_be_visible()
    expect(page.get_by_text("2 of 3 settled.")).to_be_visible()
    expect(pause).to_be_focused()
    assert serious_faults(page) == []
    picture(page, "campaign-running")
    pause.click()
    expect(page.get_by_role("status").filter(has_text="Paused").first).to_be_visible()
    page.goto(reverse("campaign-messages", args=[campaign.id]))
    picture(page, "campaign-messages")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("campaign", args=[campaign.id]))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, "campaign-phone")


@pytest.mark.django_db(transaction=True, databases=DATABASES)
def test_a_forecast_is_read_and_approved_by_the_second_person(coordinator, manager, sign_in):
    campaign = planned(coordinator)
    page = sign_in(manager)
    page.goto(reverse("campaigns"))
    picture(page, "campaigns")
    page.get_by_role("link", name="November reminder").click()
    expect(page.get_by_text("Fraud or identity theft is suspected")).to_be_visible()
    assert serious_faults(page) == []
    picture(page, "campaign-forecast")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("it starts when its time comes")).to_be_visible()
    with agency_scope(coordinator.agency_id):
        assert Campaign.objects.get(id=campaign.id).approved_by_id == manager.user_id
