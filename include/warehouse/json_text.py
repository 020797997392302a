r"""Text that JSON may hold and PostgreSQL may not: `\u0000`, half surrogate pairs, broken UTF-8."""

import re

# An escape: a whole surrogate pair; a half one or U+0000 (the group); or any other two characters.
ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2}|u0000)|.)",
    re.DOTALL,
)
REPLACEMENT = rb"\ufffd"


def mended(text: bytes) -> bytes:
    """Return JSON text with U+FFFD, the sign for "unreadable", where no character can be stored."""
    whole = text.decode("utf-8", "replace").encode()
    return ESCAPE.sub(lambda found: REPLACEMENT if found[1] else found[0], whole)
