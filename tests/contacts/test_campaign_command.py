"""`run_campaign`: a campaign by its number or name, from the outbox to the phone, against a carrier that talks back."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies.scope import agency_scope
from contacts import campaigns
from contacts.models import Campaign, Message
from tests.contacts.test_outbox import arrived, carrier
from tests.contacts.test_tasks import approved_campaign

__all__ = ["carrier"]

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "platform"])


def run(*args: Any) -> str:
    out = StringIO()
    call_command("run_campaign", *args, stdout=out)
    return out.getvalue()


def test_a_campaign_goes_from_its_name_to_the_phone(agency, member, carrier):
    approved_campaign(agency, member)
    assert "1 cases judged." in run(agency.slug, "Due now")
    carrier.wait_until_quiet()
    assert arrived(carrier) == ["+37368100001"]
    with agency_scope(agency.id):
        campaign = Campaign.objects.get()
        assert campaign.state == "DONE"
        assert [(str(state), n) for state, n in campaigns.progress(campaign)["states"]] == [("DELIVERED", 1)]


def test_planned_only_nothing_leaves(agency, member, carrier):
    approved_campaign(agency, member)
    with agency_scope(agency.id):
        number = Campaign.objects.get().id
    run(agency.slug, str(number), "--plan-only")
    with agency_scope(agency.id):
        assert list(Message.objects.values_list("state", flat=True)) == ["PENDING"]
    assert arrived(carrier) == []


def test_what_is_not_approved_or_not_there_does_not_run(agency, other_agency, member):
    approved_campaign(agency, member)
    with agency_scope(agency.id):
        number = Campaign.objects.get().id
        Campaign.objects.update(state="PAUSED")
    for where, which, said in (
        (agency.slug, "Due now", "must be approved"),
        (agency.slug, "Another", "no campaign"),
        (other_agency.slug, str(number), "no campaign"),
        ("nowhere", "Due now", "no agency"),
    ):
        with pytest.raises(CommandError, match=said):
            run(where, which)


def test_one_of_two_with_the_same_name_is_asked_for_by_number(agency, member):
    approved_campaign(agency, member)
    with agency_scope(agency.id):
        twin = Campaign.objects.get()
        twin.pk = None
        twin.save()
    with pytest.raises(CommandError, match="Several campaigns"):
        run(agency.slug, "Due now")
