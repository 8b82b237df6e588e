import os, pytest
from django.utils import timezone
from agencies.scope import agency_scope
from agencies.invitations import invite
from agencies.tokens import issue_token
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from tests import factories
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

@pytest.mark.django_db(transaction=True, databases=["default", "platform"])
def test_pictures(live_server, agency, member):
    from playwright.sync_api import sync_playwright
    admin = member("AGENCY_ADMINISTRATOR", full_name="Elena Munteanu", is_platform_operator=True)
    with agency_scope(agency.id):
        team = factories.make_team("North"); factories.make_team("South", kind="FIELD")
        member("COLLECTOR", full_name="Ana Ceban", team=team)
        inv, secret = invite(email="new@example.test", role="COLLECTOR", team=team, by=admin, now=timezone.now())
        issue_token(admin, name="First Bank", by=admin.user)
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for w in (1366, 390):
            c = b.new_context(viewport={"width": w, "height": 768})
            page = c.new_page(); errors = []
            page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
            u = live_server.url
            def shot(path, name):
                page.goto(u + path); page.screenshot(path=f"/tmp/w/shots/a_{name}_{w}.png", full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                print(name, w, "overflow", wide, errors); errors.clear()
            shot("/accounts/login/", "login"); shot("/accounts/password/reset/", "reset"); shot(f"/join/{secret}/", "join"); shot("/join/x/", "over")
            page.goto(u + "/accounts/login/"); page.fill("[name=login]", admin.user.email); page.fill("[name=password]", "correct horse battery"); page.click("text=Sign in >> nth=-1") if False else page.press("[name=password]", "Enter"); page.wait_for_url("**/people/")
            for path, name in [("/people/", "people"), ("/people/teams/", "teams"), (f"/people/{admin.id}/", "person"), ("/api-tokens/", "tokens"), ("/agency/", "settings"), ("/audit/", "history"), ("/platform/", "platform"), ("/me/", "me"), ("/accounts/2fa/", "mfa"), ("/accounts/2fa/totp/activate/", "totp"), ("/accounts/2fa/webauthn/add/", "key"), ("/accounts/sessions/", "sessions"), ("/accounts/password/change/", "password"), ("/accounts/reauthenticate/", "reauth")]:
                shot(path, name)
        b.close()
