"""Ids that may have come before in a landing: a bounded memory that never misses one."""

from collections.abc import Iterable

PLACES = 2**24


class Seen:
    """16 MiB at most, however many ids come; they fill as ids come.

    What it suspects has to be looked up: two ids may share a place, 1 of 80 among 200,000.
    """

    def __init__(self) -> None:
        self._marks = bytearray(PLACES)

    def worth_writing(self, names: list[bytes], fresh: list[int]) -> list[int]:
        """Return the places of new bytes, and of known ones that may follow another copy.

        The last copy of a record counts, also where it is the version that we had.
        """
        others, marks = {names[place] for place in fresh}, self._marks
        return [
            place
            for place, name in enumerate(names)
            if name in others or marks[hash(name) % PLACES]
        ]

    def suspects(self, names: Iterable[bytes]) -> list[bytes]:
        """Return the ids that may have been given before, and remember all."""
        marks, found = self._marks, []
        for name in names:
            place = hash(name) % PLACES
            if marks[place]:
                found.append(name)
            else:
                marks[place] = 1
        return found
