"""An HTML page to open or forward: no script, no network, style inside. Used by all who make one.

What goes into a page is HTML already; whatever people or vendors wrote goes through `escape`.
"""

import html
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from include.errors import FixConfig

STYLE = Path(__file__).with_suffix(".css")


def printable(text: str) -> str:
    """Replace what could move a cursor or turn the direction of text."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def escape(value: object) -> str:
    return html.escape(printable(str(value)))


def document(*, title: str, style: Path, header: str, main: str, footer: str) -> str:
    """Return the whole page. title: plain text; style: a file of rules beside those of every page.

    Browsers are told to load nothing and to run nothing, even if something slips through.
    """
    rules = STYLE.read_text(encoding="utf-8") + style.read_text(encoding="utf-8")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>
{rules}</style>
</head>
<body>
<header>
{header}
</header>
<main>
{main}
</main>
<footer>{footer}</footer>
</body>
</html>
"""


def table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out cells that are HTML already; on a phone each row becomes a block with its heads."""
    names = list(heads)
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(f"<tr>{_cells(names, row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def write_page(text: str, path: Path) -> None:
    """Write a page, whole or not at all; FixConfig where `path` cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise FixConfig(f"Cannot write the page {path}: {error.strerror}.") from error


def _cells(names: Sequence[str], row: Sequence[str]) -> str:
    return "".join(
        f'<td data-head="{escape(name)}">{cell}</td>' for name, cell in zip(names, row, strict=True)
    )
