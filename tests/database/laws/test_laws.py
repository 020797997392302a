"""Laws of past readings that hold in any world, from the vendors' records to stored scores."""

import json
from datetime import timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from include.scoring.scorecard import Scorecard
from tests.database.laws.conftest import CARD, Place
from tests.database.laws.worlds import (
    ACCOUNTS,
    DAYS,
    LAST,
    MINUTES,
    START,
    Happening,
    Telling,
    moved,
    worlds,
)

FIRST = START + timedelta(days=20)
# Nothing to shrink: a world is made from one number.
FEW = settings(max_examples=3, phases=[Phase.explicit, Phase.generate])
SOLVE_HOURS = CARD.measure_names.index("solve_hours_90d")


def split(data, records: dict, parts: int) -> list[dict]:
    """Send each record in one of so many parts, some of them twice, in any order."""
    found: list[dict] = [{} for _ in range(parts)]
    for stream, several in records.items():
        for record in data.draw(st.permutations(several)):
            for n in data.draw(st.sets(st.integers(0, parts - 1), min_size=1, max_size=2)):
                found[n].setdefault(stream, []).append(record)
    return found


@FEW
@given(world=worlds(), after=st.integers(40, DAYS - 20), by=st.integers(1, 30))
def test_what_happens_later_changes_no_reading_of_before(open_place, world, after, by):
    day = START + timedelta(days=after)
    as_is, other = open_place(world=world), open_place(world=moved(world, after, by))
    found = as_is.backfill(FIRST, day)
    assert len(found) > 60
    assert other.backfill(FIRST, day) == found


@FEW
@given(world=worlds(billed=False), after=st.integers(40, DAYS - 20), by=st.integers(1, 30))
def test_a_subscription_to_come_changes_no_day_that_the_life_cycle_counts(
    open_place, world, after, by
):
    day = START + timedelta(days=after)
    as_is, other = open_place(world=world), open_place(world=moved(world, after, by))
    found = as_is.backfill(FIRST, day)
    assert found
    assert other.backfill(FIRST, day) == found


@FEW
@given(world=worlds(), parts=st.integers(2, 4), data=st.data())
def test_however_records_arrive_the_scores_are_the_same(open_place, world, parts, data):
    at_once, by_and_by = open_place(world=world), open_place()
    for n, part in enumerate(split(data, Telling().records(world), parts)):
        by_and_by.arrive(part, on=LAST - timedelta(days=parts - n), pages=1 + n)
    assert by_and_by.backfill(FIRST, LAST) == at_once.backfill(FIRST, LAST)


@FEW
@given(before=worlds(), after=worlds(), parts=st.integers(1, 3), data=st.data())
def test_daily_loads_of_edits_end_where_one_load_of_the_last_word_does(
    open_place, before, after, parts, data
):
    """Records that have no last word (they are gone) are said to be nothing.

    What is remembered from when it was seen stays: pulses, and the seats of a subscription.
    """
    earlier, last = Telling().records(before), Telling().records(after)
    seats = {one["id"]: one["items"] for one in earlier["subscriptions"]}
    for one in last["subscriptions"]:
        one["items"] = seats.get(one["id"], one["items"])
    last["companies"] = [
        {**new, "propertiesWithHistory": {"csm_pulse": old["propertiesWithHistory"]["csm_pulse"]}}
        for old, new in zip(earlier["companies"], last["companies"], strict=True)
    ]
    for stream, nothing in GONE.items():
        named = {name_of(stream, one) for one in last.get(stream, [])}
        last.setdefault(stream, []).extend(
            {**one, **nothing}
            for one in earlier.get(stream, [])
            if name_of(stream, one) not in named
        )
    edited, fresh = open_place(), open_place()
    edited.arrive(earlier, on=LAST - timedelta(days=9))
    edited.backfill(FIRST, LAST - timedelta(days=30))
    for n, part in enumerate(split(data, last, parts)):
        edited.arrive(part, on=LAST - timedelta(days=parts - n))
    fresh.arrive(last)
    assert edited.backfill(FIRST, LAST) == fresh.backfill(FIRST, LAST)


GONE = {
    "meetings": {"archived": True},
    "tickets": {"status": "deleted"},
    "satisfaction_ratings": {"score": "offered"},
    "invoices": {"amount_due": 0},
    "subscriptions": {"status": "incomplete_expired"},
    "usage_day": {"events": 0, "users": [], "features": []},
}


def name_of(stream: str, record: dict) -> tuple:
    return (record["account_key"], record["day"]) if stream == "usage_day" else (record["id"],)


