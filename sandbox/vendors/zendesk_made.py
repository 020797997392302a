"""What is costly to make of all tickets of a desk: made when first asked for, and kept."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sandbox.vendors.zendesk_rows import Desk

T = TypeVar("T")


class OfTickets(Generic[T]):
    """Calling it gives what `make` made; once there are more tickets, it is made again."""

    def __init__(self, desk: Desk, make: Callable[[], T]) -> None:
        self._desk = desk
        self._make = make
        self._kept: tuple[int, T] | None = None

    def __call__(self) -> T:
        count = len(self._desk.tickets)
        kept = self._kept
        if kept is None or kept[0] != count:
            kept = self._kept = (count, self._make())
        return kept[1]
