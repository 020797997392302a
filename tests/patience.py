"""How long tests wait for what threads and processes do: far longer than a slow machine needs."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 120.0
Found = TypeVar("Found")


def wait_until(look: Callable[[], Found], what: str, *, seconds: float = PATIENCE_S) -> Found:
    """Return the first true thing that a look finds; fail with `what` where none comes."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.02)
    return found
