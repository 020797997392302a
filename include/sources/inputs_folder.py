"""The folder into which people drop files: which are there, whole, and what stands in them.

Names of ours in it: `done/` for what was read, `….rejected.csv` and `.xlsx` for rows that go back,
`….cannot-be-read.txt` for files that do. A file counts as whole when its size and time of change
stay the same over a pause; one that is being copied is left for the next run.
"""

import re
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from include.errors import FixConfig
from include.sources.inputs_csv import read_csv
from include.sources.inputs_sheet import Sheet, Unreadable
from include.sources.inputs_xlsx import read_xlsx

DONE = "done"
RETURNED = re.compile(r"\.rejected(-\d+)?\.(csv|xlsx)$", re.IGNORECASE)
NOTE = ".cannot-be-read.txt"
LOCKS = (".", "~$")  # hidden files, and what Excel lays beside a file that is open
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file in the folder as it was when the folder was looked at."""

    path: Path
    size: int
    changed_ns: int

    @property
    def name(self) -> str:
        return self.path.name


def look(folder: Path) -> list[Dropped]:
    """Return what people dropped, the file changed last at the end: it counts most."""
    try:
        entries = list(folder.iterdir())
    except OSError as error:
        raise FixConfig(
            f"Cannot look into the folder of manual inputs {folder}: {error.strerror}. Create it, "
            "or mend `folder` of that source in health.yaml."
        ) from None
    found = [dropped for path in entries if is_input(path) and (dropped := as_dropped(path))]
    return sorted(found, key=lambda file: (file.changed_ns, file.name))


def is_input(path: Path) -> bool:
    """Whether a name is one of a file for us: no lock, no unfinished copy, nothing of our own."""
    name = path.name
    return not (
        name.startswith(LOCKS)
        or name.lower().endswith((*UNFINISHED, NOTE))
        or RETURNED.search(name)
    )


def as_dropped(path: Path) -> Dropped | None:
    """Return a plain file as it is now; None for a folder, a link, or what is gone."""
    try:
        if path.is_symlink() or not path.is_file():
            return None
        now = path.stat()
    except OSError:
        return None
    return Dropped(path, now.st_size, now.st_mtime_ns)


def look_for_whole(folder: Path, quiet_s: float) -> tuple[list[Dropped], list[Dropped]]:
    """Return the files that do not change, and those that are being copied."""
    before = look(folder)
    if not before:
        return [], []
    time.sleep(quiet_s)
    now = look(folder)
    return [file for file in now if file in before], [file for file in now if file not in before]


def read_bytes(file: Dropped) -> tuple[bytes, str] | None:
    """Return content and digest; None where the file is not as it was. Unreadable: too large."""
    if file.size > MOST_BYTES:
        raise Unreadable(f"It is larger than {MOST_BYTES:,} bytes; split it.")
    try:
        content = file.path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(f"It cannot be opened: {error.strerror}.") from None
    return (content, digest_of(content)) if as_dropped(file.path) == file else None


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def read_sheets(content: bytes, suffix: str) -> list[Sheet]:
    """Read a file by its suffix; Unreadable says what is wrong with it as a whole."""
    match suffix.lower():
        case ".csv":
            return [read_csv(content)]
        case ".xlsx":
            return read_xlsx(content)
    raise Unreadable("It is neither .csv nor .xlsx.")
