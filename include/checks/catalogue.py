"""Every check as a Markdown table: `python -m include.checks.catalogue` renews docs/checks.md."""

from collections.abc import Iterable
from pathlib import Path

from include.checks.arrival_suites import ARRIVALS
from include.checks.facts_suites import FACTS
from include.checks.raw_suites import RECORDS
from include.checks.scores_suites import SCORED
from include.checks.suite import Check, Suite, label

PAGE = Path(__file__).resolve().parents[2] / "docs" / "checks.md"
# What stands above this line is written by hand, what follows is not.
MARK = "<!-- From here on written by `python -m include.checks.catalogue`. -->\n"
STAGES = (
    ("Records, before they become facts", RECORDS),
    ("What arrived as a whole", ARRIVALS),
    ("Facts, before they are scored", FACTS),
    ("Scores, before they are published", SCORED),
)
EFFECTS = {"quarantine": "sets the record aside", "stop": "**stops the run**", "warn": "warns"}


def catalogue() -> str:
    """Return the tables of all suites, a heading a stage."""
    return "".join(
        f"\n## {title}\n{''.join(_suite(suite) for suite in suites)}" for title, suites in STAGES
    )


def renewed(page: str) -> str:
    """Return the page with its tables replaced; raises ValueError where the mark is missing."""
    by_hand, mark, _ = page.partition(MARK)
    if not mark:
        raise ValueError(f"{PAGE.name} has lost the line {MARK.strip()}")
    return by_hand + mark + catalogue()


def _suite(suite: Suite) -> str:
    file = f"{suite.statement}.sql"
    role = f" Only with a source of the role {suite.role}." if suite.role else ""
    return (
        f"\n### {suite.name}\n\nRows: [`{file}`](../include/sql/{file}).{role}\n\n"
        f"| if | then the run | expectation |\n| --- | --- | --- |\n{_rows(suite.checks)}"
    )


def _rows(checks: Iterable[Check]) -> str:
    return "".join(
        f"| {check.reason} | {EFFECTS[check.on_failure]} | `{label(check)}` |\n" for check in checks
    )


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
