"""The documents say what is there: links lead somewhere, commands exist, dependencies and words are in step."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from collections_crm.demo import cast, court

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
WRITTEN_FOR_PEOPLE = sorted(
    [*(path for path in DOCUMENTS if path.name != "glossary.md"), *ROOT.glob("templates/**/*.html")]
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")
FORBIDDEN = ("debtor account", "debt file", "wrap-up code", "call result", "blacklist", "loan account")
"""From the glossary's words to avoid: those that cannot stand in a sentence by chance."""


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links(document: Path) -> Iterator[tuple[str, str]]:
    """Path and anchor of every link of a document that stays in the house."""
    text = re.sub(r"```.*?```", "", read(document), flags=re.DOTALL)
    for target in LINK.findall(text):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = unquote(target).partition("#")
            yield path, anchor


def anchors(document: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", read(document), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def required(name: str) -> set[str]:
    lines = read(ROOT / "requirements" / name).splitlines()
    return {match[1].lower() for line in lines if (match := NAME.match(line.strip()))}


def documented(section: int) -> set[str]:
    table = read(ROOT / "docs" / "dependencies.md").split("\n## ")[section].partition("|---|---|")[2]
    rows = re.findall(r"^\| ([A-Za-z0-9][A-Za-z0-9._-]*) \| .+ \|$", table, flags=re.MULTILINE)
    return {name.lower() for name in rows}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document):
    dead = []
    for path, anchor in links(document):
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(f"{path}#{anchor}" if anchor else path)
    assert dead == []


def test_every_document_is_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        reached.add(document)
        found = [(document.parent / path).resolve() for path, _ in links(document) if path.endswith(".md")]
        waiting += [path for path in found if path.exists() and path not in reached]
    assert [str(path.relative_to(ROOT)) for path in DOCUMENTS if path not in reached] == []


def test_every_decision_is_in_the_list_of_decisions():
    records = {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}
    assert records == {path for path, _ in links(ROOT / "docs" / "adr" / "README.md") if path.startswith("0")}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_that_is_named_exists(document):
    targets = set(re.findall(r"^([a-z][a-z-]*):", read(ROOT / "Makefile"), flags=re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z][a-z-]*)", read(document), flags=re.MULTILINE)) <= targets


@pytest.mark.parametrize(("section", "name"), [(1, "base.in"), (2, "dev.in")])
def test_every_direct_dependency_has_its_line_and_no_line_is_left_over(section, name):
    assert documented(section) == required(name)


@pytest.mark.parametrize("path", WRITTEN_FOR_PEOPLE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_word_to_avoid_is_written(path):
    text = read(path).lower()
    assert [word for word in FORBIDDEN if word in text] == []


def test_the_words_to_avoid_are_those_of_the_glossary():
    avoided = read(ROOT / "docs" / "glossary.md").split("## Words to avoid")[1].split("\n## ")[0].lower()
    assert [word for word in FORBIDDEN if word not in avoided] == []


def test_the_glossary_names_each_word_once():
    trade = read(ROOT / "docs" / "glossary.md").split("## Words to avoid")[0]
    words = re.findall(r"^\| ([^|]+) \|", trade, flags=re.MULTILINE)
    assert len(words) == len({word.lower() for word in words})


def test_the_folders_of_the_readme_exist():
    table = read(ROOT / "README.md").split("## The house")[1].split("\n## ")[0]
    folders = [
        name for row in re.findall(r"^\| (`.+?) \|", table, flags=re.MULTILINE) for name in re.findall(r"`(.+?)/`", row)
    ]
    assert folders
    assert [name for name in folders if not (ROOT / name).is_dir()] == []


def test_the_licence_is_apache_two():
    licence = read(ROOT / "LICENSE")
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert 'license = "Apache-2.0"' in read(ROOT / "pyproject.toml")


def test_the_logins_of_the_readme_are_those_of_the_demo():
    logins = {f"{login}@{house.slug}.example" for house in cast.HOUSES for login, *_ in house.people}
    logins |= {f"admin@{house.slug}.example" for house in cast.HOUSES} | {cast.OPERATOR}
    logins |= {login for login, *_ in cast.CREDITOR_LOGINS.values()} | {
        firm[2] for firms in court.FIRMS.values() for firm in firms
    }
    named = set(re.findall(r"[\w.]+@[\w.]+\.example", read(ROOT / "README.md")))
    assert named
    assert named <= logins
    assert f"`{cast.PASSWORD}`" in read(ROOT / "README.md")
