"""A made-up store of facts to measure on: accounts with a year and a half of all that is known.

`usage` is how many different users are active on an account's day: 4 is a busy product, 0.4 one
that is opened on a day in three. Days before the first one asked for are there as well, so that
every window is full. The facts stand in core.* as conform leaves them, nothing is rolled up yet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection, Engine, text

from include.settings import ROOT, Settings, load_settings
from include.warehouse.copy import driver
from include.warehouse.database import transaction
from include.warehouse.money import load_rates
from include.warehouse.terms import write_terms

LAST = date(2025, 12, 31)
BEFORE = 90  # days of facts before the first day that is read
USERS = 16  # of an account: the first is there nearly every day, the last seldom
PEOPLE = tuple(f"@{user}" for user in range(USERS))  # @: what the account's people begin with
WORDS = ("dashboard", "report", "workflow", "integration", "api", "invitation")
TABLES = (
    "account", "account_link", "organization", "customer", "subscription", "invoice", "ticket",
    "survey_response", "touch", "manual_input", "usage_day",
)  # fmt: skip
KEY = "alter table core.usage_day add constraint usage_day_pkey primary key"
OBJECTS = (("zendesk", "organization"), ("stripe", "customer"), ("posthog", "group"))


@dataclass(frozen=True, slots=True)
class World:
    """accounts: numbered from 1. days: how many are read, up to LAST. usage: see above."""

    accounts: int
    days: int
    usage: float

    @property
    def first(self) -> date:
        return LAST - timedelta(days=self.days - 1)

    @property
    def begin(self) -> date:
        return self.first - timedelta(days=BEFORE)


def bench_settings() -> Settings:
    return load_settings(ROOT / "health.yaml")


def make_facts(engine: Engine, world: World) -> None:
    """Fill an empty store of the newest schema; as one load, of which no change is noted."""
    generator = np.random.default_rng(1)
    with transaction(engine) as connection:
        for table in TABLES:
            connection.execute(text(f"alter table core.{table} disable trigger user"))
        connection.execute(text("alter table core.usage_day drop constraint usage_day_pkey"))
        for table, columns, rows in _tables(world, generator):
            _copy(connection, f"core.{table} ({columns})", rows)
        connection.execute(text(f"{KEY} (source, account_key, day)"))
        connection.execute(
            text(
                "insert into core.usage_group (source, account_key) "
                "select source, source_key from core.account_link where object = 'group'"
            )
        )
        for table in TABLES:
            connection.execute(text(f"alter table core.{table} enable trigger user"))
        load_rates(connection, bench_settings())
        write_terms(connection, bench_settings())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def _tables(
    world: World, generator: np.random.Generator
) -> Iterator[tuple[str, str, Iterable[str]]]:
    yield (
        "account",
        "source, source_account_id, segment, lifecycle, arr, currency, created_at",
        (f"hubspot\th{n}\tmid\tcustomer\t12000\tusd\t2023-06-01" for n in _numbers(world)),
    )
    yield (
        "account_link",
        "source, object, source_key, account_id, method, confidence, first_seen",
        (
            f"{source}\t{kind}\t{kind[0]}{n}\t{n}\tkey\t1\t2023-06-01"
            for source, kind in OBJECTS
            for n in _numbers(world)
        ),
    )
    yield (
        "organization",
        "source, organization_id, created_at",
        (f"zendesk\to{n}\t2023-06-02" for n in _numbers(world)),
    )
    yield (
        "customer",
        "source, customer_id, created_at",
        (f"stripe\tc{n}\t2023-06-02" for n in _numbers(world)),
    )
    yield from _billing(world, generator)
    yield from _support(world, generator)
    yield from _relations(world, generator)
    columns = "source, account_key, day, events, users, features"
    yield "usage_day", columns, _usage(world, generator)


def _billing(
    world: World, generator: np.random.Generator
) -> Iterator[tuple[str, str, Iterable[str]]]:
    """One subscription each, a tenth of them end; an invoice a month, a sixth of them paid late."""
    ends = {n: _day(world, generator) for n in _numbers(world) if generator.random() < 0.1}
    yield (
        "subscription",
        "source, subscription_id, customer_id, status, seats, started_at, ended_at",
        (
            f"stripe\ts{n}\tc{n}\t{'canceled' if n in ends else 'active'}\t10\t2023-06-15"
            f"\t{ends.get(n, chr(92) + 'N')}"
            for n in _numbers(world)
        ),
    )
    months = (LAST - world.begin).days // 30 + 1
    seats = np.maximum(1, 10 + generator.integers(-1, 2, (world.accounts, months)).cumsum(axis=1))
    late = generator.random((world.accounts, months))
    yield (
        "invoice",
        (
            "source, invoice_id, customer_id, subscription_id, status, currency, amount_due_minor,"
            " amount_remaining_minor, seats, period_start, created_at, due_at, paid_at"
        ),
        (
            f"stripe\ti{n}-{month}\tc{n}\ts{n}\t{'open' if paid is None else 'paid'}\tusd\t10000"
            f"\t{10000 if paid is None else 0}\t{seats[n - 1, month]}\t{at}\t{at}"
            f"\t{at + timedelta(days=14)}\t{chr(92) + 'N' if paid is None else paid}"
            for n in _numbers(world)
            for month in range(months)
            for at in (world.begin + timedelta(days=30 * month + n % 30),)
            for paid in (_paid(at, late[n - 1, month]),)
        ),
    )


def _paid(at: date, chance: float) -> date | None:
    """Most pay within the two weeks they have, some up to a hundred days later, a few never."""
    if chance < 0.005:
        return None
    days = int(chance * 600) + 14 if chance < 1 / 6 else int(chance * 13)
    return at + timedelta(days=days)


def _support(
    world: World, generator: np.random.Generator
) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Ten tickets each, an eighth of them urgent, most solved within days; a third are rated."""
    count = 10 * world.accounts
    account = generator.integers(1, world.accounts + 1, count)
    days = generator.integers(0, (LAST - world.begin).days + 1, count)
    hours = generator.exponential(60, count).astype(int)
    chance = generator.random(count)
    opened = [world.begin + timedelta(days=int(day)) for day in days]
    yield (
        "ticket",
        "source, ticket_id, organization_id, priority, status, created_at, solved_at",
        (
            f"zendesk\tt{n}\to{account[n]}\t{'urgent' if chance[n] < 0.125 else 'normal'}\t"
            + (f"open\t{opened[n]} 08:00\t\\N" if 0.5 < chance[n] < 0.52 else
               f"solved\t{opened[n]} 08:00\t{_after(opened[n], hours[n])}")
            for n in range(count)
        ),
    )  # fmt: skip
    yield (
        "survey_response",
        "source, response_id, kind, ticket_id, is_good, occurred_at",
        (
            f"zendesk\tr{n}\tcsat\tt{n}\t{chance[n] < 0.9}\t{_after(opened[n], hours[n] + 24)}"
            for n in range(0, count, 3)
        ),
    )


