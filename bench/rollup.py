"""What a day's roll-up costs for each touched account-day, with a short and with a long history.

`python bench/rollup.py [ACCOUNTS] [SHORT] [LONG] [ROUNDS]`: stores with SHORT and with LONG days
of product events, 0.7 rows an account-day with 4 users each of 6, and tickets. Then day by day: the
day's rows arrive, the series are rolled up. Printed: microseconds a touched account-day, how LONG
compares to SHORT (1 = history costs nothing), the share of a full roll-up, what noting the changes
adds to the arrival, and the same for 1 in 100 accounts whose old days are edited.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text

from include.settings import Settings, load_settings
from include.warehouse.database import open_store
from include.warehouse.embedded import Lease, create_database, postgres
from include.warehouse.migrate import upgrade
from include.warehouse.rollup import note_touched, roll_up, touched_shards

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "var" / "bench-postgres"
DENSITY = 0.7
FIRST = "date '2025-01-01'"
WORLD = """
insert into core.account (source, source_account_id, created_at)
select 'crm', n::text, '2024-01-01' from generate_series(1, :accounts) as n;
insert into core.account_link
(source, object, source_key, account_id, method, confidence, first_seen)
select 'usage', 'group', source_account_id, account_id, 'key', 1, now() from core.account
union all
select 'desk', 'organization', source_account_id, account_id, 'key', 1, now() from core.account
"""
USAGE = f"""
insert into core.usage_day (source, account_key, day, events, users, features)
select 'usage', n::text, {FIRST} + days, 9,
    array(
        select 'user-' || n || '-' || (hashint4(n * 31 + days * 7 + i) & 1) + 2 * i
        from generate_series(0, 2) as i
    ) || array['user-' || n || '-6'],
    array['feature-' || (hashint4(n + days) & 7), 'feature-' || (hashint4(n - days) & 7)]
from generate_series(cast(:first as integer), cast(:last as integer)) as days
cross join generate_series(1, :accounts) as n
where (hashint8(n::bigint * 100003 + days) & 1023) < 1024 * {DENSITY}
"""
TICKETS = f"""
insert into core.ticket (source, ticket_id, organization_id, status, created_at, solved_at)
select 'desk', n || '-' || days, n::text, 'solved',
    {FIRST} + days + time '10:00', {FIRST} + days + time '18:00'
from generate_series(cast(:first as integer), cast(:last as integer)) as days
cross join generate_series(1, :accounts) as n
where (hashint8(n::bigint * 7919 + days) & 1023) < 32
"""
EDIT = f"""
update core.usage_day set events = events + 1, users = array_append(users, 'late')
where day = {FIRST} + 5 and account_key::integer % 100 = :round
"""


def main() -> None:
    given = [int(argument) for argument in sys.argv[1:]]
    accounts, short, long, rounds = given + [10_000, 30, 180, 3][len(given) :]
    settings = load_settings(ROOT / "health.yaml")
    with postgres(STATE) as lease:
        found = {
            days: measure(lease, settings, accounts=accounts, days=days, rounds=rounds)
            for days in (short, long)
        }
    print(f"{accounts:,} accounts, medians of {rounds} days; microseconds a touched account-day")
    print(f"{'':28}{f'{short} days':>12}{f'{long} days':>12}{'ratio':>8}")
    for name in found[short]:
        few, many = found[short][name], found[long][name]
        print(f"{name:28}{few:12.2f}{many:12.2f}{many / few:8.2f}")


def measure(
    lease: Lease, settings: Settings, *, accounts: int, days: int, rounds: int
) -> dict[str, float]:
    """Fill a store, roll it up, then let `rounds` more days arrive."""
    engine = open_store(create_database(lease, f"bench_rollup_{days}"))
    upgrade(engine)
    load(engine, (WORLD, USAGE, TICKETS), accounts=accounts, first=0, last=days - 1)
    vacuum(engine)
    full = clock(lambda: roll(engine, settings))
    day, edit, noted, bare = [], [], [], []
    for number in range(days, days + rounds):
        arrives = {"accounts": accounts, "first": number, "last": number}
        noted.append(clock(lambda span=arrives: load(engine, (USAGE, TICKETS), **span)))
        day.append(clock(lambda: roll(engine, settings)))
        load(engine, (EDIT,), round=number % 100)
        edit.append(clock(lambda: roll(engine, settings)))
        bare.append(without_notes(engine, {**arrives, "first": -number, "last": -number}))
    engine.dispose()
    touched = accounts * DENSITY
    each = statistics.median(day) / touched
    return {
        "all days (full)": full / touched / days * 1e6,
        "one more day": each * 1e6,
        "an old day, 1 % of accounts": statistics.median(edit) / touched * 100 * 1e6,
        "one more day / full": statistics.median(day) / full,
        "arrival / without notes": statistics.median(noted) / statistics.median(bare),
    }


def load(engine: Engine, statements: tuple[str, ...], **binds: int) -> None:
    with engine.begin() as connection:
        for statement in statements:
            for part in statement.split(";"):
                connection.execute(text(part), binds)


def roll(engine: Engine, settings: Settings) -> None:
    note_touched(engine, settings)
    for first, last in touched_shards(engine):
        roll_up(engine, settings, first_account=first, last_account=last)


def without_notes(engine: Engine, arrives: dict[str, int]) -> float:
    """Load a day that nobody takes note of, and undo it."""
    with engine.connect() as connection:
        for table in ("usage_day", "ticket"):
            connection.execute(text(f"alter table core.{table} disable trigger user"))
        taken = clock(
            lambda: [connection.execute(text(part), arrives) for part in (USAGE, TICKETS)]
        )
        connection.rollback()
    return taken


def vacuum(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def clock(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
