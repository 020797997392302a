"""The check report as one HTML page: no network, no script, style inside. Rows in, text out."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from include.checks.shown import plural, sparkline, strip
from include.html_page import document, escape, table

Row = Mapping[str, Any]
STYLE = Path(__file__).with_name("page.css")
TITLES = {
    "raw": ("Records", "what vendors sent, before it becomes a fact"),
    "facts": ("Facts", "across records and systems"),
    "scores": ("Scores", "before anybody sees them"),
}
# What a failed check does, its colour and the word for it.
EFFECTS = {
    "stop": ("bad", "stops the run"),
    "quarantine": ("aside", "set aside"),
    "warn": ("doubt", "warning"),
}


def page(
    run: Row, arrivals: Sequence[Row], results: Sequence[Row], quarantine: Sequence[Row]
) -> str:
    """Return the whole page; see sql/checks/report for the columns of the rows."""
    stages = [
        _stage(stage, list(rows)) for stage, rows in groupby(results, lambda row: row["stage"])
    ]
    title = f"Checks of run {run['run_no']}"
    return document(
        title=f"{title}, {run['as_of']}",
        style=STYLE,
        header=f"""<h1>{escape(title)} <small>{escape(run["as_of"])}</small></h1>
{_verdict(run, results)}
<dl>{_facts(run, results, quarantine)}</dl>""",
        main=f"""{_findings(results)}
{_quarantine(quarantine)}
{_arrivals(arrivals)}
{"".join(stages) or "<p>No check has run yet.</p>"}""",
        footer="Ids only, never values. Bars beside a check are its last runs, oldest first; a "
        "tall one failed.",
    )


def _verdict(run: Row, results: Sequence[Row]) -> str:
    stops = [row for row in results if row["on_failure"] == "stop" and not row["is_success"]]
    if stops:
        words = (
            "Stopped: nothing of this run is published, the last published scores stay in force."
        )
        return f'<p class="verdict bad">{words}</p>'
    if run["is_published"]:
        return '<p class="verdict good">Passed: the scores of this day are published.</p>'
    return '<p class="verdict">Not finished: no check has stopped it, nothing is published yet.</p>'


def _facts(run: Row, results: Sequence[Row], quarantine: Sequence[Row]) -> str:
    unmet = [row["on_failure"] for row in results if not row["is_success"]]
    facts = {
        "day": run["as_of"],
        "started": f"{run['started_at']:%Y-%m-%d %H:%M} UTC",
        "run": run["run_id"],
        "checks": f"{len(results):,}",
        "stopping": f"{unmet.count('stop'):,}",
        "setting aside": f"{unmet.count('quarantine'):,}",
        "warnings": f"{unmet.count('warn'):,}",
        "quarantined": plural(sum(row["records"] for row in quarantine), "finding"),
    }
    return "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in facts.items()
    )


def _findings(results: Sequence[Row]) -> str:
    order = list(EFFECTS)
    unmet = sorted(
        (row for row in results if not row["is_success"]),
        key=lambda row: (order.index(row["on_failure"]), -(row["failed"] or 0)),
    )
    if not unmet:
        return '<section><h2>Findings</h2><p class="good">None: every check holds.</p></section>'
    heads = ("", "suite", "finding", "how many", "examples", "last runs")
    cells = [
        (_mark(row), escape(row["suite"]), escape(row["subject"]), *_rest(row)) for row in unmet
    ]
    return f"<section><h2>Findings</h2>{table(heads, cells)}</section>"


def _quarantine(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    cells = [
        (escape(row["stream"]), escape(row["reason"]), f"{row['records']:,}", _examples(row))
        for row in rows
    ]
    listed = table(("stream", "reason", "records", "examples"), cells)
    note = "Records of this run that become no fact until the vendor sends a new version of them."
    return f"<section><h2>Quarantine</h2><p>{note}</p>{listed}</section>"


def _arrivals(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    heads = ("stream", "received", "new or changed", "without id", "set aside", "last runs")
    cells = [
        (
            escape(row["stream"]),
            *(f"{row[name]:,}" for name in ("received", "changed", "rejected", "set_aside")),
            sparkline([int(amount) for amount in row["past"]]),
        )
        for row in rows
    ]
    return f"<section><h2>What arrived</h2>{table(heads, cells)}</section>"


def _stage(stage: str, rows: list[Row]) -> str:
    title, note = TITLES[stage]
    suites = [_suite(name, list(found)) for name, found in groupby(rows, lambda row: row["suite"])]
    return f"<section><h2>{title} <small>{note}</small></h2>{''.join(suites)}</section>"


def _suite(name: str, rows: list[Row]) -> str:
    unmet = [row["on_failure"] for row in rows if not row["is_success"]]
    worst = next((EFFECTS[effect][0] for effect in EFFECTS if effect in unmet), "good")
    checked = max((row["checked"] or 0 for row in rows), default=0)
    words = f"{plural(len(rows), 'check')} on {plural(checked, 'row')}"
    state = f"{len(unmet)} with findings" if unmet else "all hold"
    heads = ("", "fault looked for", "how many", "examples", "last runs")
    cells = [(_mark(row), _subject(row), *_rest(row)) for row in rows]
    return (
        f'<details><summary><b class="{worst}">{escape(name)}</b> <span>{words}</span> '
        f'<span class="{worst}">{state}</span></summary>{table(heads, cells)}</details>'
    )


def _mark(row: Row) -> str:
    if row["is_success"]:
        return '<span class="good" title="holds">✓</span>'
    colour, words = EFFECTS[row["on_failure"]]
    return f'<span class="tag {colour}">{words}</span>'


def _subject(row: Row) -> str:
    return f"{escape(row['subject'])}<code>{escape(row['expectation'])}</code>"


def _rest(row: Row) -> tuple[str, str, str]:
    colour = EFFECTS[row["on_failure"]][0]
    return _size(row), _examples(row), strip(row["past"], colour)


def _size(row: Row) -> str:
    if row["failed"] is not None:
        return f'<span class="count">{row["failed"]:,} <small>of {row["checked"]:,}</small></span>'
    return f"<small>{escape(row['observed'] or '')}</small>"


def _examples(row: Row) -> str:
    """Ids side by side; summaries of counts, which hold words, a line each."""
    return " ".join(
        f"<div>{escape(example)}</div>" if " " in example else f"<code>{escape(example)}</code>"
        for example in row["examples"] or []
    )
