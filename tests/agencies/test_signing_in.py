"""Signing in: by e-mail, with a second factor where asked, slowed down for guessers, never by signing up."""

import re
from unittest.mock import ANY

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from agencies.models import User
from tests import factories

PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


def sign_in(user, password=PASSWORD, client=None):
    return (client or Client()).post(LOGIN, {"login": user.email, "password": password})


def test_people_sign_in_by_e_mail(member):
    assert sign_in(member("COLLECTOR").user).url == "/"


def test_a_wrong_password_does_not(member):
    assert sign_in(member("COLLECTOR").user, "wrong").status_code == 200


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/accounts/password/set/"])
def test_nobody_signs_up_alone(db, path):
    assert Client().get(path).status_code == 404


def test_a_guesser_is_slowed_down(member, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
    cache.clear()
    user = member("COLLECTOR").user
    for _n in range(5):
        sign_in(user, "wrong")
    answer = sign_in(user)
    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.content.decode()
    cache.clear()


def test_a_flood_from_one_address_is_refused(member, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    cache.clear()
    user = member("COLLECTOR").user
    answers = [sign_in(user, "wrong").status_code for _n in range(4)]
    assert answers == [200, 200, 200, 429]
    cache.clear()


def test_a_second_factor_is_asked_for(member):
    user, client = member("COLLECTOR").user, Client()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    assert sign_in(user, client=client).url == reverse("mfa_authenticate")
    assert client.get("/me/").status_code == 302
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post(reverse("mfa_authenticate"), {"code": code}).url == "/"
    assert client.get("/me/").status_code == 200


def test_an_agency_can_require_a_second_factor(agency, member):
    agency.requires_mfa = True
    agency.save()
    user = member("AGENCY_ADMINISTRATOR")
    client = factories.client_of(user)
    assert client.get(reverse("people")).url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    TOTP.activate(user.user, generate_totp_secret())
    assert client.get(reverse("people")).status_code == 200


def test_a_forgotten_password_is_reset_by_mail(member, mailoutbox):
    user = member("COLLECTOR").user
    Client().post("/accounts/password/reset/", {"email": user.email})
    path = re.search(r"(/accounts/password/reset/key/\S+)", mailoutbox[0].body).group(1)
    client = Client()
    form = client.get(path, follow=True)
    again = {"password1": "four quiet words here", "password2": "four quiet words here"}
    assert client.post(form.redirect_chain[-1][0], again).status_code == 302
    assert sign_in(user, "four quiet words here").url == "/"


def test_an_unknown_address_gets_the_same_answer(db, mailoutbox):
    answer = Client().post("/accounts/password/reset/", {"email": "nobody@example.test"})
    assert answer.url == reverse("account_reset_password_done")


def test_sessions_elsewhere_are_ended(member):
    here, there = (factories.client_of(person) for person in [member("COLLECTOR")] * 2)
    for browser in (here, there):
        assert browser.get("/me/").status_code == 200
    assert here.post(reverse("end-other-sessions")).status_code == 302
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "account_reauthenticate", "account_change_password", "mfa_index", "usersessions_list", "mfa_activate_totp",
        "mfa_add_webauthn", "mfa_reauthenticate", "account_inactive",
    ],
)  # fmt: skip
def test_every_page_about_signing_in_wears_our_coat(member, name):
    user = member("COLLECTOR").user
    client = Client()
    sign_in(user, client=client)
    page = client.get(reverse(name), follow=True)
    assert page.status_code == 200
    assert "css/base.css" in page.content.decode()


def test_recovery_codes_are_shown_once_a_second_factor_is_on(member):
    user, client = member("COLLECTOR").user, Client()
    sign_in(user, client=client)
    Authenticator.objects.create(user=user, type="totp", data={"secret": ANY.__class__.__name__})
    page = client.get(reverse("mfa_generate_recovery_codes"), follow=True)
    assert page.status_code == 200


def test_people_choose_language_looks_and_keys(member):
    membership = member("COLLECTOR")
    client = factories.client_of(membership)
    chosen = {"full_name": "Ana Rusu", "language": "ro", "theme": "dark", "density": "compact"}
    assert client.post(reverse("preferences"), chosen).status_code == 302
    user = User.objects.get(pk=membership.user_id)
    assert (user.full_name, user.language, user.theme, user.density) == ("Ana Rusu", "ro", "dark", "compact")
    assert client.get(reverse("preferences")).headers["Content-Language"] == "ro"


def test_a_refused_preference_keeps_what_was_typed(member):
    client = factories.client_of(member("COLLECTOR"))
    answer = client.post(
        reverse("preferences"), {"full_name": "", "language": "xx", "theme": "dark", "density": "cozy"}
    )
    assert answer.status_code == 422


def test_who_works_in_two_agencies_chooses_where(agency, other_agency, member):
    here = member("AGENCY_ADMINISTRATOR")
    with factories.agency_scope(other_agency.id):
        there = factories.Membership.objects.create(user=here.user, role="COLLECTOR")
    client = factories.client_of(here)
    assert {place.id for place in client.get("/me/").context["places"]} == {here.id, there.id}
    assert client.post(reverse("switch-agency"), {"membership": there.id}).status_code == 302
    assert client.get(reverse("people")).status_code == 403
    assert client.get("/me/").context["agency"] == other_agency


@pytest.mark.parametrize("value", ["x", "", "999999999"])
def test_nobody_switches_to_where_they_have_no_place(other_agency, member, value):
    factories.make_member(other_agency, "MANAGER")
    answer = factories.client_of(member("COLLECTOR")).post(reverse("switch-agency"), {"membership": value})
    assert answer.status_code == 404
