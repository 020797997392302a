"""Which plans a day opens, closes and leaves alone. Pure: rows and playbooks in, decisions out.

An account has at most one open plan of a group. A plan ends when the band has recovered for the
days that its playbook says, when its time is over, when a playbook of its group with more priority
matches, or when the account is scored no more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import heappop, heappush
from typing import Literal

from include.plays.playbook import Closes, Playbook, When

State = Literal["open", "recovered", "ended", "replaced", "left"]
UNKNOWN_BAND = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """An account on a published day.

    score: 0..100, None where it is unknown. change: points within 7, 30 and 90 days, None where
    there was no score then. drivers: the measures that cost most, costliest first. flags: raised.
    arr: in the reporting currency, None where it is unknown.
    """

    account_id: int
    score: float | None
    band: str
    change: Mapping[int, float | None]
    drivers: tuple[str, ...]
    flags: frozenset[str]
    attributes: Mapping[str, str]
    arr: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it stands. priority, group, closes: of the version that opened it.

    recovered_since: the first day of an unbroken recovery. closed_on: None while it is open.
    """

    play_id: int
    account_id: int
    playbook: str
    group: str
    priority: int
    closes: Closes
    opened_on: date
    recovered_since: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan to open. replaces: the play_id of the plan that makes room for it."""

    standing: Standing
    playbook: Playbook
    why: str
    replaces: int | None = None


@dataclass(slots=True)
class Decisions:
    """What a day comes to.

    closed: by play_id, how a plan ended. recovering: by play_id, the new first day of recovery;
    None: it broke off. waiting: plans that a day's limit puts off. kept: plans that stay open.
    """

    opened: list[Opened] = field(default_factory=list)
    closed: dict[int, State] = field(default_factory=dict)
    recovering: dict[int, date | None] = field(default_factory=dict)
    waiting: int = 0
    kept: int = 0


def decide(
    standings: Iterable[Standing], playbooks: Sequence[Playbook], plans: Sequence[Plan], as_of: date
) -> Decisions:
    """Decide on all accounts of one outcome; running it on its own result changes nothing.

    standings: each account that has a row on the day. plans: those that are open, and of each
    account and playbook the one that was closed last.
    """
    found, seen = Decisions(), set[int]()
    queues = {one.name: _Queue(_room(one, plans, as_of)) for one in playbooks}
    by_account: dict[int, list[Plan]] = {}
    for plan in plans:
        by_account.setdefault(plan.account_id, []).append(plan)
    in_order = sorted(playbooks, key=lambda one: one.priority)
    for standing in standings:
        seen.add(standing.account_id)
        own = by_account.get(standing.account_id, [])
        still_open = [plan for plan in own if _stays_open(plan, standing.band, as_of, found)]
        if standing.score is not None:
            for one in _wanted(standing, in_order, own, still_open, as_of):
                queues[one.playbook.name].offer(one)
    for plan in plans:
        if plan.closed_on is None and plan.account_id not in seen:
            found.closed[plan.play_id] = "left"
    _open(queues.values(), found)
    open_ones = sum(plan.closed_on is None for plan in plans)
    found.kept = open_ones - len(found.closed)
    return found


def matches(when: When, at: Standing) -> str:
    """Say in words which conditions hold, where all of them do; "" where one does not."""
    said = []
    for holds, words in _conditions(when, at):
        if not holds:
            return ""
        said.append(words)
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _conditions(when: When, at: Standing) -> Iterable[tuple[bool, str]]:
    if when.band:
        yield at.band in when.band, f"the band is {at.band}"
    if when.drop:
        change = at.change.get(when.drop.days)
        fell = change is not None and -change >= when.drop.points
        yield fell, f"the score fell {-(change or 0):.1f} points in {when.drop.days} days"
    if when.driver:
        named = [name for name in at.drivers if name in when.driver]
        yield bool(named), f"among what costs most: {', '.join(named)}"
    if when.flag:
        raised = [name for name in when.flag if name in at.flags]
        yield bool(raised), f"raised: {', '.join(raised)}"
    for name, values in when.attribute.items():
        value = at.attributes.get(name)
        yield value in values, f"{name} is {value}"


def _stays_open(plan: Plan, band: str, as_of: date, found: Decisions) -> bool:
    """Follow an open plan; the day of its opening and an unknown band say nothing of recovery."""
    if plan.closed_on is not None:
        return False
    if plan.opened_on >= as_of:
        return True
    since = _recovery(plan, band, as_of)
    closes, age = plan.closes, (as_of - plan.opened_on).days
    if since is not None and (as_of - since).days >= closes.for_days - 1:
        found.closed[plan.play_id] = "recovered"
    elif closes.after_days is not None and age >= closes.after_days:
        found.closed[plan.play_id] = "ended"
    elif since != plan.recovered_since:
        found.recovering[plan.play_id] = since
    return plan.play_id not in found.closed


def _recovery(plan: Plan, band: str, as_of: date) -> date | None:
    if band == UNKNOWN_BAND:
        return plan.recovered_since
    return (plan.recovered_since or as_of) if band in plan.closes.band else None


def _wanted(
    at: Standing,
    in_order: Sequence[Playbook],
    own: Sequence[Plan],
    still_open: Sequence[Plan],
    as_of: date,
) -> Iterable[Opened]:
    """Of each group the first playbook that matches, unless a plan of it stands or rests."""
    groups: set[str] = set()
    open_in = {plan.group: plan for plan in still_open}
    for playbook in in_order:
        why = "" if playbook.group in groups else matches(playbook.when, at)
        if not why:
            continue
        groups.add(playbook.group)
        before = open_in.get(playbook.group)
        if before and (before.playbook == playbook.name or before.priority <= playbook.priority):
            continue
        if not any(_rests(plan, playbook, as_of) for plan in own):
            yield Opened(at, playbook, why, before.play_id if before else None)


def _rests(plan: Plan, playbook: Playbook, as_of: date) -> bool:
    if plan.playbook != playbook.name or plan.closed_on is None:
        return False
    return (as_of - plan.closed_on).days <= playbook.reopens_after


def _room(playbook: Playbook, plans: Sequence[Plan], as_of: date) -> int:
    """How many plans of a playbook the day's limit still allows."""
    opened = (plan.playbook == playbook.name and plan.opened_on == as_of for plan in plans)
    return max(playbook.opens_a_day - sum(opened), 0)


@dataclass(slots=True)
class _Queue:
    """The plans of one playbook that have room, those of the largest ARR; the others wait."""

    room: int
    best: list[tuple[float, int, Opened]] = field(default_factory=list)
    waiting: int = 0

    def offer(self, one: Opened) -> None:
        standing = one.standing
        heappush(self.best, (standing.arr or 0.0, -standing.account_id, one))
        if len(self.best) > self.room:
            heappop(self.best)
            self.waiting += 1


def _open(queues: Iterable[_Queue], found: Decisions) -> None:
    for queue in queues:
        found.waiting += queue.waiting
        for _, _, one in sorted(queue.best, key=lambda each: each[:2], reverse=True):
            found.opened.append(one)
            if one.replaces is not None:
                found.closed[one.replaces] = "replaced"
