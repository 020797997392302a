"""Ask for the next page while this one is being loaded."""

import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing in the queue: how the items ended."""

    error: BaseException | None = None


def read_ahead(items: Generator[T, None, None], *, depth: int = 2) -> Generator[T, None, None]:
    """Yield the items in order while a thread of its own makes up to `depth` of them in advance.

    What goes wrong in `items` is raised here, after what came before it. The thread never outlives
    this generator: close() waits for the item that is being made, and then closes `items`.
    """
    ready: queue.Queue[T | _End] = queue.Queue(maxsize=depth)
    stop = threading.Event()
    thread = threading.Thread(target=_fill, args=(items, ready, stop), name="read-ahead")
    thread.start()
    try:
        while not isinstance(item := ready.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stop.set()
        while thread.is_alive():  # it may be waiting for a place in the queue
            _empty(ready)
            thread.join(timeout=0.01)


def _fill(
    items: Generator[T, None, None], ready: "queue.Queue[T | _End]", stop: threading.Event
) -> None:
    end = _End()
    try:
        for item in items:
            ready.put(item)
            if stop.is_set():
                break
    except BaseException as error:  # noqa: BLE001 - raised again where the items are used
        end = _End(error)
    finally:
        items.close()
    ready.put(end)


def _empty(ready: "queue.Queue[T | _End]") -> None:
    while not ready.empty():
        ready.get_nowait()
