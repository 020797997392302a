"""Reading exported events, one JSON object a line, without trusting that every line is one.

Whole blocks are decoded at once, into only the fields that are wanted; a block in which something
is wrong is read again line by line. Forms of the lines: Mixpanel and Amplitude export
documentation, and what readers of them have met, checked Nov 2026.
"""

from collections.abc import Iterator
from typing import Any, Protocol

import msgspec

from include.errors import RejectData, RetryLater
from include.warehouse.json_text import mended

BLOCK = 2**20
LONGEST_LINE = 2**26
MOST_UNREADABLE = 10_000  # more than so many say that the form changed
CUT = b"terminated early"  # Mixpanel's last line where it could not finish, with status 200
BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class CutShort(RetryLater):
    """What came is not whole, although the transfer was: discard it and ask again."""


class EventLines:
    """One file of events. `unreadable`: the lines that are none, to be set aside as they are."""

    def __init__(
        self, place: str, decoder: "msgspec.json.Decoder[Any]", *, block: int = BLOCK
    ) -> None:
        self._place = place
        self._size = block
        self._decoder = decoder
        self._half = b""
        self._found = 0
        self.unreadable: list[bytes] = []

    def read(self, file: Readable) -> Iterator[list[Any]]:
        """Yield the decoded events of a file in lists; CutShort where its end is missing.

        A record that was split over two lines is put together again. A file that has a page or an
        error in place of events is none that was asked for: CutShort too.
        """
        last = b""
        for block in self._blocks(file):
            last = block
            events = self._decoded(block)
            self._found += len(events)
            yield events
        if self._half and not last.endswith(b"\n"):
            raise CutShort(f"{self._place}: the last event is cut off.")
        self._give_up_half()
        if not self._found and any(map(is_message, self.unreadable)):
            raise CutShort(f"{self._place}: what came is no export.")

    def set_aside(self, line: bytes) -> None:
        """Keep what is no event; RejectData where there is too much of it."""
        self.unreadable.append(line)
        if len(self.unreadable) > MOST_UNREADABLE:
            raise RejectData(
                f"{self._place}: more than {MOST_UNREADABLE:,} lines are no events of the form "
                "that we know; the vendor changed it."
            )

    def _blocks(self, file: Readable) -> Iterator[bytes]:
        """Yield about a block's bytes of whole lines at a time."""
        rest = b""
        while block := file.read(self._size):
            end = block.rfind(b"\n") + 1
            if end:
                yield rest + block[:end]
                rest = b""
            rest += block[end:]
            if len(rest) > LONGEST_LINE:
                raise RejectData(f"{self._place}: a line has more than {LONGEST_LINE:,} bytes.")
        if rest:
            yield rest

    def _decoded(self, block: bytes) -> list[Any]:
        if not self._half:
            try:
                return self._decoder.decode_lines(block)
            except BROKEN:
                pass
        events = [self._one(line) for line in block.split(b"\n")]
        return [event for event in events if event is not None]

    def _one(self, line: bytes) -> Any:  # noqa: ANN401 - the decoder's type
        """Return the event of a line, or of the half before it and the line; None: neither."""
        text = line.rstrip(b"\r")
        if text.strip() == CUT:
            raise CutShort(f"{self._place}: the export ended early.")
        if not text.strip():
            return None
        event, is_json = self._try(text)
        if event is None and self._half:
            joined, is_whole = self._try(self._half + text)
            if is_whole:
                event, is_json, text, self._half = joined, True, self._half + text, b""
        self._give_up_half()
        if not is_json:
            self._half = text
        elif event is None:
            self.set_aside(text)
        return event

    def _try(self, text: bytes) -> tuple[Any, bool]:
        """Return the event if the text is one, and whether it is JSON at all."""
        for version in (text, mended(text)):
            try:
                return self._decoder.decode(version), True
            except msgspec.ValidationError:
                return None, True
            except BROKEN:
                pass
        return None, False

    def _give_up_half(self) -> None:
        if self._half:
            self.set_aside(self._half)
            self._half = b""


def is_message(line: bytes) -> bool:
    """Return whether a line that is no event is for people, or tells an error, with status 200."""
    try:
        content = msgspec.json.decode(mended(line))
    except BROKEN:
        return True
    return isinstance(content, dict) and "error" in content
