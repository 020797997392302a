"""Ask for the next page while this one is being loaded."""

import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from include.sources.http.asked import ON_ASKED

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Made(Generic[T]):
    """An item. followed: the request for the next one has left, or no request is needed."""

    item: T
    followed: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing in the queue: how the items ended."""

    error: BaseException | None = None


def read_ahead(
    items: Generator[T, None, None], *, depth: int = 2, patience_s: float = 0.02
) -> Generator[T, None, None]:
    """Yield the items in order while a thread of its own makes up to `depth` of them in advance.

    An item is held back until the request for the next one has left, but for `patience_s` at most:
    the work on it would only get in the way of that request (asked.py says why).
    What goes wrong in `items` is raised here, after what came before it. The thread never outlives
    this generator: close() waits for the item that is being made, and then closes `items`.
    """
    ready: queue.Queue[_Made[T] | _End] = queue.Queue(maxsize=depth)
    stop = threading.Event()
    thread = threading.Thread(target=_fill, args=(items, ready, stop), name="read-ahead")
    thread.start()
    try:
        while not isinstance(made := ready.get(), _End):
            made.followed.wait(patience_s)
            yield made.item
        if made.error is not None:
            raise made.error
    finally:
        stop.set()
        while thread.is_alive():  # it may be waiting for a place in the queue
            _empty(ready)
            thread.join(timeout=0.01)


def _fill(
    items: Generator[T, None, None], ready: "queue.Queue[_Made[T] | _End]", stop: threading.Event
) -> None:
    end = _End()
    followed = threading.Event()
    try:
        for item in items:
            followed.set()
            made = _Made(item)
            followed = made.followed
            ON_ASKED.set(followed.set)
            ready.put(made)
            if stop.is_set():
                break
    except BaseException as error:  # noqa: BLE001 - raised again where the items are used
        end = _End(error)
    finally:
        items.close()
    followed.set()
    ready.put(end)


def _empty(ready: "queue.Queue[_Made[T] | _End]") -> None:
    while not ready.empty():
        ready.get_nowait()
