"""Catalogues are in step with code and templates; all five languages are complete; placeholders survive.

Needs Debian's gettext (`xgettext`), which `make test` installs.
"""

import re
import subprocess
from pathlib import Path

import polib
import pytest
from django.utils.translation import templatize

from collections_crm.management.commands.makemessages import Command
from scripts.messages import LANGUAGES, NOT_OURS

ROOT = Path(__file__).resolve().parents[1]
COMPLETE = ["ro", "it", "cs", "lt"]
NOT_SHOWN = (*NOT_OURS, "tests", "docs", "requirements")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|%%")
KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3", "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)  # fmt: skip
CEDILLAS = re.compile("[şţŞŢ]")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


def sentence(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def loses_placeholders(entry: polib.POEntry) -> bool:
    """Whether a form lacks a placeholder or has one of its own; a singular may spell the number out."""
    expected = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    optional = expected - set(PLACEHOLDER.findall(entry.msgid))
    return any(form and not expected - optional <= set(PLACEHOLDER.findall(form)) <= expected for form in forms(entry))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Every sentence marked for translation, as (context, English)."""
    folder = tmp_path_factory.mktemp("source")
    for pattern in ("**/*.py", "**/*.html", "**/*.txt"):
        for path in ROOT.glob(pattern):
            name = path.relative_to(ROOT)
            if name.parts[0] in NOT_SHOWN or any(part.startswith(".") for part in name.parts):
                continue
            text = path.read_text(encoding="utf-8")
            copy = folder / f"{name}.py"
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text if path.suffix == ".py" else templatize(text, origin=str(name)), encoding="utf-8")
    files = sorted(str(path.relative_to(folder)) for path in folder.glob("**/*.py"))
    keywords = [*(f"--keyword={word}" for word in KEYWORDS), *Command.xgettext_options]
    command = ["xgettext", "--language=Python", "--from-code=UTF-8", *keywords, "--output=all.pot", *files]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return {sentence(entry) for entry in polib.pofile(str(folder / "all.pot"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_in_step_with_the_source(language, source):
    kept = {sentence(entry) for entry in catalogue(language) if not entry.obsolete}
    assert (sorted(source - kept), sorted(kept - source)) == ([], [])


@pytest.mark.parametrize("language", COMPLETE)
def test_every_sentence_is_translated(language):
    missing = [entry.msgid for entry in catalogue(language) if not all(forms(entry)) and not entry.obsolete]
    assert missing == []


@pytest.mark.parametrize("language", COMPLETE)
def test_no_translation_is_doubtful(language):
    assert [entry.msgid for entry in catalogue(language) if entry.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language):
    assert [entry.msgid for entry in catalogue(language) if loses_placeholders(entry)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_knows_its_language_and_plurals(language):
    metadata = catalogue(language).metadata
    assert metadata["Language"] == language
    assert "nplurals=" in metadata["Plural-Forms"]


def test_romanian_is_written_with_comma_below():
    assert [entry.msgid for entry in catalogue("ro") if any(CEDILLAS.search(form) for form in forms(entry))] == []
