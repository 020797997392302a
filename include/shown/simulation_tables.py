"""A simulation as tables of words: the same ones in a terminal and on a page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from include.pipeline.simulation import Mover, Simulation
from include.pipeline.tally import Segment, Shown
from include.scoring.comparison import BandShare, Comparison, Summary
from include.scoring.deck import applies_words
from include.scoring.moves import Move, Part


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as people read them. words: how many columns at the left are no numbers.

    under: a line below each row; empty: none.
    """

    title: str
    note: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    words: int = 1
    under: Sequence[str] = ()


def headline(found: Simulation) -> str:
    """Say what was compared, on which days, and of which accounts where it was not all."""
    count = len(found.days)
    days = f"{found.first_day} to {found.last_day}, every day"
    if found.every == "week":
        days = f"{found.first_day} to {found.last_day}, one day a week ({count} days)"
    if found.first_day == found.last_day:
        days = f"{found.last_day}"
    said = f"{found.draft} as a draft beside {found.live}, {days}; nothing was stored."
    if not found.applies_to:
        return said
    return (
        f"{said} Both cards are shown for the accounts that the draft applies to, "
        f"{applies_words(found.applies_to)}: {found.days[-1].accounts:,} of {found.customers:,} "
        f"customers on {found.last_day}."
    )


def warnings(found: Simulation) -> list[str]:
    """Say what makes the numbers less than they seem."""
    said = []
    if found.missing_series:
        names = ", ".join(found.missing_series)
        said.append(
            f"Not in the store, and so unknown to the draft: {names}. A series with a window of "
            "its own is filled once a scorecard in health.yaml reads it."
        )
    if found.arr_unvalued:
        have = "account has" if found.arr_unvalued == 1 else "accounts have"
        said.append(
            f"{found.arr_unvalued:,} {have} an ARR that cannot be converted into "
            f"{found.currency.upper()}; it is in no sum."
        )
    return said


def tables(found: Simulation) -> list[Table]:
    """Return all tables in the order in which they are read."""
    last = found.last
    return [
        _summary(found), _bands(found), flips(last), _segments(last), _movers(found.movers),
    ]  # fmt: skip


def flips(shown: Shown) -> Table:
    """Return the matrix of bands: live down the side, draft along the top."""
    whole = shown.everyone
    names = [band.band for band in whole.draft.bands]
    count = {(flip.live, flip.draft): flip.accounts for flip in whole.flips}
    rows = [
        (band.band, *(f"{count[band.band, name]:,}" for name in names), f"{band.accounts:,}")
        for band in whole.live.bands
    ]
    note = (
        f"{whole.flipped:,} of {whole.live.accounts:,} accounts change their band. Live bands down "
        "the side, the draft's along the top; bands of one name are the same."
    )
    return Table(
        f"Bands from live to draft on {shown.as_of}", note, ("live", *names, "together"), rows
    )


SUMMARY: dict[str, Callable[[Summary], str]] = {
    "accounts": lambda one: f"{one.accounts:,}",
    "with a score": lambda one: f"{one.scored:,}",
    "in no band": lambda one: f"{one.unknown:,}",
    "known weight": lambda one: percent(one.coverage),
    "in the best band": lambda one: f"{percent(one.best_share)} {one.best_band}",
    "mean score": lambda one: points(one.mean),
    "5 % are below": lambda one: points(one.quantiles["p5"]),
    "25 % are below": lambda one: points(one.quantiles["p25"]),
    "half are below": lambda one: points(one.quantiles["p50"]),
    "75 % are below": lambda one: points(one.quantiles["p75"]),
    "95 % are below": lambda one: points(one.quantiles["p95"]),
}
BOTH: dict[str, Callable[[Comparison], str]] = {
    "change their band": lambda one: f"{one.flipped:,}",
    "correlation of scores": lambda one: _correlation(one.correlation),
    "correlation of ranks": lambda one: _correlation(one.rank_correlation),
}


