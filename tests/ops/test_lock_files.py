"""The lock files install the same bytes everywhere, from whatever registry a machine uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["base.txt", "dev.txt"]
HOST = re.compile(r"(https?|git\+\w+|ssh|file)://|--(extra-)?index-url|--find-links|--trusted-host|(^|\s)-[if]\s", re.I)
NAMES_OF_LOCKS = {"uv.lock", "pylock.toml", "poetry.lock", "pdm.lock", "Pipfile.lock", "package-lock.json", "yarn.lock"}


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^ ;\\\n]+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", [*LOCKS, "base.in", "dev.in"])
def test_no_registry_is_named(name: str) -> None:
    lines = (ROOT / "requirements" / name).read_text().splitlines()

    assert [line for line in lines if HOST.search(line)] == []


def test_no_lock_file_that_names_registries_is_kept() -> None:
    kept = [path.name for path in ROOT.iterdir()] + [path.name for path in (ROOT / "requirements").iterdir()]

    assert NAMES_OF_LOCKS.isdisjoint(kept)


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_a_version_and_a_hash(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    packages = [entry for entry in entries if re.match(r"[a-z0-9]", entry)]

    assert packages
    assert [entry.split("\n")[0] for entry in packages if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_development_contains_the_product_at_the_same_versions() -> None:
    assert pins("base.txt").items() <= pins("dev.txt").items()
