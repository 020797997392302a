"""Unpacking an Amplitude export: a zip of gzip files of events, of which nothing is believed.

Everything is unpacked as it is read, never to disk. Form: Amplitude export documentation, checked
Nov 2026.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from include.errors import RejectData
from include.sources.event_lines import CutShort

MOST_BYTES = 2**37  # unpacked: thirty times the four gigabytes that an export may have packed
MOST_FILES = 100_000
BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError)


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
        is_packed = name.endswith(".gz")
        self._file = cast("BinaryIO", gzip.GzipFile(fileobj=packed)) if is_packed else packed

    def read(self, size: int) -> bytes:
        try:
            block = self._file.read(size)
        except BROKEN:
            raise self._export.broken() from None
        self._export.take(len(block))
        return block
