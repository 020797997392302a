"""docs/requirements.md beside the tests: what it calls done is named by tests, and the reverse."""

import ast
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"
COUNTS = {"000": 27, "001": 30, "002": 36, "003": 14, "004": 17}
NAMED = re.compile(r"(?<!\d)(00[0-4])[-_](\d\d)(?!\d)")
NOT_DONE = ("Not in this part: ", "A fact", "Context; ")


class Row(NamedTuple):
    number: str
    asks: str
    where: str
    tests: tuple[str, ...]


@pytest.fixture(scope="module")
def rows():
    lines = (DOCS / "requirements.md").read_text(encoding="utf-8").splitlines()
    cells = [line.strip("|").split(" | ") for line in lines if re.match(r"\| \d", line)]
    return [
        Row(number.strip(), asks, where, tuple(re.findall(r"`([^`]+)`", tests)))
        for number, asks, where, tests in cells
    ]


@pytest.fixture(scope="module")
def named():
    """The files whose tests name an id, in the name of the function or in its docstring."""
    found = defaultdict(set)
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = f"{node.name} {ast.get_docstring(node) or ''}"
                for source, number in NAMED.findall(said):
                    found[f"{source}-{number}"].add(path.relative_to(TESTS).as_posix())
    return found


def test_every_requirement_stands_in_the_table_once(rows):
    assert [row.number for row in rows] == [
        f"{source}-{number:02}"
        for source, count in COUNTS.items()
        for number in range(1, count + 1)
    ]
    assert all(row.asks and row.where for row in rows)


def test_what_is_done_is_named_by_a_test_of_each_file_in_its_line(rows, named):
    for row in rows:
        assert set(row.tests) <= named[row.number], row.number
        assert bool(row.tests) != row.where.startswith(NOT_DONE), row.number


def test_every_id_that_a_test_names_is_done_by_the_table(rows, named):
    done = {row.number for row in rows if row.tests}
    assert len(done) > 70
    assert {number for number, files in named.items() if files} == done


def test_001_02_it_is_said_where_scores_are_explained_that_they_are_no_forecast():
    text = (DOCS / "scoring.md").read_text(encoding="utf-8")
    assert "It is an index of leading signs, not a forecast." in " ".join(text.split())
