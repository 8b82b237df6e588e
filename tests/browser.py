"""A real browser for tests: `sign_in(member)` gives a page of a member who is signed in, `fresh_page` a stranger's.

Every test may ask for them (`tests.conftest`); tests that do need `transaction=True` and all databases of the run.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import factories

CHROMIUM = "/usr/bin/chromium"
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
DATABASES = ["default", "platform", "owner"]

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver keeps a loop in the test's own thread


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture
def fresh_page(live_server: Any, chromium: Browser, contexts: list[BrowserContext]) -> Callable[..., Page]:
    """fresh_page(viewport=…, color_scheme="dark", java_script_enabled=False) gives a page of nobody."""

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, **({"viewport": LAPTOP, "reduced_motion": "reduce"} | options)
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    return open_page


@pytest.fixture
def sign_in(live_server: Any, fresh_page: Callable[..., Page]) -> Callable[..., Page]:
    """sign_in(member, color_scheme="dark") gives a page in which the member is signed in."""

    def signed_in(member: factories.Membership, **options: Any) -> Page:
        page = fresh_page(**options)
        session = factories.client_of(member).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return signed_in


def serious_faults(page: Page) -> list[str]:
    """What axe finds on the page that keeps people out: rule and elements."""
    found = Axe().run(page)
    return [
        f"{fault['id']}: {[node['target'] for node in fault['nodes']][:3]}"
        for fault in found.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page when `PICTURES` names a folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
