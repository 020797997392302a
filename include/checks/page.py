"""The check report as one HTML page: no network, no script, style inside. Rows in, text out."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from include.checks.shown import escape, plural, sparkline, strip

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
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}, {escape(run["as_of"])}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<header>
<h1>{escape(title)} <small>{escape(run["as_of"])}</small></h1>
{_verdict(run, results)}
<dl>{_facts(run, results, quarantine)}</dl>
</header>
<main>
{_findings(results)}
{_quarantine(quarantine)}
{_arrivals(arrivals)}
{"".join(stages) or "<p>No check has run yet.</p>"}
</main>
<footer>Ids only, never values. Bars beside a check are its last runs, oldest first; a tall one
failed.</footer>
</body>
</html>
"""


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
    return f"<section><h2>Findings</h2>{_table(heads, cells)}</section>"


def _quarantine(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    cells = [
        (escape(row["stream"]), escape(row["reason"]), f"{row['records']:,}", _examples(row))
        for row in rows
    ]
    table = _table(("stream", "reason", "records", "examples"), cells)
    note = "Records of this run that become no fact until the vendor sends a new version of them."
    return f"<section><h2>Quarantine</h2><p>{note}</p>{table}</section>"


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
    return f"<section><h2>What arrived</h2>{_table(heads, cells)}</section>"


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
        f'<span class="{worst}">{state}</span></summary>{_table(heads, cells)}</details>'
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


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out cells that are HTML already; on a phone each row becomes a block with its heads."""
    names = list(heads)
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(f"<tr>{_cells(names, row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(names: Sequence[str], row: Sequence[str]) -> str:
    return "".join(
        f'<td data-head="{escape(name)}">{cell}</td>' for name, cell in zip(names, row, strict=True)
    )
