"""Pictures of a simulation as inline SVG: no script, no outside style, words for every mark."""

from collections.abc import Sequence

from include.checks.shown import plural
from include.html_page import escape
from include.pipeline.tally import Day, OneCard, Shown
from include.scoring.comparison import BINS, UNKNOWN
from include.scoring.scorecard import Scorecard

WIDTH, HEIGHT, LEFT, FOOT = 640, 200, 44, 26
CELL, ROW, NAMES = 88, 40, 96


def histogram(live: Sequence[int], draft: Sequence[int]) -> str:
    """Draw accounts by score, 5 points a pair of bars: live at the left, the draft at the right."""
    largest = max(*live, *draft, 1)
    step = (WIDTH - LEFT) / BINS
    marks = []
    for at, pair in enumerate(zip(live, draft, strict=True)):
        for side, (name, count) in enumerate(zip(("live", "draft"), pair, strict=True)):
            tall = count / largest * (HEIGHT - FOOT - 12)
            x, y = LEFT + step * (at + 0.1 + 0.4 * side), HEIGHT - FOOT - tall
            words = f"{name}: {plural(count, 'account')} from {5 * at} to {5 * at + 5} points"
            marks.append(
                f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{step * 0.4:.1f}" '
                f'height="{tall:.1f}"><title>{words}</title></rect>'
            )
    marks += [
        _text(LEFT + step * at, HEIGHT - 8, f"{5 * at}", "middle") for at in range(0, BINS + 1, 4)
    ]
    marks += [
        _axis(),
        _text(LEFT - 6, 16, f"{largest:,}", "end"),
        _text(LEFT - 6, HEIGHT - FOOT, "0", "end"),
    ]
    return _picture("Accounts by score under both cards", (WIDTH + 12, HEIGHT), marks)


def flips(shown: Shown) -> str:
    """Draw the matrix of bands; the darker a cell, the more of all accounts are in it."""
    whole = shown.everyone
    names = [band.band for band in whole.draft.bands]
    marks = [_text(NAMES + CELL * (at + 0.5), 16, name, "middle") for at, name in enumerate(names)]
    for at, flip in enumerate(whole.flips):
        line, column = divmod(at, len(names))
        x, y = NAMES + CELL * column, 24 + ROW * line
        if not column:
            marks.append(_text(NAMES - 8, y + ROW / 2 + 5, flip.live, "end"))
        kind = "stays" if flip.live == flip.draft else "flips"
        share = flip.accounts / max(whole.live.accounts, 1)
        words = f"{plural(flip.accounts, 'account')} from {flip.live} to {flip.draft}"
        marks.append(
            f'<rect class="{kind}" x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{ROW - 2}" '
            f'fill-opacity="{0.85 * share**0.5:.3f}"><title>{escape(words)}</title></rect>'
        )
        marks.append(_text(x + CELL / 2, y + ROW / 2 + 5, f"{flip.accounts:,}", "middle"))
    size = NAMES + CELL * len(names), 28 + ROW * len(whole.live.bands)
    return _picture("Bands from live (rows) to draft (columns)", size, marks, is_wide=False)


def bands_over_time(days: Sequence[Day], side: str, card: Scorecard) -> str:
    """Draw each day as one bar of shares, the lowest band at the foot, unknown at the top.

    side: live or draft.
    """
    colours = {band.name: band.colour for band in card.bands}
    step = (WIDTH - LEFT) / max(len(days), 1)
    marks = []
    for at, day in enumerate(days):
        one = day.live if side == "live" else day.draft
        box = LEFT + step * at, step * (0.9 if step > 4 else 1)
        marks += _bar(f"{day.as_of}", one, box, colours)
    marks += [_text(LEFT - 6, 16, "100%", "end"), _text(LEFT - 6, HEIGHT - FOOT, "0%", "end")]
    marks.append(_text(LEFT, HEIGHT - 8, f"{days[0].as_of}", "start"))
    marks.append(_text(WIDTH, HEIGHT - 8, f"{days[-1].as_of}", "end"))
    return _picture(f"Share of bands by day, {side}", (WIDTH + 12, HEIGHT), marks)


def legend(card: Scorecard) -> str:
    """Name the colours of a card's bands."""
    entries = [(band.name, f'fill="{escape(band.colour)}"') for band in card.bands]
    entries.append((UNKNOWN, 'class="unknown"'))
    return "".join(
        f'<span class="key"><svg width="12" height="12" aria-hidden="true">'
        f'<rect width="12" height="12" {fill}/></svg> {escape(name)}</span>'
        for name, fill in entries
    )


def _bar(day: str, one: OneCard, box: tuple[float, float], colours: dict[str, str]) -> list[str]:
    total, foot, marks = max(sum(one.bands.values()), 1), float(HEIGHT - FOOT), []
    for name, count in one.bands.items():
        tall = count / total * (HEIGHT - FOOT - 6)
        foot -= tall
        fill = f'fill="{escape(colours[name])}"' if name in colours else 'class="unknown"'
        words = f"{day}: {plural(count, 'account')} {name}, {count / total:.0%}"
        marks.append(
            f'<rect {fill} x="{box[0]:.1f}" y="{foot:.1f}" width="{box[1]:.1f}" '
            f'height="{tall:.1f}"><title>{escape(words)}</title></rect>'
        )
    return marks


def _axis() -> str:
    foot = HEIGHT - FOOT
    return f'<line x1="{LEFT}" y1="{foot}" x2="{WIDTH}" y2="{foot}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _picture(
    words: str, size: tuple[float, float], marks: Sequence[str], *, is_wide: bool = True
) -> str:
    kind = "wide" if is_wide else "narrow"
    return (
        f'<svg role="img" class="{kind}" aria-label="{escape(words)}" width="{size[0]:.0f}" '
        f'height="{size[1]:.0f}" viewBox="0 0 {size[0]:.0f} {size[1]:.0f}">{"".join(marks)}</svg>'
    )