def _summary(found: Simulation) -> Table:
    first, last = found.first.everyone, found.last.everyone
    sides = (first.live, first.draft, last.live, last.draft)
    rows = [(name, *(shown(side) for side in sides)) for name, shown in SUMMARY.items()]
    rows += [(name, "", shown(first), "", shown(last)) for name, shown in BOTH.items()]
    heads = tuple(
        f"{day.as_of} {side}" for day in (found.first, found.last) for side in ("live", "draft")
    )
    note = "The first day beside the last shows how far the cards drift apart."
    return Table("Both cards, first and last day", note, ("", *heads), rows)


def _bands(found: Simulation) -> Table:
    last, currency = found.last.everyone, found.currency.upper()
    sides = [{band.band: band for band in side.bands} for side in (last.live, last.draft)]
    names = _worst_first(*sides)
    rows = [
        (name, *(cell for side in sides for cell in _band(name, side))) for name in names
    ]  # fmt: skip
    heads = tuple(
        f"{side} {what}" for side in ("live", "draft") for what in ("accounts", "share", "ARR")
    )
    note = f"ARR in {currency} at the rates of that day."
    return Table(f"Bands on {found.last.as_of}", note, ("band", *heads), rows)


def _worst_first(live: Iterable[str], draft: Iterable[str]) -> list[str]:
    """Return the bands of both cards; what only the draft has stands above its lower neighbour."""
    names, place = list(live), 0
    for name in draft:
        if name not in names:
            names.insert(place, name)
        place = names.index(name) + 1
    return names


def _band(name: str, side: dict[str, BandShare]) -> tuple[str, str, str]:
    band = side.get(name)
    if band is None:
        return "-", "-", "-"
    return f"{band.accounts:,}", percent(band.share), f"{band.arr:,.0f}"


def _segments(shown: Shown) -> Table:
    heads = (
        "segment", "accounts", "live mean", "draft mean", "live best", "draft best",
        "change band", "live unknown", "draft unknown",
    )  # fmt: skip
    note = "Segments as accounts stood on that day; best: the share in the highest band."
    rows = [_segment(one) for one in shown.segments]
    return Table(f"Segments on {shown.as_of}", note, heads, rows)


def _segment(one: Segment) -> tuple[str, ...]:
    live, draft = one.comparison.live, one.comparison.draft
    return (
        one.name, f"{one.accounts:,}", points(live.mean), points(draft.mean),
        percent(live.best_share), percent(draft.best_share), f"{one.comparison.flipped:,}",
        f"{live.unknown:,}", f"{draft.unknown:,}",
    )  # fmt: skip


def _movers(movers: Sequence[Mover]) -> Table:
    heads = ("account", "CRM id", "segment", "live band", "draft band", "live", "draft", "change")
    note = "Each with what moves it most; of a measure, what it was and is worth."
    if not movers:
        note = "No account has another score under the draft."
    rows = [_mover(one) for one in movers]
    under = [_reason(one.move) for one in movers]
    return Table("Accounts that move most", note, heads, rows, words=5, under=under)


def _mover(one: Mover) -> tuple[str, ...]:
    return (
        one.name, one.crm_id, one.segment, one.live_band, one.draft_band, points(one.move.live),
        points(one.move.draft), f"{one.move.change:+.1f}",
    )  # fmt: skip


def _reason(move: Move) -> str:
    if move.kind != "measure":
        return f"{move.label} {move.effect:+.1f}"
    return (
        f"{move.label} {move.effect:+.1f}: {_part(move.live_part, 'live')}, "
        f"{_part(move.draft_part, 'draft')}"
    )


def _part(part: Part | None, side: str) -> str:
    if part is None:
        return f"not in the {side} card"
    if part.points is None:
        return f"unknown to the {side} card"
    return f"{part.points:.1f} points at {part.weight:.1f} % {side}"


def points(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _correlation(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
