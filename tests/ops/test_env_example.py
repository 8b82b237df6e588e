""".env.example tells operators of every setting, and of no other."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from collections_crm import env

ROOT = Path(__file__).resolve().parents[2]
READERS = {"text", "flag", "integer", "decimal", "csv", "url", "present"}
OPERATORS_ONLY = ("docker-compose.yml", "deploy/gunicorn.conf.py", "Makefile")
EXAMPLE = (ROOT / ".env.example").read_text()


def settings_in_code() -> set[str]:
    """Every name that code of the product reads through `collections_crm.env`, or through settings' `_secret`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    product = [path for path in listed if not path.startswith("tests/") and (ROOT / path).exists()]
    return {name for path in product for name in names_read(ast.parse((ROOT / path).read_text()))}


def names_read(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        called = node.func
        by_reader = (
            isinstance(called, ast.Attribute)
            and called.attr in READERS
            and isinstance(called.value, ast.Name)
            and called.value.id == "env"
        )
        if by_reader or (isinstance(called, ast.Name) and called.id == "_secret"):
            found.add(str(node.args[0].value))
    return found


def settings_in_example() -> list[str]:
    return re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=", EXAMPLE, flags=re.MULTILINE)


def test_every_setting_is_in_the_example() -> None:
    assert settings_in_code() - set(settings_in_example()) == set()


def test_the_example_has_no_setting_that_nothing_reads() -> None:
    others = "\n".join((ROOT / path).read_text() for path in OPERATORS_ONLY)
    unread = set(settings_in_example()) - settings_in_code()

    assert {name for name in unread if not re.search(rf"\b{name}\b", others)} == set()


def test_no_setting_is_listed_twice() -> None:
    names = settings_in_example()

    assert len(names) == len(set(names))


def test_every_setting_or_group_has_a_comment_above() -> None:
    uncommented = []
    explained = False
    for line in EXAMPLE.splitlines():
        if re.match(r"(# )?[A-Z][A-Z0-9_]*=", line):
            if not explained:
                uncommented.append(line)
        else:
            explained = line.startswith("# ")

    assert uncommented == []


def test_the_example_holds_no_secret() -> None:
    secrets = re.findall(r"^(\w*(?:SECRET|PASSWORD|TOKEN|KEYS?)\w*)=(.+)$", EXAMPLE, flags=re.MULTILINE)

    assert secrets == []


def test_what_settings_read_at_start_is_known_to_the_reader() -> None:
    from django.conf import settings

    assert settings.SECRET_KEY
    assert set(env.asked()) & {"SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_BASE_URL"}
