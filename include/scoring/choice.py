"""Which gains together reach a need: fewest of them, then least to be gained. Whole numbers only.

The fewest are found by taking the largest. Among equally few, all but one are used up, and the one
that is not adds least for its cost: so each is tried as that one, beside the best of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

LOOKS = 5_000  # at combinations; cards of 25 measures take fewer than a hundred


@dataclass(frozen=True, slots=True)
class Gain:
    """What a measure can gain. room: in units of its own. each: what one such unit adds."""

    measure: int
    room: int
    each: int

    @property
    def most(self) -> int:
        return self.room * self.each


def choose(gains: Sequence[Gain], need: int) -> dict[int, int]:
    """Return by measure how much it has to gain so that together they add `need` or just more.

    No smaller number of measures can; of this number, no others have less to gain in all. (Where
    that would take more than LOOKS at combinations: none of those that were looked at.)
    Empty where all together cannot. need: above 0.
    """
    largest = sorted(gains, key=lambda gain: -gain.most)[: _fewest(gains, need)]
    if not largest:
        return {}
    best = _use(sorted(largest, key=lambda gain: -gain.each), need)
    ordered = sorted(gains, key=lambda gain: -gain.each)
    looks = LOOKS
    for at, last in enumerate(ordered):
        search = _Search(ordered[:at], last, len(largest) - 1, need, sum(best.values()), looks)
        search.look([], 0, 0, need - last.most)
        looks = search.looks
        if search.found is not None:
            best = _use([*search.found, last], need)
    return best


def _fewest(gains: Sequence[Gain], need: int) -> int:
    """How many of the largest reach the need; 0: not even all of them."""
    for count, gain in enumerate(sorted(gains, key=lambda gain: -gain.most), start=1):
        need -= gain.most
        if need <= 0:
            return count
    return 0


def _use(chosen: Sequence[Gain], need: int) -> dict[int, int]:
    """Use up all but the last, and of that what is still needed."""
    *full, last = chosen
    rest = need - sum(gain.most for gain in full)
    return {gain.measure: gain.room for gain in full} | {last.measure: -(-rest // last.each)}


@dataclass
class _Search:
    """Find `count` of `gains` that spare most beside `last`, if that costs less than `cost`.

    A gain spares what it adds beyond what `last` would for the same units.
    """

    gains: Sequence[Gain]
    last: Gain
    count: int
    need: int
    cost: int
    looks: int
    found: list[Gain] | None = None
    spares: int = field(init=False)

    def __post_init__(self) -> None:
        """`spares`: what must be exceeded to cost less."""
        self.spares = max(-1, self.need - self.cost * self.last.each)
        self.gains = sorted(self.gains, key=lambda gain: -self._spared([gain]))

    def look(self, chosen: list[Gain], start: int, spared: int, wanted: int) -> None:
        """Go through all ways to complete `chosen` that may still add `wanted` and spare more."""
        self.looks -= 1
        left = self.count - len(chosen)
        if not left and wanted <= 0 and spared > self.spares:
            self.spares, self.found = spared, chosen
        for at in range(start, len(self.gains) - left + 1) if left else ():
            if self.looks < 0 or spared + self._spared(self.gains[at : at + left]) <= self.spares:
                return
            if sum(sorted((gain.most for gain in self.gains[at:]), reverse=True)[:left]) < wanted:
                return
            gain = self.gains[at]
            self.look([*chosen, gain], at + 1, spared + self._spared([gain]), wanted - gain.most)

    def _spared(self, gains: Sequence[Gain]) -> int:
        return sum(gain.room * (gain.each - self.last.each) for gain in gains)
