"""People's places: changed by an administrator, ended at once, never so that nobody is left to manage."""

import pytest
from django.test import Client
from django.utils import timezone

from agencies import people, teams
from agencies.models import ApiToken, Membership, Team
from agencies.roles import ROLES
from agencies.tokens import issue_token
from audit.models import Event
from tests import factories

ADMINISTRATOR, COLLECTOR = "AGENCY_ADMINISTRATOR", "COLLECTOR"


def now():
    return timezone.now()


def test_a_new_place_counts_and_is_history(in_agency, member):
    administrator, collector, team = member(ADMINISTRATOR), member(COLLECTOR), factories.make_team("North")
    people.change_place(collector, role="COORDINATOR", team=team, capacity=50, by=administrator, now=now())
    saved = Membership.objects.get(pk=collector.pk)
    assert (saved.role, saved.team, saved.capacity) == ("COORDINATOR", team, 50)
    event = Event.objects.get(kind=people.PLACED)
    assert (event.actor_id, event.subject_id) == (administrator.user_id, collector.pk)


def test_nobody_changes_their_own_role_or_ends_their_own_access(in_agency, member):
    administrator = member(ADMINISTRATOR)
    member(ADMINISTRATOR)
    with pytest.raises(people.OwnPlace):
        people.change_place(administrator, role=COLLECTOR, team=None, capacity=1, by=administrator, now=now())
    with pytest.raises(people.OwnPlace):
        people.deactivate(administrator, by=administrator, now=now())


def test_the_last_administrator_stays(in_agency, member):
    last, manager = member(ADMINISTRATOR), member("MANAGER")
    with pytest.raises(people.LastAdministrator):
        people.change_place(last, role=COLLECTOR, team=None, capacity=1, by=manager, now=now())
    with pytest.raises(people.LastAdministrator):
        people.deactivate(last, by=manager, now=now())


def test_an_administrator_may_go_when_another_stays(in_agency, member):
    going, staying = member(ADMINISTRATOR), member(ADMINISTRATOR)
    people.deactivate(going, by=staying, now=now())
    assert not Membership.objects.get(pk=going.pk).is_active


@pytest.mark.parametrize(("before", "after"), [("CREDITOR_USER", COLLECTOR), (COLLECTOR, "LAW_FIRM_USER")])
def test_staff_and_outsiders_do_not_change_places(in_agency, member, before, after):
    with pytest.raises(people.RoleOfAnotherKind):
        people.change_place(member(before), role=after, team=None, capacity=1, by=member(ADMINISTRATOR), now=now())


def test_an_unknown_role_is_refused(in_agency, member):
    with pytest.raises(people.RoleNotKnown):
        people.change_place(member(COLLECTOR), role="KING", team=None, capacity=1, by=member(ADMINISTRATOR), now=now())


def test_access_ends_at_once_everywhere(agency, member):
    collector, administrator = member(COLLECTOR), member(ADMINISTRATOR)
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.post("/accounts/login/", {"login": collector.user.email, "password": "correct horse battery"})
    with factories.agency_scope(agency.id):
        _token, secret = issue_token(collector, name="robot", by=collector.user)
    assert browsers[0].get("/me/").status_code == 200
    with factories.agency_scope(agency.id):
        people.deactivate(collector, by=administrator, now=now())
    for browser in browsers:
        assert browser.get("/me/").url.startswith("/accounts/login/")
    answer = browsers[0].get("/api/v1/case-files/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code in (401, 403, 404)
    with factories.agency_scope(agency.id):
        assert ApiToken.objects.get().revoked_at is not None


def test_access_is_given_again_with_the_old_role(in_agency, member):
    collector, administrator = member(COLLECTOR), member(ADMINISTRATOR)
    people.deactivate(collector, by=administrator, now=now())
    people.reactivate(collector, by=administrator, now=now())
    saved = Membership.objects.get(pk=collector.pk)
    assert (saved.is_active, saved.role) == (True, COLLECTOR)


def test_team_names_are_unique_in_an_agency(in_agency, member):
    factories.make_team("North")
    with pytest.raises(teams.TeamExists):
        teams.save_team(Team(name="North"), by=member(ADMINISTRATOR), now=now())


def test_a_team_with_people_is_not_closed(in_agency, member):
    team = factories.make_team()
    member(COLLECTOR, team=team)
    with pytest.raises(teams.TeamInUse):
        teams.close_team(team, by=member(ADMINISTRATOR), now=now())


def test_a_team_with_cases_is_not_closed(in_agency, member):
    team = factories.make_team()
    factories.make_case(team=team)
    with pytest.raises(teams.TeamInUse):
        teams.close_team(team, by=member(ADMINISTRATOR), now=now())


def test_an_empty_team_is_closed(in_agency, member):
    team = factories.make_team()
    teams.close_team(team, by=member(ADMINISTRATOR), now=now())
    assert not Team.objects.exists()


@pytest.mark.parametrize("role", ROLES.values())
def test_every_role_signs_in_and_none_operates_the_platform(role):
    assert "signed_in" in role.permissions
    assert "platform.operate" not in role.permissions


@pytest.mark.parametrize("role", [role for role in ROLES.values() if role.outside])
def test_outsiders_never_see_the_desk_or_the_people(role):
    assert not role.permissions & {"cases.view", "cases.work", "team.manage", "audit.view", "agency.settings"}
