"""Keys for machines: shown once, revocable, never more than their issuer may give."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from agencies import tokens
from agencies.middleware import AgencyScopeMiddleware
from agencies.models import ApiToken
from agencies.scope import agency_in_scope, agency_scope
from tests import factories

ADMINISTRATOR, COLLECTOR, CREDITOR_USER = "AGENCY_ADMINISTRATOR", "COLLECTOR", "CREDITOR_USER"


def call(secret):
    """What a request with this token meets: the membership, and the agency in scope."""
    seen = {}

    def view(request):
        seen.update(membership=request.membership, agency_id=agency_in_scope(), by_token=request.by_token)
        return HttpResponse()

    request = RequestFactory().get("/api/v1/", headers={"Authorization": f"Bearer {secret}"})
    request.user, request.session = AnonymousUser(), {}
    AgencyScopeMiddleware(view)(request)
    return seen


@pytest.fixture
def secret(agency, member):
    with agency_scope(agency.id):
        creditor_user = member(CREDITOR_USER)
        return tokens.issue_token(creditor_user, name="robot", by=creditor_user.user)[1]


def test_a_token_acts_as_its_member_in_its_agency(agency, secret):
    seen = call(secret)
    assert seen["agency_id"] == agency.id
    assert seen["membership"].role == CREDITOR_USER
    with agency_scope(agency.id):
        assert ApiToken.objects.get().last_used_on == timezone.now().date()


def test_a_revoked_token_is_nobody(agency, member, secret):
    administrator = member(ADMINISTRATOR)
    with agency_scope(agency.id):
        tokens.revoke(ApiToken.objects.get(), by=administrator, now=timezone.now())
    assert call(secret)["membership"] is None


def test_an_expired_token_is_nobody(agency, member):
    with agency_scope(agency.id):
        creditor_user = member(CREDITOR_USER)
        past = timezone.now() - timedelta(seconds=1)
        _token, secret = tokens.issue_token(creditor_user, name="robot", by=creditor_user.user, expires_at=past)
    assert call(secret)["membership"] is None


@pytest.mark.parametrize("secret", ["", "crm_guess", "x" * 5000])
def test_a_guess_is_nobody_even_with_a_session(db, member, secret):
    client = factories.client_of(member(ADMINISTRATOR))
    request = RequestFactory().get("/api/v1/", headers={"Authorization": f"Bearer {secret}"})
    request.user, request.session = member(ADMINISTRATOR).user, client.session
    seen = []
    AgencyScopeMiddleware(lambda inner: seen.append(inner.membership) or HttpResponse())(request)
    assert seen == [None]


def test_the_secret_is_shown_once(member):
    client = factories.client_of(member(ADMINISTRATOR))
    me = client.get("/me/").context["membership"]
    answer = client.post(
        reverse("api-tokens"), {"name": "bank", "membership": me.id, "scopes": ["cases:read"], "days": "90"}
    )
    secret = answer.context["secret"]
    assert secret.startswith("crm_")
    assert secret in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert secret not in client.get(reverse("api-tokens")).content.decode()
    assert call(secret)["membership"] == me


def test_an_administrator_looks_after_the_tokens_of_all_and_the_others_after_their_own(in_agency, member):
    administrator, creditor_user, manager = member(ADMINISTRATOR), member(CREDITOR_USER), member("MANAGER")
    for person in (creditor_user, manager):
        token, _secret = tokens.hand_out(person, name="robot", by=administrator, scopes=["cases:read"])
        assert token.by_another
    for issuer in (creditor_user, manager):
        with pytest.raises(tokens.TokenForSomebodyElse):
            tokens.hand_out(administrator, name="escalation", by=issuer, scopes=["cases:read"])


@pytest.mark.parametrize("scopes", [[], ["everything"], ["cases:read", "agency.settings"]])
def test_a_token_says_what_it_is_for(scopes, in_agency, member):
    mine = member("MANAGER")
    with pytest.raises(tokens.NoSuchScope):
        tokens.hand_out(mine, name="robot", by=mine, scopes=scopes)


def test_nobody_hands_out_anothers_yes(in_agency, member):
    administrator, coordinator = member(ADMINISTRATOR), member("COORDINATOR")
    with pytest.raises(tokens.DecidesForSomebodyElse):
        tokens.hand_out(coordinator, name="robot", by=administrator, scopes=["approvals:write"])
    own, _secret = tokens.hand_out(coordinator, name="robot", by=coordinator, scopes=["approvals:write"])
    assert "approvals:write" in own.granted
    older, _secret = tokens.issue_token(coordinator, name="before scopes", by=administrator.user)
    assert "approvals:write" not in older.granted
    assert "approvals:read" in older.granted


def test_people_choose_among_what_they_can_use(member):
    def offered(role):
        form = factories.client_of(member(role)).get(reverse("api-tokens")).context["form"]
        return [scope for scope, _label in form.fields["scopes"].choices]

    assert offered(COLLECTOR) == ["cases:read", "cases:write", "payments:read"]
    assert offered("LAW_FIRM_USER") == ["handoffs:read", "handoffs:write"]
    assert len(offered(ADMINISTRATOR)) == 10


def test_people_see_the_tokens_that_others_issued_for_them(agency, member):
    administrator, collector = member(ADMINISTRATOR, full_name="Vera Admin"), member(COLLECTOR)
    answer = factories.client_of(administrator).post(
        reverse("api-tokens"),
        {"name": "dialler", "membership": collector.id, "scopes": ["cases:read", "payments:read"], "days": "90"},
    )
    assert answer.context["secret"]
    client = factories.client_of(collector)
    page = client.get(reverse("api-tokens")).content.decode()
    for told in ("dialler", "Vera Admin", "Read payments and bank statements"):
        assert told in page
    assert reverse("api-tokens") in client.get(reverse("preferences")).content.decode()
    with agency_scope(agency.id):
        token = ApiToken.objects.get(name="dialler")
    assert client.post(reverse("api-token-revoke", args=[token.id])).status_code == 302
    assert call(answer.context["secret"])["membership"] is None


def test_a_creditor_sees_and_revokes_only_their_own(agency, member):
    mine, theirs = member(CREDITOR_USER), member(CREDITOR_USER)
    with agency_scope(agency.id):
        own, _secret = tokens.issue_token(mine, name="own", by=mine.user)
        foreign, _secret = tokens.issue_token(theirs, name="foreign", by=theirs.user)
    client = factories.client_of(mine)
    assert list(client.get(reverse("api-tokens")).context["tokens"]) == [own]
    assert client.post(reverse("api-token-revoke", args=[foreign.id])).status_code == 404


def test_a_token_opens_no_page(secret):
    answer = Client().get(reverse("api-tokens"), headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 302
