"""Fetch the independent parts of a stream at the same time: windows of days, shards, sub-lists."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

S = TypeVar("S")
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


def in_order(make: Callable[[S], T], items: Iterable[S], *, width: int) -> Generator[T, None, None]:
    """Yield what each item becomes, in the items' order, while up to `width` are being made.

    The items are taken in the caller's thread, `width` of them ahead. The first error is raised in
    its place; no thread outlives this generator.
    """
    made: deque[Future[T]] = deque()
    pool = ThreadPoolExecutor(width, thread_name_prefix="part")
    try:
        for item in items:
            made.append(pool.submit(make, item))
            if len(made) >= width:
                yield made.popleft().result()
        while made:
            yield made.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


class Growing(Generic[T]):
    """Parts for `side_by_side` that may add further parts while they are worked on."""

    def __init__(self, parts: Iterable[Part[T]]) -> None:
        self._waiting = deque(parts)
        self._under_way = 0
        self._changed = threading.Condition()

    def add(self, part: Part[T]) -> None:
        with self._changed:
            self._waiting.append(part)
            self._changed.notify_all()

    @property
    def are_short(self) -> bool:
        """Whether a thread that ends its part now would find no other one."""
        return not self._waiting

    def __iter__(self) -> Iterator[Part[T]]:
        """Yield parts, and wait for further ones while any part is under way."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or not self._under_way)
                if not self._waiting:
                    return
                part = self._waiting.popleft()
                self._under_way += 1
            yield partial(self._work, part)

    def _work(self, part: Part[T]) -> Iterator[T]:
        try:
            yield from part()
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()


class Done:
    """Which parts, numbered from 0, are done."""

    def __init__(self) -> None:
        self._beyond: set[int] = set()
        self.all_before = 0  # of these parts, each one is done

    def add(self, place: int) -> None:
        self._beyond.add(place)
        while self.all_before in self._beyond:
            self._beyond.remove(self.all_before)
            self.all_before += 1


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
