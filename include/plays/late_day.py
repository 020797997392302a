"""What operators are told of a day that is not published in time. Pure."""

from collections.abc import Mapping
from datetime import date
from html import escape

from include.plays.digest import Digest


def write_late(
    to: str, as_of: date, words: str, stands: str, newest: Mapping[str, date | None]
) -> Digest:
    """Write the message about the day as_of.

    words: how it is late; stands: how its run is; newest: the day people see, by outcome.
    """
    seen = ", ".join(
        f"{outcome} of {known}" if known else f"no {outcome} at all"
        for outcome, known in newest.items()
    )
    paragraphs = (
        words,
        stands,
        f"Until it is published people see: {seen}.",
        'What to do: docs/runbook.md, "A day is late". `health doctor` looks at everything else.',
    )
    html = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    subject = f"Customer health: the scores of {as_of} are late"
    return Digest(to, subject, "\n\n".join(paragraphs), html)
