"""What people see of the checks: a page and lines, whatever vendors put into their ids."""

from datetime import date
from html.parser import HTMLParser

import pytest

from include.checks import report_lines, write_report
from include.checks.results import Result, write_results
from include.checks.session import Run
from include.checks.suite import QUARANTINE, STOP
from include.errors import FixConfig

FAULT = "amount_due is below zero"
HOSTILE = '<script>alert("1")</script>\x1b[31m\u202e"><img src=https://evil.example/x onerror=a>'


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data):
        self.words.append(data.strip())


@pytest.fixture
def checked(landing, good):
    """Three runs with two checks; in the last one an invoice with a hostile id is set aside."""
    for nth in (1, 2, 3):
        invoices = [good("stripe.invoices"), good("stripe.invoices", id=HOSTILE, amount_due=-1)]
        run_id, day = f"run-{nth}", date(2026, 11, 17 + nth)
        batch_id = landing.land(
            "stripe.invoices", invoices[: 2 if nth == 3 else 1], run_id=run_id, as_of=day
        )
        landing.number = landing.run(run_id, day)
        results = [
            Result(
                "stripe_invoices", "A", FAULT, QUARANTINE, nth < 3, 2, 0 if nth < 3 else 1, None
            ),
            Result("sources", "B", "health.yaml names no source", STOP, True, None, None, "4 rows"),
        ]
        if nth == 3:
            results[0].examples.append(HOSTILE)
        run = Run(landing.number, "raw", day, {}, {})
        write_results(landing.engine, run, results)
    landing.execute(
        "insert into raw.quarantine (batch_id, stream_id, record_id, stage, reason)"
        " select batch_id, stream_id, :id, 'raw', :fault from raw.batch where batch_id = :batch",
        id=HOSTILE, fault=FAULT, batch=batch_id,
    )  # fmt: skip
    return landing


def test_the_page_needs_nothing_from_outside_and_escapes_what_vendors_wrote(checked, tmp_path):
    path = tmp_path / "new" / "report.html"
    write_report(checked.engine, path, run_no=checked.number)

    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert not page.tags & {"script", "img", "link", "iframe", "object", "base", "form", "a"}
    assert not page.attributes & {"src", "href", "onerror", "action"}
    assert "@import" not in text
    assert "url(" not in text
    assert HOSTILE.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd") in page.words


def test_the_page_shows_the_finding_its_history_and_what_arrived(checked, tmp_path):
    path = tmp_path / "report.html"
    write_report(checked.engine, path, run_no=checked.number)

    page = Page(path.read_text(encoding="utf-8"))
    assert FAULT in page.words
    assert "failed in 1 of the last 3 runs" in page.words
    assert "failed in 0 of the last 3 runs" in page.words
    assert "stripe.invoices" in page.words
    assert "1, 1, 2" in page.words


def test_lines_name_every_finding_in_plain_text(checked):
    lines = report_lines(checked.engine, checked.number)

    assert all(line.isprintable() for line in lines)
    assert lines[0] == "raw: 2 checks, 1 with findings"
    assert lines[1].startswith(f"  ✗ set aside: stripe_invoices: {FAULT}, 1 of 2: <script>alert(")
    assert len(lines) == 2


def test_records_that_could_not_even_land_have_their_own_lines(checked):
    checked.execute(
        "insert into raw.quarantine (batch_id, stream_id, stage, reason)"
        " select max(batch_id), min(stream_id), 'landing', 'the record has no id'"
        " from raw.batch where run_id = 'run-3' and stream_id ="
        " (select stream_id from raw.stream where stream = 'invoices')"
    )

    lines = report_lines(checked.engine, checked.number)

    assert lines[-2:] == [
        "landing: 1 record set aside",
        "  stripe.invoices: the record has no id, 1 record",
    ]


def test_a_report_that_cannot_be_written_says_so(checked, tmp_path):
    blocker = tmp_path / "file"
    blocker.touch()

    with pytest.raises(FixConfig, match=r"Cannot write the page .*report\.html"):
        write_report(checked.engine, blocker / "report.html", run_no=checked.number)


def test_a_run_that_never_was_has_no_report(landing):
    with pytest.raises(FixConfig, match="There is no run 77"):
        report_lines(landing.engine, 77)
