"""The query language of Zendesk's search: words, and properties with `:`, `<`, `>`, `<=`, `>=`.

One property twice with `:` means either value, everything else must hold together; `-` before it
means that it must not. A day stands for all its seconds: `created>2026-11-01` begins on the 2nd.
`4hours` is so long ago (search reference, checked Nov 2026). A property that nothing here has is
searched for as a word.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sandbox.vendors.zendesk_http import Refused

TERM = re.compile(r'(-?)(?:([a-z_]+)(:|>=|<=|>|<))?("[^"]*"|\S+)')
AGE = re.compile(r"(\d+)(minute|hour|day|week|month|year)s?")
UNITS_S = {
    "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_592_000,
    "year": 31_536_000,
}  # fmt: skip
MOMENTS = ("created", "updated", "solved")
RANKS = {
    "status": ("new", "open", "pending", "hold", "solved", "closed"),
    "priority": ("low", "normal", "high", "urgent"),
}
TEXTS = ("subject", "description", "name", "notes", "details")
NAMES = (
    "type", "id", "external_id", "ticket_type", "organization", "requester", "submitter",
    "assignee", "group", "brand", "form", "via", "tags", "satisfaction", "email", "role",
)  # fmt: skip
KNOWN = frozenset((*MOMENTS, *RANKS, *TEXTS, *NAMES))

Facts = Mapping[str, tuple[str, ...]]
"""What a record can be found by: values by property, in small letters; moments as ISO-8601 UTC."""
Test = Callable[[Facts], bool]


class Term(NamedTuple):
    """`name` is "" for a word or a phrase."""

    is_negated: bool
    name: str
    sign: str
    value: str


def terms_of(query: str) -> list[Term]:
    terms = []
    for minus, name, sign, value in TERM.findall(query.casefold()):
        is_word = name not in KNOWN
        text = f"{name}{sign}{value}" if is_word else value
        terms.append(Term(bool(minus), "" if is_word else name, sign or ":", text.strip('"')))
    return terms


def finder(terms: list[Term], now: datetime) -> Test:
    """Whether a record is found; 422 for a moment or a comparison that cannot be read."""
    either: dict[str, list[Test]] = {}
    every: list[Test] = []
    for term in terms:
        test = _test(term, now)
        if term.is_negated:
            every.append(_not(test))
        elif term.name and term.sign == ":":
            either.setdefault(term.name, []).append(test)
        else:
            every.append(test)
    choices = list(either.values())

    def found(facts: Facts) -> bool:
        return all(test(facts) for test in every) and all(
            any(test(facts) for test in tests) for tests in choices
        )

    return found


def invalid_search(why: str) -> Refused:
    return Refused(422, {"error": "invalid", "description": f"Invalid search: {why}"})


def _not(test: Test) -> Test:
    return lambda facts: not test(facts)


def _test(term: Term, now: datetime) -> Test:
    name, value = term.name, term.value
    if value == "none" and name and term.sign == ":":
        return lambda facts: name in facts and not facts[name]
    if name in MOMENTS:
        begin, end = _span(value, now)
        return lambda facts: any(_holds(term.sign, one, begin, end) for one in facts.get(name, ()))
    if term.sign != ":":
        return _ranked(term)
    if name in TEXTS:
        return lambda facts: any(_has(one, value) for one in facts.get(name, ()))
    if name:
        return lambda facts: value in facts.get(name, ())
    return lambda facts: any(_has(one, value) for one in facts.get("words", ()))


def _span(value: str, now: datetime) -> tuple[str, str]:
    """The first second of a moment and the one behind its last, as ISO-8601 UTC."""
    age, length = AGE.fullmatch(value), timedelta(seconds=1)
    try:
        if age:
            begin = now - timedelta(seconds=int(age[1]) * UNITS_S[age[2]])
        else:
            begin = datetime.fromisoformat(value.upper())
            length = length if "t" in value else timedelta(days=1)
        begin = begin.astimezone(UTC) if begin.tzinfo else begin.replace(tzinfo=UTC)
        return _text(begin), _text(begin + length)
    except (ValueError, OverflowError) as error:
        raise invalid_search(f"{value} is not a date or time") from error


def _text(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _holds(sign: str, moment: str, begin: str, end: str) -> bool:
    if sign == ":":
        return begin <= moment < end
    if sign.startswith(">"):
        return moment >= (begin if sign == ">=" else end)
    return moment < (end if sign == "<=" else begin)


def _ranked(term: Term) -> Test:
    ranks = RANKS.get(term.name)
    if ranks is None or term.value not in ranks:
        raise invalid_search(f"{term.name}{term.sign}{term.value} cannot be compared")
    wanted = ranks.index(term.value)
    sides = {">": range(wanted + 1, len(ranks)), ">=": range(wanted, len(ranks))}
    sides |= {"<": range(wanted), "<=": range(wanted + 1)}
    allowed = {ranks[place] for place in sides[term.sign]}
    return lambda facts: any(one in allowed for one in facts.get(term.name, ()))


def _has(text: str, value: str) -> bool:
    """Whole words, in their order; the beginning of one where the value ends with `*`."""
    words = re.findall(r"[^\s,;]+", value.removesuffix("*"))
    wanted = r"\s+".join(re.escape(word) for word in words)
    end = "" if value.endswith("*") else r"(?!\w)"
    return bool(re.search(rf"(?<!\w){wanted}{end}", text))
