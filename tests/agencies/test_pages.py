"""Every page of the agency, tried by the four visitors: the right role, the wrong role, nobody, the other agency."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.invitations import invite
from agencies.models import Agency
from agencies.scope import agency_scope
from agencies.tokens import issue_token
from tests import factories

ADMINISTRATOR, COLLECTOR = "AGENCY_ADMINISTRATOR", "COLLECTOR"
PAGES = ["people", "teams", "api-tokens", "agency-settings", "history"]


@pytest.fixture
def rows(agency, member):
    """One row of each kind in the agency, by the name of the address's argument."""
    other = member(COLLECTOR)
    with agency_scope(agency.id):
        team = factories.make_team()
        invitation, _secret = invite(email="new@example.test", role=COLLECTOR, by=other, now=timezone.now())
        token, _secret = issue_token(other, name="robot", by=other.user)
    return {"membership_id": other.id, "team_id": team.id, "invitation_id": invitation.id, "token_id": token.id}


def address(name, rows):
    argument = {
        "person": "membership_id", "person-deactivate": "membership_id", "person-reactivate": "membership_id",
        "invitation-withdraw": "invitation_id", "invitation-again": "invitation_id", "team": "team_id",
        "team-close": "team_id", "api-token-revoke": "token_id",
    }.get(name)  # fmt: skip
    return reverse(name, kwargs={argument: rows[argument]} if argument else None)


@pytest.mark.parametrize("name", [*PAGES, "person", "team", "preferences"])
def test_an_administrator_opens_the_page(name, member, rows):
    assert factories.client_of(member(ADMINISTRATOR)).get(address(name, rows)).status_code == 200


@pytest.mark.parametrize("name", [*(page for page in PAGES if page != "api-tokens"), "person", "team"])
def test_a_collector_may_not(name, member, rows):
    assert factories.client_of(member(COLLECTOR)).get(address(name, rows)).status_code == 403


@pytest.mark.parametrize("name", [*PAGES, "person", "team", "preferences", "home", "platform"])
def test_nobody_is_sent_to_sign_in(name, rows):
    response = Client().get(address(name, rows))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


DEEDS = [
    "person-deactivate", "person-reactivate", "invitation-withdraw", "invitation-again", "team-close",
    "api-token-revoke",
]  # fmt: skip


@pytest.mark.parametrize("name", ["person", "team", *DEEDS])
def test_the_rows_of_another_agency_do_not_exist(name, other_agency, rows):
    stranger = factories.client_of(factories.make_member(other_agency, ADMINISTRATOR))
    assert stranger.post(address(name, rows), {"role": COLLECTOR}).status_code == 404


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_by_the_right_role_leads_back_to_the_list(name, member, rows):
    response = factories.client_of(member(ADMINISTRATOR)).post(address(name, rows))
    assert response.status_code == 302


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_is_never_done_by_following_a_link(name, member, rows):
    assert factories.client_of(member(ADMINISTRATOR)).get(address(name, rows)).status_code == 405


def test_home_leads_a_role_to_its_work(member):
    response = factories.client_of(member(ADMINISTRATOR)).get("/")
    assert response.url == reverse("people")


def test_a_person_without_a_place_is_told_so(db):
    client = Client()
    client.force_login(factories.make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get("/")
    assert response.status_code == 403
    assert b"You have no place in an agency" in response.content


def test_settings_are_saved_and_the_law_can_only_be_tightened(agency, member):
    client = factories.client_of(member(ADMINISTRATOR))
    fields = {
        "name": "Nistru Collect SRL", "language": "ro", "call_cost": "0.10", "sms_cost": "0.02", "letter_cost": "1",
        "flags": ["profile:RO_SATURDAY_OK"], "holidays": "MD 2026-10-14\nMD 2026-10-15", "tighten": "[]",
    }  # fmt: skip
    assert client.post(reverse("agency-settings"), fields).status_code == 302
    saved = Agency.objects.get(id=agency.id)
    assert (saved.name, str(saved.sms_cost)) == ("Nistru Collect SRL", "0.0200")
    assert saved.contact_profile == {
        "flags": ["profile:RO_SATURDAY_OK"], "holidays": {"MD": ["2026-10-14", "2026-10-15"]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("holidays", "tomorrow", "is not a country and a day"),
        ("tighten", '{"id": "x"}', "This is a list of rules"),
        ("tighten", '[{"id": "MD.X"}]', "A rule does not follow the schema"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_a_reason(member, field, value, sentence):
    fields = {"name": "N", "language": "ro", "call_cost": "0", "sms_cost": "0", "letter_cost": "0", field: value}
    response = factories.client_of(member(ADMINISTRATOR)).post(reverse("agency-settings"), fields)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_the_history_page_is_narrowed_and_turned(agency, member):
    administrator = member(ADMINISTRATOR)
    with agency_scope(agency.id):
        for n in range(55):
            invite(email=f"p{n}@example.test", role=COLLECTOR, by=administrator, now=timezone.now())
    client = factories.client_of(administrator)
    first = client.get(reverse("history"))
    assert len(first.context["entries"]) == 50
    second = client.get(reverse("history"), {"before": first.context["older"]})
    assert len(second.context["entries"]) == 5
    assert not client.get(reverse("history"), {"kind": "token.issued"}).context["entries"]
    assert client.get(reverse("history"), {"before": "9" * 40}).status_code == 200
