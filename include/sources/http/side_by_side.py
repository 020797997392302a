"""Fetch the independent parts of a stream at the same time: windows of days, shards, sub-lists."""

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Part = Callable[[], Iterable[T]]


@dataclass(frozen=True, slots=True)
class _Made(Generic[T]):
    item: T


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing that a thread says."""

    error: BaseException | None = None


def side_by_side(
    parts: Iterable[Part[T]], *, width: int, depth: int = 2
) -> Generator[T, None, None]:
    """Yield what the parts make, in any order, while up to `width` threads work on one part each.

    Each thread is at most `depth` items ahead, so memory is bounded. The first error ends all and
    is raised here. No thread outlives this generator: close() waits for the items being made.
    """
    work = _Shared(iter(parts))
    ready: queue.Queue[_Made[T] | _End] = queue.Queue(maxsize=width * depth)
    threads = [
        threading.Thread(target=_work, args=(work, ready), name=f"part-{place}")
        for place in range(width)
    ]
    for thread in threads:
        thread.start()
    running = width
    try:
        while running:
            made = ready.get()
            if not isinstance(made, _End):
                yield made.item
            elif made.error is not None:
                raise made.error
            else:
                running -= 1
    finally:
        work.stop()
        for thread in threads:
            while thread.is_alive():  # it may be waiting for a place in the queue
                _empty(ready)
                thread.join(timeout=0.01)


class _Shared(Generic[T]):
    """The parts that no thread has taken yet."""

    def __init__(self, parts: Iterator[Part[T]]) -> None:
        self._parts = parts
        self._lock = threading.Lock()
        self.is_stopped = False

    def stop(self) -> None:
        self.is_stopped = True

    def take(self) -> Part[T] | None:
        with self._lock:
            return None if self.is_stopped else next(self._parts, None)


def _work(work: _Shared[T], ready: "queue.Queue[_Made[T] | _End]") -> None:
    end = _End()
    try:
        while (part := work.take()) is not None:
            for item in part():
                if work.is_stopped:
                    break
                ready.put(_Made(item))
    except BaseException as error:  # noqa: BLE001 - raised again where the items are used
        end = _End(error)
    ready.put(end)


def _empty(ready: "queue.Queue[_Made[T] | _End]") -> None:
    while not ready.empty():
        ready.get_nowait()
