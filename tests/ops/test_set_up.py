"""What set-up does on a machine that has nothing yet, and on one that has everything."""

from __future__ import annotations

import ast
import gettext
import re
import sys
from pathlib import Path

import pytest

from scripts import messages, progress, set_up

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The programs that set-up would run, in an environment that is there and has no stamp yet."""
    ran: list[list[str]] = []
    monkeypatch.setattr(set_up, "run", lambda command, **more: ran.append(command))
    monkeypatch.setattr(set_up, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(set_up, "environment_works", lambda: True)
    return ran


@pytest.mark.parametrize("name", ["set_up.py", "progress.py"])
def test_set_up_needs_nothing_but_python(name: str) -> None:
    tree = ast.parse((ROOT / "scripts" / name).read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {module.split(".")[0] for module in imported} <= {*sys.stdlib_module_names, "scripts"}


def test_a_plain_user_is_shown_the_command_for_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "DEMO_PACKAGES", {"libpango-1.0-0": lambda: False, "fonts-dejavu-core": lambda: True})
    monkeypatch.setattr(set_up.os, "geteuid", lambda: 1000)

    with pytest.raises(set_up.CannotSetUp) as refused:
        set_up.add_packages("demo")

    assert "sudo apt-get install --yes --no-install-recommends libpango-1.0-0\n" in str(refused.value)


def test_root_has_missing_packages_installed(monkeypatch: pytest.MonkeyPatch, commands: list[list[str]]) -> None:
    state = iter([False, True])
    monkeypatch.setattr(set_up, "DEMO_PACKAGES", {"libpango-1.0-0": lambda: next(state)})
    monkeypatch.setattr(set_up.os, "geteuid", lambda: 0)
    monkeypatch.setattr(set_up.shutil, "which", lambda name, **more: f"/usr/bin/{name}")

    assert set_up.add_packages("demo") == "installed libpango-1.0-0"
    assert [command[:2] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]


def test_only_tests_need_a_browser() -> None:
    assert "chromium" in set_up.TEST_PACKAGES
    assert "chromium" not in set_up.DEMO_PACKAGES


def test_packages_are_installed_with_hashes_once(commands: list[list[str]]) -> None:
    assert set_up.make_environment("demo") == "installed requirements/base.txt"
    assert set_up.make_environment("demo") == "up to date"

    (command,) = commands
    assert "--require-hashes" in command


def test_a_changed_lock_file_is_installed_again(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    set_up.make_environment("demo")
    monkeypatch.setattr(set_up, "lock_digest", lambda name: f"another {name}")

    set_up.make_environment("demo")

    assert len(commands) == 2


def test_after_the_tests_the_demo_has_all_it_needs(commands: list[list[str]]) -> None:
    set_up.make_environment("test")

    assert set_up.make_environment("demo") == "up to date"


def test_after_the_demo_the_tests_need_more(commands: list[list[str]]) -> None:
    set_up.make_environment("demo")

    assert set_up.make_environment("test") == "installed requirements/dev.txt"


def test_a_step_tells_number_name_time_and_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    steps = progress.Steps(3, first=2)

    with steps.step("Tables") as remark:
        remark("up to date")

    assert re.match(r"\[2/3\] Tables: \d+\.\d s \(up to date\)", capsys.readouterr().out)


def test_a_step_that_fails_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), progress.Steps(1).step("Tables"):
        raise ZeroDivisionError

    assert "[1/1] Tables: stopped after" in capsys.readouterr().out


def test_translations_are_compiled_without_gettext_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "locale" / "ro" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Debtor"\nmsgstr "Debitor"\n\n'
        '#, fuzzy\nmsgid "Creditor"\nmsgstr "Debitor"\n'
    )
    monkeypatch.setattr(messages, "ROOT", tmp_path)

    assert messages.compile_changed() == 0
    assert messages.compile_changed() == 0

    assert capsys.readouterr().out == "compiled 1\nup to date\n"
    with (folder / "django.mo").open("rb") as compiled:
        words = gettext.GNUTranslations(compiled)
    assert words.gettext("Debtor") == "Debitor"
    assert words.gettext("Creditor") == "Creditor"
