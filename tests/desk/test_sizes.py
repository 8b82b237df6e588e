"""What a first visit loads stays small, and pages carry nothing the content security policy would stop."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from cases.models import Case
from tests import factories

KILO = 1024
TEMPLATES = sorted(
    path
    for path in (settings.BASE_DIR / "templates").rglob("*.html")
    if not {"letters", "documents"} & set(path.parts) and "letter" not in path.name
)
"""Pages; letters and documents are printed, no browser shows them."""


def weight(files: Iterable[Path]) -> int:
    return sum(len(brotli.compress(file.read_bytes())) for file in files)


def own(kind: str) -> list[Path]:
    return sorted((settings.BASE_DIR / "static" / kind).glob(f"*.{kind}"))


def test_style_sheets_and_scripts_are_light() -> None:
    htmx = Path(str(finders.find("django_htmx/htmx-2.min.js")))

    assert weight(own("css")) <= 25 * KILO
    assert weight(own("js")) <= 40 * KILO
    assert weight([*own("css"), *own("js"), htmx]) <= 120 * KILO


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_carries_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*\ssrc=)(?![^>]*application/json)", text)


@pytest.mark.django_db
def test_every_key_of_the_desk_is_written_beside_what_it_does(
    collector: factories.Membership, queue_of: Callable[..., list[Case]]
) -> None:
    case = queue_of(collector, 1)[0]
    browser: Client = factories.client_of(collector)
    page = browser.get(f"/cases/{case.id}/").content.decode()

    assert set(re.findall(r'data-key="([a-z.])', page)) >= set("njcvtyoaz.els")
