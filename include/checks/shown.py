"""Small words and pictures for what checks found; safe to show whatever vendors wrote."""

from collections.abc import Sequence

from include.html_page import escape


def plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def strip(past: Sequence[bool], kind: str) -> str:
    """Draw how a check ended in the last runs, oldest first; `kind` names the colour of a failure.

    A failure is taller as well, so that nobody has to tell colours apart.
    """
    bars = "".join(
        f'<rect class="good" x="{4 * at}" y="6" width="3" height="6"/>'
        if is_success
        else f'<rect class="{escape(kind)}" x="{4 * at}" y="0" width="3" height="12"/>'
        for at, is_success in enumerate(past)
    )
    failed = len(past) - sum(past)
    words = f"failed in {failed} of the last {plural(len(past), 'run')}"
    return _picture(4 * len(past), 12, words, bars)


def sparkline(past: Sequence[int]) -> str:
    """Draw amounts as bars, oldest first, the largest at full height."""
    largest = max(past, default=0) or 1
    bars = "".join(
        f'<rect class="bar" x="{4 * at}" y="{16 - height}" width="3" height="{height}"/>'
        for at, height in enumerate(max(1, round(16 * amount / largest)) for amount in past)
    )
    return _picture(4 * len(past), 16, ", ".join(f"{amount:,}" for amount in past), bars)


def _picture(width: int, height: int, words: str, body: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(words)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><title>{escape(words)}</title>{body}</svg>'
    )