def _relations(
    world: World, generator: np.random.Generator
) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Eight meetings each, a quarter of them reviews, and five words of the success manager."""
    held = [(n, _day(world, generator), k) for n in _numbers(world) for k in range(8)]
    yield (
        "touch",
        "source, touch_id, source_account_id, kind, is_held, occurred_at",
        (
            f"hubspot\tm{n}-{k}\th{n}\t{'review' if k < 2 else 'check_in'}\ttrue\t{day} 10:00"
            for n, day, k in held
        ),
    )
    said = {(n, _day(world, generator)): k for n in _numbers(world) for k in range(1, 6)}
    yield (
        "manual_input",
        "source, source_account_id, measure, occurred_at, value",
        (f"hubspot\th{n}\tpulse\t{day} 11:00\t{value}" for (n, day), value in said.items()),
    )


def _usage(world: World, generator: np.random.Generator) -> Iterator[str]:
    """A day after the other, as it comes in; no row where nobody was there."""
    people = [_chosen(PEOPLE, mask) for mask in range(2**USERS)]
    features = [_chosen(WORDS, mask) for mask in range(2 ** len(WORDS))]
    eager = _shares(world.usage)
    breadth = np.full(len(WORDS), min(0.5, 0.15 + world.usage / 10), np.float32)
    begins = [f"018f-{n:06d}-person-" for n in _numbers(world)]
    for offset in range((LAST - world.begin).days + 1):
        day = world.begin + timedelta(days=offset)
        seen = _masks(generator, world.accounts, eager)
        used = _masks(generator, world.accounts, breadth)
        events = generator.integers(1, 40, world.accounts)
        for at in np.flatnonzero(seen).tolist():
            yield (
                f"posthog\tg{at + 1}\t{day}\t{events[at]}\t"
                f"{people[seen[at]].replace('@', begins[at])}\t{features[used[at]]}"
            )


def _shares(usage: float) -> np.ndarray:
    """How often each user of an account is active, so that `usage` of them are on a day."""
    shares = 1 / np.arange(1, USERS + 1)
    for _ in range(50):
        shares = np.minimum(0.95, shares * usage / shares.sum())
    return shares.astype(np.float32)


def _masks(generator: np.random.Generator, count: int, shares: np.ndarray) -> np.ndarray:
    drawn = generator.random((count, len(shares)), np.float32) < shares
    return drawn @ (1 << np.arange(len(shares)))


def _chosen(names: tuple[str, ...], mask: int) -> str:
    return "{" + ",".join(name for bit, name in enumerate(names) if mask >> bit & 1) + "}"


def _numbers(world: World) -> range:
    return range(1, world.accounts + 1)


def _day(world: World, generator: np.random.Generator) -> date:
    return world.begin + timedelta(days=int(generator.integers(0, (LAST - world.begin).days + 1)))


def _after(day: date, hours: int) -> str:
    return f"{day + timedelta(days=(8 + int(hours)) // 24)} {(8 + int(hours)) % 24:02d}:00"


def _copy(connection: Connection, target: str, rows: Iterable[str]) -> None:
    with driver(connection).cursor() as cursor, cursor.copy(f"copy {target} from stdin") as copy:
        block: list[str] = []
        for row in rows:
            block.append(row)
            if len(block) == 10_000:
                copy.write("\n".join(block) + "\n")
                block.clear()
        copy.write("\n".join(block) + "\n" if block else "")
