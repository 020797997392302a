"""Unpacking an Amplitude export: a zip of gzip files of events, of which nothing is believed.

Everything is unpacked as it is read, never to disk. Form: Amplitude export documentation, checked
Nov 2026.
"""

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from include.errors import RejectData
from include.sources.event_lines import CutShort, Readable

MOST_BYTES = 2**37  # unpacked: thirty times the four gigabytes that an export may have packed
MOST_FILES = 100_000
GZIP = zlib.MAX_WBITS | 16  # zlib's word for a gzip file with its head and its check sum
STEP = 2**18
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError)


class Unpacked:
    """Files of one export, read through one count of bytes."""

    def __init__(self, place: str, most_bytes: int) -> None:
        self._place = place
        self._left = most_bytes

    def files(self, archive: BinaryIO) -> Iterator["UnpackedFile"]:
        """Yield each file of events, to be read before the next; CutShort for a broken archive."""
        try:
            with zipfile.ZipFile(archive) as opened:
                members = [one for one in opened.infolist() if not one.is_dir()]
                if len(members) > MOST_FILES or sum(one.file_size for one in members) > self._left:
                    raise self.too_large()
                for member in members:
                    with opened.open(member) as packed:
                        yield UnpackedFile(self, cast("BinaryIO", packed), member.filename)
        except BROKEN:
            raise self.broken() from None
        except RuntimeError:  # zipfile's for a password or a compression that it does not know
            raise RejectData(
                f"{self._place}: the archive has a form that we do not know."
            ) from None

    def take(self, size: int) -> None:
        """Count bytes that were unpacked; RejectData where they are more than any export has."""
        self._left -= size
        if self._left < 0:
            raise self.too_large()

    def broken(self) -> CutShort:
        return CutShort(f"{self._place}: the archive is broken.")

    def too_large(self) -> RejectData:
        return RejectData(f"{self._place}: the archive unpacks to more than an export can hold.")


class UnpackedFile:
    """One file of events as bytes of JSON Lines; what has no .gz behind its name is not packed."""

    def __init__(self, export: Unpacked, packed: BinaryIO, name: str) -> None:
        self._export = export
        self._file: Readable = Inflated(packed) if name.endswith(".gz") else packed

    def read(self, size: int) -> bytes:
        try:
            block = self._file.read(size)
        except BROKEN:
            raise self._export.broken() from None
        self._export.take(len(block))
        return block


class Inflated:
    """A gzip file, of several members perhaps, unpacked in large steps.

    Each step lets other threads run and waits for its turn again: in the 8 kB at a time of the gzip
    module, files unpacked side by side wait for one another most of the time.
    """

    def __init__(self, packed: Readable) -> None:
        self._packed = packed
        self._ahead = b""
        self._member = zlib.decompressobj(GZIP)
        self._is_begun = False

    def read(self, size: int) -> bytes:
        """Return up to so many bytes, none at the end; EOFError where the end is missing."""
        while packed := self._ahead or self._packed.read(STEP):
            self._is_begun = True
            if self._member.eof:
                self._member = zlib.decompressobj(GZIP)
            block = self._member.decompress(packed, size)
            self._ahead = self._member.unconsumed_tail or self._member.unused_data
            if block:
                return block
        if self._is_begun and not self._member.eof:
            raise EOFError
        return b""
