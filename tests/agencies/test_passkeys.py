"""Passkeys in a real browser with a virtual authenticator: a member registers one and signs in with it alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser import DATABASES, serious_faults

pytestmark = pytest.mark.django_db(databases=DATABASES, transaction=True)

PASSWORD = "correct horse battery"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in_a_key(page: Page) -> None:
    """Let the browser have an authenticator whose owner always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def sign_in_with_password(page: Page, member: factories.Membership) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(member.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"^(?!.*/accounts/login/)"))


def register_a_passkey(page: Page) -> None:
    page.goto("/me/")
    page.get_by_role("link", name="Second factor and passkeys").click()
    page.locator("a[href$='/webauthn/add/']").click()
    page.locator("[name=password]").fill(PASSWORD)  # a new key is never added without asking who is there
    page.get_by_role("button", name="Confirm").click()
    page.locator("[name=passwordless]").check()
    assert serious_faults(page) == []
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile(r"^(?!.*/webauthn/add/)"))


def test_a_member_registers_a_passkey_and_signs_in_with_it_alone(
    member: Callable[..., Any], fresh_page: Callable[..., Page]
) -> None:
    collector = member("COLLECTOR")
    page = fresh_page()
    plug_in_a_key(page)
    sign_in_with_password(page, collector)
    register_a_passkey(page)
    keys = Authenticator.objects.filter(user=collector.user, type=Authenticator.Type.WEBAUTHN)
    assert keys.count() == 1
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"^(?!.*/accounts/login/)"))
    page.goto("/me/")
    expect(page.get_by_text("Second factor is on")).to_be_visible()


def test_a_passkey_that_is_not_used_says_so_and_offers_the_password(fresh_page: Callable[..., Page]) -> None:
    page = fresh_page()
    plug_in_a_key(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("sign in with your password")


def test_a_passkey_on_an_address_without_a_name_says_why_it_cannot_work(
    fresh_page: Callable[..., Page], live_server: Any
) -> None:
    page = fresh_page()
    page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("opened by its name")