@FEW
@given(world=worlds(), zone=st.sampled_from(["Europe/Berlin", "America/New_York"]))
def test_a_world_told_in_another_time_zone_reads_the_same(open_place, world, zone):
    """Hours between two moments are real ones: a change of clocks makes them one more or less."""
    here, there = (
        open_place(telling, world=world).backfill(FIRST, LAST)
        for telling in (Telling(), Telling(zone=zone))
    )
    assert here.keys() == there.keys()
    for key, (readings, score, points) in here.items():
        ours, theirs = (numbers_of(text) for text in (readings, there[key][0]))
        hours = ours.pop(SOLVE_HOURS), theirs.pop(SOLVE_HOURS)
        assert repr(ours) == repr(theirs)
        if repr(hours[0]) == repr(hours[1]):
            assert (score, points) == there[key][1:]
        else:
            assert abs(hours[0] - hours[1]) <= 1


def numbers_of(text: str) -> list[float]:
    return [float(word) for word in text.strip("[]").split(",")]


@FEW
@given(world=worlds())
def test_a_currency_without_minor_unit_is_worth_what_its_rate_says(
    open_place, tmp_path_factory, world
):
    """100 yen are one dollar here: bills in yen read as the same bills in dollars."""
    rates = tmp_path_factory.mktemp("rates") / "rates.csv"
    rates.write_text("currency,day,rate,source\njpy,2025-01-01,0.01,test\n")
    dollars, yen = (
        open_place(telling, card=money_card(), rates=rates, world=world).backfill(FIRST, LAST)
        for telling in (Telling(unit=12_300), Telling(currency="jpy", unit=12_300))
    )
    assert dollars == yen
    amounts = [numbers_of(readings)[-1] for readings, _, _ in dollars.values()]
    if any(one.kind == "invoice" and one.until is None and one.day < 60 for one in world):
        assert max(amounts) >= 123


def money_card() -> Scorecard:
    card = json.loads(CARD.model_dump_json(by_alias=True))
    card["categories"][-1]["measures"].append(
        {
            "name": "overdue", "label": "Overdue", "weight": 1, "unit": "usd", "why": "Test.",
            "good": "0", "reading": {"op": "level", "series": "amount_overdue"},
            "curve": [[0, 100], [1000, 0]],
        }
    )  # fmt: skip
    return Scorecard.model_validate_json(json.dumps({**card, "name": "money"}))


@FEW
@given(world=worlds(), day=st.integers(50, DAYS - 1), data=st.data())
def test_a_live_day_computed_later_differs_only_by_what_came_late(open_place, world, day, data):
    as_of = START + timedelta(days=day)
    late = data.draw(st.sets(st.sampled_from([one.account for one in world]), max_size=2))
    records = Telling().records(world)
    in_time = {
        stream: [one for n, one in enumerate(several) if not (is_of(late, one) and n % 2)]
        if stream in ("meetings", "usage_day") else several
        for stream, several in records.items()
    }  # fmt: skip
    place, informed = open_place(), open_place(world=world)
    place.arrive(in_time, on=as_of)
    live = place.live(as_of)
    place.arrive(records)
    later = place.backfill(as_of, as_of)
    assert place.found("live") == live
    assert readings(later) == readings(informed.live(as_of))
    others = {key for key in live if int(key[0]) - 100 not in late}
    assert {key: live[key][0] for key in others} == {key: later[key][0] for key in others}


def is_of(accounts: set[int], record: dict) -> bool:
    return int(record.get("company_id") or record["account_key"]) - 100 in accounts


def readings(found: dict) -> dict:
    return {key: one[0] for key, one in found.items()}


RICH = tuple(
    Happening(
        kind, account, day, MINUTES[day % 5], until=until, value=value, more=("ann", "report")
    )
    for account in range(ACCOUNTS)
    for kind, days, until, value in (
        ("subscription", (-55,), None, 5),
        ("usage", range(0, 70 + 10 * account, 3), None, 9),
        ("ticket", (5, 44), 50, 0),
        ("ticket", (20,), 23, 1),
        ("rating", (30,), None, 1),
        ("rating", (60,), None, 0),
        ("invoice", (-20, 15), 55, 7),
        ("meeting", (33, 66), None, 0),
        ("pulse", (40,), None, 3),
        ("pulse", (70,), None, 1),
    )
    for day in days
)


def test_the_worlds_are_not_dull(open_place):
    """A world of the kind above has known and unknown readings of every measure, and scores."""
    place: Place = open_place(world=RICH)
    found = place.backfill(FIRST, LAST).values()
    columns = zip(*(numbers_of(readings) for readings, _, _ in found), strict=True)
    varied = [name for name, column in zip(CARD.measure_names, columns, strict=True)
              if len(set(map(repr, column))) > 1]  # fmt: skip
    assert varied == list(CARD.measure_names)
