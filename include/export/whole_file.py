"""A file that is there whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from include.errors import FixConfig


@contextlib.contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """Give the name of an empty file beside `out`, which takes its place when the block ends well.

    Only its owner may read it: scores and names of customers are in it. What stood at `out` before
    stays until then, and for good where the block fails. FixConfig where nothing can be written.
    """
    unfinished = _open_beside(out)
    try:
        yield unfinished
        unfinished.chmod(0o600)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(out)
    except OSError as error:
        raise FixConfig(f"{out}: cannot write this file: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _open_beside(out: Path) -> Path:
    if out.is_dir():
        raise FixConfig(f"{out}: this is a folder; name a file.")
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name[:100]}.", suffix=".tmp")
    except OSError as error:
        raise FixConfig(f"{out}: cannot write this file: {error.strerror}.") from error
    os.close(handle)
    return Path(name)
