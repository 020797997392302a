"""Faults of a whole body, whatever its records are: slow, cut, short, or no longer of its form.

Each returns false where it had nothing to act on.
"""

from collections.abc import Callable
from typing import Any

from sandbox.faults.forms import ARCHIVE, CSV, LINES, packed, write_lines
from sandbox.faults.message import Reply

CUT_SHORT = b"terminated early\n"  # Mixpanel's last line where it could not finish
WHOLE = ("slow", "cut")  # the body is as it was, on its way at least
Options = dict[str, Any]


def spoil(fault: str, reply: Reply, options: Options) -> bool:
    """Act on the body; what is not of its form any more is not written anew by other faults."""
    done = SPOILED[fault](reply, options)
    if done and fault not in WHOLE:
        reply.form = reply.document = None
    return done


def _slow(reply: Reply, options: Options) -> bool:
    reply.pause_s = float(options["seconds"])
    reply.pieces = options.get("pieces", 1)
    return True


def _cut(reply: Reply, options: Options) -> bool:  # noqa: ARG001
    reply.is_cut = bool(reply.body)
    return reply.is_cut


def _truncate(reply: Reply, options: Options) -> bool:  # noqa: ARG001
    reply.body = reply.body[: len(reply.body) // 2]
    return True


def _garble(reply: Reply, options: Options) -> bool:  # noqa: ARG001
    reply.body = b'{"results": [NaN,, ' + reply.body[:20]
    return True


def _lose_lines(reply: Reply, options: Options) -> bool:  # noqa: ARG001
    """The second half of the lines, ended properly; a table keeps its names."""
    if reply.form not in (LINES, CSV) or not reply.document["results"]:
        return False
    del reply.document["results"][len(reply.document["results"]) // 2 :]
    reply.render()
    return True


def _terminate(reply: Reply, options: Options) -> bool:
    done = _lose_lines(reply, options)
    reply.body += CUT_SHORT if done else b""
    return done


def _split_line(reply: Reply, options: Options) -> bool:
    lines, n = reply.body.split(b"\n"), options.get("n", 0)
    if reply.form is not LINES or n >= len(reply.document["results"]):
        return False
    half = len(lines[n]) // 2
    lines[n : n + 1] = [lines[n][:half], lines[n][half:]]
    reply.body = b"\n".join(lines)
    return True


def _break_archive(reply: Reply, options: Options) -> bool:
    """bytes: some in the middle are others; file: the first file is no gzip; cut: its second half
    is missing, as in a body that is truncated.
    """
    if reply.form is not ARCHIVE:
        return False
    how = options.get("how", "bytes")
    if how == "file":
        reply.body = packed(write_lines(reply.document), reply.body, pack=bytes)
        return True
    if how == "cut":
        return _truncate(reply, options)
    half = len(reply.body) // 2
    other = bytes(byte ^ 0xFF for byte in reply.body[half : half + 8])
    reply.body = reply.body[:half] + other + reply.body[half + 8 :]
    return True


SPOILED: dict[str, Callable[[Reply, Options], bool]] = {
    "slow": _slow,
    "cut": _cut,
    "truncated_json": _truncate,
    "invalid_json": _garble,
    "lost_lines": _lose_lines,
    "terminated_early": _terminate,
    "split_line": _split_line,
    "broken_archive": _break_archive,
}
