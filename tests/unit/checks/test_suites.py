"""Suites as data: they read well, fit their SQL files, and docs/checks.md lists them all."""

import subprocess
import sys
from itertools import chain

import pytest

from include.checks.arrival_suites import ARRIVALS
from include.checks.catalogue import PAGE, renewed
from include.checks.facts_suites import FACTS
from include.checks.failing import BY_ROW
from include.checks.raw_suites import RECORDS
from include.checks.scores_suites import SCORED
from include.checks.suite import COLUMNS, QUARANTINE, ROW_COUNT, STOP, Check, Suite, filled, label
from include.warehouse.conform import FACTS as FACT_STATEMENTS
from include.warehouse.database import query

SUITES = (*RECORDS, *ARRIVALS, *FACTS, *SCORED)


def test_the_page_lists_every_check_as_it_is():
    page = PAGE.read_text(encoding="utf-8")

    assert renewed(page) == page, "run `python -m include.checks.catalogue`"


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.statement)
def test_each_suite_has_its_statement_and_no_finding_twice(suite):
    assert query(suite.statement).text.startswith("-- Grain: ")
    assert suite.rows[0].expectation == COLUMNS
    faults = [(label(check), check.reason) for check in suite.rows]
    assert len(set(faults)) == len(faults) > 1


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.statement)
def test_only_records_are_set_aside_and_only_row_by_row(suite):
    aside = [check for check in suite.checks if check.on_failure == QUARANTINE]

    assert suite in RECORDS or not aside
    assert all(check.expectation in BY_ROW for check in aside)
    assert all(check.expectation in BY_ROW | {ROW_COUNT} for check in suite.checks)
    assert not any("mostly" in check.kwargs for check in aside), "all that fail, not most"


def test_every_stream_that_becomes_facts_is_checked():
    streams = {
        f"{vendor}_{stream}"
        for vendor, statements in FACT_STATEMENTS.items()
        for stream, _ in statements
    }

    assert streams
    assert streams == {suite.name for suite in RECORDS}


def test_parameters_are_filled_in_where_they_stand():
    check = Check(
        "Expect", "seats", {"max_value": {"$PARAMETER": "most"}, "min_value": 1}, STOP, ""
    )

    assert filled(check, {"most": 7}) == {"column": "seats", "max_value": 7, "min_value": 1}
    assert label(check) == "Expect seats, max_value most, min_value 1"


def test_a_suite_speaks_of_its_keys_and_of_both_columns_of_a_pair():
    pair = Check("Expect", "ended", {"column_B": "started"}, STOP, "")
    suite = Suite("facts", "any", ("record_id",), (pair,))

    assert suite.columns == ["ended", "record_id", "started"]
    assert filled(pair, {}) == {"column_A": "ended", "column_B": "started"}


def test_importing_the_checks_does_not_import_the_library():
    show = "import sys, include.checks; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)

    loaded = set(run.stdout.split())
    assert "include.checks.stages" in loaded
    assert not {"great_expectations", "pandas"} & loaded


def test_the_page_says_when_its_mark_is_lost():
    with pytest.raises(ValueError, match=r"checks\.md has lost the line"):
        renewed("# Checks\n")


def test_reasons_are_short_enough_for_a_line():
    reasons = [check.reason for check in chain.from_iterable(suite.rows for suite in SUITES)]

    assert len(reasons) > 150
    assert max(map(len, reasons)) <= 70
