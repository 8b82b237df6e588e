"""Every behaviour of the seeds has its row, and what is called done is shown by tests that say so themselves."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "seed-coverage.md"
LAST = {"S000": 26, "S001": 18, "S002": 14, "S003": 26, "S004": 80}
"""The number of the last id of each seed; the first is 1, and none is left out."""
STATES = {"done", "later", "not ours"}
CITED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


class Row(NamedTuple):
    id: str
    behaviour: str
    state: str
    where: str


def rows() -> list[Row]:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| S")]
    return [Row(*row) for row in cells]


@cache
def docstrings(path: str) -> dict[str, str]:
    """The docstring of each test in a file of the repository; none at all where there is no such file."""
    file = ROOT / path
    tree = ast.parse(file.read_text(encoding="utf-8") if file.is_file() else "")
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_docstring(node) or "" for node in found if node.name.startswith("test_")}


def test_each_id_of_the_seeds_has_one_row():
    wanted = [f"{seed}-{number:02}" for seed, last in LAST.items() for number in range(1, last + 1)]
    assert [row.id for row in rows()] == wanted


def test_each_row_has_a_known_state_and_words():
    assert [row.id for row in rows() if row.state not in STATES or len(row.behaviour.split()) < 3] == []


def test_what_is_not_done_says_why():
    assert [row.id for row in rows() if row.state != "done" and len(row.where.split()) < 3] == []


def test_what_is_done_is_shown_by_a_test():
    assert [row.id for row in rows() if row.state == "done" and not CITED.search(row.where)] == []


def test_each_test_that_is_named_exists_and_names_the_id():
    wrong = [
        f"{row.id}: {path}::{name}"
        for row in rows()
        for path, name in CITED.findall(row.where)
        if row.id not in docstrings(path).get(name, "")
    ]
    assert wrong == []
