"""A receipt as one page that can be forwarded: no script, no network. A receipt in, text out."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from include.html_page import document, escape, table, write_page
from include.reports.receipt import Receipt
from include.say import shown
from include.scoring.explain import CategoryPart, Explanation
from include.scoring.measure_parts import MeasurePart
from include.scoring.path import Path as WayUp
from include.scoring.scorecard import Scorecard
from include.shown import explanation_text, receipt_text
from include.shown.receipt_rules import against, rules, stood_on

STYLE = Path(__file__).with_suffix(".css")


def write_receipt(receipt: Receipt, path: Path, *, stale: str | None = None) -> None:
    """Write the page, whole or not at all; FixConfig where `path` cannot be written."""
    write_page(page(receipt, stale=stale), path)


def page(receipt: Receipt, *, stale: str | None = None) -> str:
    """Return the whole page; whatever people or vendors wrote is escaped.

    stale: what to say on top where nothing newer was published for too long.
    """
    row, card = receipt.row, receipt.card
    return document(
        title=f"{row['name'] or row['crm_id']} on {row['as_of']}: {card.title}",
        style=STYLE,
        header=f"""<h1>{escape(row["name"] or "")} <small>{escape(row["crm_id"])}, \
{escape(row["as_of"])}</small></h1>
{_score(receipt.explanation, card)}
{_scale(receipt.explanation, card)}
<dl>{_facts(receipt)}</dl>""",
        main=f"""{_stale(stale)}{_held(receipt)}
{_measures(receipt.explanation.categories)}
{rules(receipt)}
{_unknown(receipt.explanation)}
{_way_up(receipt.path)}
{_sources(receipt)}""",
        footer=f"{escape(card.title)}, version {card.version}. 100 points are the healthiest, 0 "
        "the unhealthiest. What the measures give adds up to the base; what they cost, to what "
        "is missing from 100. Rules and people make the score of the base.",
    )


def _score(explanation: Explanation, card: Scorecard) -> str:
    action = f"<p>{escape(explanation.action)}</p>" if explanation.action else ""
    return f"""<p class="score"><b>{_points(explanation.score)}</b> {_band(explanation.band, card)}
<span>{escape(explanation.band_because)}</span></p>
{action}"""


def _band(name: str | None, card: Scorecard) -> str:
    colours = {band.name: band.colour for band in card.bands}
    dot = f'<i style="background: {escape(colours[name])}"></i>' if name in colours else ""
    return f'<span class="band">{dot}{escape(name or "unknown")}</span>'


def _scale(explanation: Explanation, card: Scorecard) -> str:
    """Draw the bands side by side, where the score is, and how far what is unknown could move it.

    Hidden from who hears the page: the words above and the facts below say the same.
    """
    ends = [*(band.lower for band in card.bands[1:]), 100]
    bands = "".join(
        f'<i style="left: {band.lower}%; width: {end - band.lower}%; '
        f'background: {escape(band.colour)}"></i>'
        for band, end in zip(card.bands, ends, strict=True)
    )
    floor, ceiling = explanation.floor, explanation.ceiling
    reach = f'<u style="left: {floor}%; width: {max(0.3, ceiling - floor)}%"></u>'
    at = "" if explanation.score is None else f'<b style="left: {explanation.score}%"></b>'
    return f'<div class="scale" aria-hidden="true">{bands}{reach}{at}</div>'


def _facts(receipt: Receipt) -> str:
    row, explanation = receipt.row, receipt.explanation
    facts = {
        "weight that is known": f"{explanation.coverage:.0%}",
        "if all were known": f"{explanation.floor:.1f} to {explanation.ceiling:.1f}",
        "plain mean of the points": _points(explanation.raw),
        "change in 7 days": _change(row["change_7d"]),
        "30 days": _change(row["change_30d"]),
        "90 days": _change(row["change_90d"]),
        "direction": row["direction"],
        "segment": row["segment"] or "none",
        **stood_on(receipt),
        "renewal": row["renewal_date"] or "not known",
    }
    return "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in facts.items()
    )


def _stale(words: str | None) -> str:
    return f'<p class="verdict aside">{escape(words)}</p>' if words else ""


def _held(receipt: Receipt) -> str:
    return "".join(
        f'<p class="verdict bad">All of {escape(one["role"])} is unknown on this day: '
        f"{escape(one['reason'])}</p>"
        for one in receipt.row["held"]
    )


def _measures(categories: Sequence[CategoryPart]) -> str:
    heads = ("measure", "reading", "good", "points", "weight", "gives", "costs")
    rows = [row for part in categories for row in _category(part)]
    return f"<section><h2>How the score comes about</h2>{table(heads, rows)}</section>"


def _category(part: CategoryPart) -> Iterable[tuple[str, ...]]:
    yield (
        f"<strong>{escape(part.name)}</strong>", "", "", _bar(part.score), f"{part.weight:.1f}%",
        f"{part.contributed:.1f}", f"{part.lost:.1f}",
    )  # fmt: skip
    for measure in part.measures:
        yield (
            escape(measure.label), _reading(measure), escape(measure.good), _bar(measure.points),
            f"{measure.weight:.1f}%", f"{measure.contributed:.1f}", f"{measure.lost:.1f}",
        )  # fmt: skip


def _reading(measure: MeasurePart) -> str:
    beside, reading = against(measure), escape(explanation_text.reading_of(measure))
    if measure.reading is None:
        return f"<small>{reading}</small>{beside}"
    return f"{reading} <small>{escape(measure.unit)}</small>{beside}"


def _bar(points: float | None) -> str:
    if points is None:
        return "<small>unknown</small>"
    bar = f'<span class="bar" aria-hidden="true"><i style="width: {points}%"></i></span>'
    return f'<span class="count"><b>{points:.1f}</b>{bar}</span>'


def _unknown(explanation: Explanation) -> str:
    items = "".join(
        f"<li>{escape(measure.label)}: {escape(measure.unknown_because)}</li>"
        for part in explanation.categories
        for measure in part.measures
        if measure.unknown_because
    )
    return f"<section><h2>Unknown, and why</h2><ul>{items}</ul></section>" if items else ""


def _way_up(path: WayUp) -> str:
    heads = ("measure", "now", "wanted", "points", "adds to the score")
    rows = [
        (
            escape(step.label), f"{shown(step.reading)} <small>{escape(step.unit)}</small>",
            escape(receipt_text.wanted(step)), f"{step.points:.1f} to {step.points_to:.1f}",
            f"{step.gains:.1f}",
        )
        for step in path.steps
    ]  # fmt: skip
    steps = table(heads, rows) if rows else ""
    title = escape(receipt_text.title(path))
    return f"<section><h2>{title}</h2><p>{escape(path.sentence)}</p>{steps}</section>"


def _sources(receipt: Receipt) -> str:
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in receipt_text.sources(receipt)
    )
    is_good = not receipt.differences and not receipt.doubts
    words = " ".join(escape(sentence) for sentence in receipt_text.verdict(receipt))
    verdict = f'<p class="verdict {"good" if is_good else "bad"}">{words}</p>'
    return f"<section><h2>Where this comes from</h2>{verdict}<dl>{facts}</dl></section>"


def _points(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f}"


def _change(value: float | None) -> str:
    return "not known" if value is None else f"{value:+.1f}"
