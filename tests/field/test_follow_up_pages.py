"""After visits: every page can be reached, and a coordinator sees what their own team left."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.scope import agency_scope
from field import follow_up
from field.models import Discrepancy
from tests import factories

pytestmark = pytest.mark.django_db
Member = Callable[..., factories.Membership]


def test_the_next_page_of_differences_and_incidents_is_one_click_away(agency: factories.Agency, member: Member) -> None:
    coordinator = member("COORDINATOR")
    with agency_scope(agency.id):
        case = factories.make_case()
        for number in range(31):
            about = {"by": coordinator, "now": timezone.now()}
            follow_up.report_difference(case, what=f"Garage {number:02}", recorded="", found="x", **about)
            follow_up.report_incident(case, text=f"Threat {number:02}", **about)
    client, url = factories.client_of(coordinator), reverse("field-follow-up")

    page = client.get(url).content.decode()
    assert "?differences=2" in page
    assert "?incidents=2" in page
    assert "Garage 30" not in page
    assert "Garage 30" in client.get(url, {"differences": 2}).content.decode()
    assert "Threat 30" in client.get(url, {"incidents": 2}).content.decode()


def test_a_coordinator_s_team_is_what_they_decide_on(agency: factories.Agency, member: Member) -> None:
    with agency_scope(agency.id):
        mine, theirs = (factories.make_team(name=name) for name in ("North", "South"))
    coordinator, manager = member("COORDINATOR", team=mine), member("MANAGER")
    with agency_scope(agency.id):
        for team in (mine, theirs, None):
            what = team.name if team else "Nobody's"
            case = factories.make_case(team=team)
            follow_up.report_difference(
                case, what=f"{what} garage", recorded="", found="x", by=manager, now=timezone.now()
            )
        foreign = Discrepancy.objects.get(what="South garage")
    client, url = factories.client_of(coordinator), reverse("field-follow-up")

    page = client.get(url).content.decode()
    assert ("North garage" in page, "South garage" in page) == (True, False)
    assert "Nobody&#x27;s garage" in page
    assert "South garage" in factories.client_of(manager).get(url).content.decode()
    answer = client.post(reverse("field-discrepancy", args=[foreign.id]), {"resolution": "Asked"})
    assert answer.status_code == 404


def test_the_navigation_counts_what_waits(agency: factories.Agency, member: Member) -> None:
    """S003-16, S004-38: nobody has to open the page to learn that something waits."""
    coordinator = member("COORDINATOR")
    client, url = factories.client_of(coordinator), reverse("field-follow-up")
    assert 'nav-count">' not in client.get(url).content.decode()

    with agency_scope(agency.id):
        case, about = factories.make_case(), {"by": coordinator, "now": timezone.now()}
        made = follow_up.report_difference(case, what="Garage", recorded="", found="x", **about)
        follow_up.report_incident(case, text="Threat", **about)
    assert 'nav-count">2<' in client.get(url).content.decode()

    client.post(reverse("field-discrepancy", args=[made.id]), {"resolution": "Asked"})
    assert 'nav-count">1<' in client.get(url).content.decode()
