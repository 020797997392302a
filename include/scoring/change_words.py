"""What the kinds of a change are called: each a clause without a full stop.

Only what a customer did is said of the customer. Data that came, went or grew old, targets, rules,
people, sources and the scorecard are named as such.
"""

import numpy as np

from include.say import shown
from include.scoring.attribution import Slot
from include.scoring.crossing import Sides
from include.scoring.side import Side

RULES = {
    "interaction": "A rule for two measures together",
    "penalty": "A penalty",
    "floor": "A floor",
    "cap": "A cap",
    "red": "A hard red",
}


def label_of(slot: Slot, sides: Sides) -> str:
    """Name what a part is of as people know it."""
    if slot.kind in ("reading", "target"):
        found = [one for side in sides for one in side.card.measures if one.name == slot.name]
        return found[-1].label
    rules = [rule for side in sides for rule in side.card.rules if rule.name == slot.name]
    if rules:
        return rules[-1].why
    return "Override by a person" if slot.kind == "override" else "Scorecard"


def reading_of(side: Side, slot: Slot, row: int) -> float | None:
    """The reading behind a part; None where it is unknown or there is none."""
    if slot.kind not in ("reading", "target") or slot.name not in side.card.measure_names:
        return None
    value = float(side.readings[row, side.column(slot.name)])
    return None if np.isnan(value) else value


def words_of(kind: str, slot: Slot, sides: Sides, row: int, source: str) -> str:
    """Say what a part is. source: what the source did, where that is what changed the reading."""
    if slot.kind == "reading":
        return _of_reading(kind, slot, sides, row, source)
    label = label_of(slot, sides)
    if slot.kind == "target":
        return f"The target of {label} changed with {_circumstances(slot.name, sides, row)}"
    if slot.kind == "override":
        return f"A person's override {_verb(*(_is_overridden(side, row) for side in sides))}"
    if not slot.name:
        then, now = (f"{side.card.name}.v{side.card.version}" for side in sides)
        return f"The scorecard changed from {then} to {now}"
    if slot.kind == "scorecard":
        return f"The scorecard changed a rule: {inside(label)}"
    did = _verb(*(_fired(side, slot.name, row) for side in sides))
    if did == "ended" and _fired(sides[1], slot.name, row, undecided=True):
        did = "can no longer be decided for want of data"
    return f"{RULES[kind]} {did}: {inside(label)}"


LEADS = {
    "arrived": "New data: {label} {went}",
    "missing": "Missing data: {label} {went}",
    "stale": "Old data: {label} had been carried forward and {went}",
    "source": "{label} {went}: the source's change, not the customer's ({source})",
    "scorecard": "The scorecard changed what {label} counts for",
}


def _of_reading(kind: str, slot: Slot, sides: Sides, row: int, source: str) -> str:
    label = label_of(slot, sides)
    before, after = (reading_of(side, slot, row) for side in sides)
    if kind in LEADS:
        return LEADS[kind].format(label=label, went=_from_to(before, after), source=source)
    if kind == "target":
        was = not np.isnan(sides[0].points[row, sides[0].column(slot.name)])
        return f"The target of {label} {'is no longer known' if was else 'became known'}"
    assert before is not None
    assert after is not None
    verb = "fell" if after < before else "rose"
    return f"{label} {verb} from {shown(before, after)} to {shown(after, before)}"


def _from_to(before: float | None, after: float | None) -> str:
    if before is None:
        return "is still unknown" if after is None else f"became known, {shown(after)}"
    if after is None:
        return f"is no longer known; it was {shown(before)}"
    return f"went from {shown(before, after)} to {shown(after, before)}"


def _circumstances(name: str, sides: Sides, row: int) -> str:
    """What of the account moved a target: attributes and the month of its term."""
    measures = [one for side in sides for one in side.card.measures if one.name == name]
    said = []
    for by in sorted({one.target.by for one in measures if one.target and one.target.by}):
        then, now = (_word(side, by, row) for side in sides)
        said += [f"{by} ({then}, now {now})"] if then != now else []
    if any(one.target and one.target.months for one in measures):
        then, now = (str(int(side.at.month[row])) for side in sides)
        said += [f"the month of the term ({then}, now {now})"] if then != now else []
    return " and ".join(said) or "the scorecard"


def _word(side: Side, name: str, row: int) -> str:
    known = side.at.attributes.get(name)
    if known is None or known.codes[row] < 0:
        return "unknown"
    return str(known.words[known.codes[row]])


def _is_overridden(side: Side, row: int) -> bool:
    return not (np.isnan(side.at.override_to[row]) and np.isnan(side.at.override_factor[row]))


def _fired(side: Side, name: str, row: int, *, undecided: bool = False) -> bool:
    names = [rule.name for rule in side.card.rules]
    bits = side.undecided if undecided else side.fired
    return name in names and bool(int(bits[row]) >> names.index(name) & 1)


def _verb(was: bool, now: bool) -> str:  # noqa: FBT001 - two days, in order
    if was and now:
        return "changed"
    return "began" if now else "ended"


def inside(sentence: str) -> str:
    """A sentence as the end of another one."""
    words = sentence.rstrip(".")
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
