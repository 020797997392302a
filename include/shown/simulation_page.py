"""A simulation as one page: no script, no network. A simulation in, text out."""

from pathlib import Path

from include.html_page import document, escape, write_page
from include.pipeline.simulation import Simulation
from include.scoring.scorecard import Scorecard
from include.shown.simulation_charts import bands_over_time, flips, histogram, legend
from include.shown.simulation_tables import Table, headline, tables, warnings

STYLE = Path(__file__).with_suffix(".css")
Cards = tuple[Scorecard, Scorecard]


def write_simulation(found: Simulation, cards: Cards, path: Path) -> None:
    """Write the page, whole or not at all; FixConfig where `path` cannot be written."""
    write_page(page(found, cards), path)


def page(found: Simulation, cards: Cards) -> str:
    """Return the whole page. cards: live and draft. Whatever people or vendors wrote is escaped."""
    title, days = f"{found.draft} beside {found.live}", f"{found.first_day} to {found.last_day}"
    summary, bands, matrix, *others = tables(found)
    doubts = "".join(f'<p class="verdict doubt">{escape(words)}</p>' for words in warnings(found))
    return document(
        title=f"{title}, {days}",
        style=STYLE,
        header=f"""<h1>{escape(title)} <small>{days}</small></h1>
<p>{escape(headline(found))}</p>
{doubts}""",
        main=f"""{_section(summary)}
<section><h2>Accounts by score</h2>{_histograms(found)}</section>
{_section(bands)}
<section><h2>Share of bands over time</h2>{_over_time(found, cards)}</section>
<section><h2>{escape(matrix.title)}</h2><p><small>{escape(matrix.note)}</small></p>
<div class="scroll">{flips(found.last)}</div></section>
{"".join(_section(table) for table in others)}""",
        footer="Both cards were scored from the same readings of the same accounts.",
    )


def _histograms(found: Simulation) -> str:
    keys = "".join(
        f'<span class="key"><svg width="12" height="12" aria-hidden="true">'
        f'<rect class="{side}" width="12" height="12"/></svg> {side}: {escape(name)}</span>'
        for side, name in (("live", found.live), ("draft", found.draft))
    )
    both = {shown.as_of: shown.everyone for shown in (found.first, found.last)}
    pictures = [
        _figure(f"{day}", histogram(whole.live.histogram, whole.draft.histogram))
        for day, whole in both.items()
    ]
    return f'<p>{keys}</p><div class="pair">{"".join(pictures)}</div>'


def _over_time(found: Simulation, cards: Cards) -> str:
    names = (found.live, found.draft)
    pictures = [
        _figure(f"{side}: {name}", legend(card) + bands_over_time(found.days, side, card))
        for side, name, card in zip(("live", "draft"), names, cards, strict=True)
    ]
    return f'<div class="pair">{"".join(pictures)}</div>'


def _figure(words: str, picture: str) -> str:
    return f"<figure><figcaption>{escape(words)}</figcaption>{picture}</figure>"


def _section(table: Table) -> str:
    heads = "".join(
        f"<th{_kind(at, table)}>{escape(name)}</th>" for at, name in enumerate(table.heads)
    )
    under = table.under or [""] * len(table.rows)
    rows = "".join(
        f"<tr>{_cells(row, table, words)}</tr>"
        for row, words in zip(table.rows, under, strict=True)
    )
    body = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return (
        f"<section><h2>{escape(table.title)}</h2><p><small>{escape(table.note)}</small></p>"
        f"{body if table.rows else ''}</section>"
    )


def _cells(row: tuple[str, ...], table: Table, under: str) -> str:
    """under: what stands below the first cell."""
    more = f"<br><small>{escape(under)}</small>" if under else ""
    return "".join(
        f'<td data-head="{escape(table.heads[at])}"{_kind(at, table)}>{escape(cell)}'
        f"{'' if at else more}</td>"
        for at, cell in enumerate(row)
    )


def _kind(at: int, table: Table) -> str:
    return "" if at < table.words else ' class="number"'
