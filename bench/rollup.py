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
from include.warehouse.rollup import roll_up

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


Measured = dict[str, float]


def main() -> None:
    given = [int(argument) for argument in sys.argv[1:]]
    accounts, short, long, rounds = given + [4_000, 30, 180, 3][len(given) :]
    settings = load_settings(ROOT / "health.yaml")
    with postgres(STATE) as lease:
        stores = {days: fresh_store(lease, f"bench_rollup_{days}") for days in (short, long)}
        full = {days: fill(stores[days], settings, accounts, days) for days in stores}
        found = [
            {days: one_day(stores[days], settings, accounts, days + number) for days in stores}
            for number in range(rounds)
        ]
    print(f"{accounts:,} accounts, medians of {rounds} days; microseconds a touched account-day")
    print(f"{'':28}{f'{short} days':>12}{f'{long} days':>12}{'ratio':>8}")
    show("all days (full)", [full], short, long, accounts * DENSITY / 1e6 * short)
    for name, unit in (("one more day", 1), ("an old day, 1 % of accounts", 0.01)):
        rows = [{days: one[days][name] for days in one} for one in found]
        show(name, rows, short, long, accounts * DENSITY * unit / 1e6)
    for name, base in (("one more day", full), ("arrival", None)):
        for days in stores:
            ratio = statistics.median(
                one[days][name] / (base[days] if base else one[days]["without notes"])
                for one in found
            )
            print(f"{days} days: {name} / {'all days' if base else 'without notes'}: {ratio:.3f}")


def show(name: str, rows: list[dict[int, float]], short: int, long: int, touched: float) -> None:
    """Print medians by length of history, and the median of the ratios within a round."""
    scale = long / short if name.startswith("all") else 1
    few = statistics.median(one[short] for one in rows) / touched
    many = statistics.median(one[long] for one in rows) / touched / scale
    ratio = statistics.median(one[long] / one[short] for one in rows) / scale
    print(f"{name:28}{few:12.1f}{many:12.1f}{ratio:8.2f}")


def fill(engine: Engine, settings: Settings, accounts: int, days: int) -> float:
    """Load a history and return the seconds of its first roll-up."""
    load(engine, (WORLD, USAGE, TICKETS), accounts=accounts, first=0, last=days - 1)
    vacuum(engine)
    taken = clock(lambda: roll(engine, settings))
    vacuum(engine)
    return taken


def one_day(engine: Engine, settings: Settings, accounts: int, number: int) -> Measured:
    """Let one more day arrive, and an edit of an old one; return the seconds of each step."""
    arrives = {"accounts": accounts, "first": number, "last": number}
    bare = without_notes(engine, {**arrives, "first": -number, "last": -number})
    return {
        "without notes": bare,
        "arrival": clock(lambda: load(engine, (USAGE, TICKETS), **arrives)),
        "one more day": clock(lambda: roll(engine, settings)),
        "edit": clock(lambda: load(engine, (EDIT,), round=number % 100)),
        "an old day, 1 % of accounts": clock(lambda: roll(engine, settings)),
    }


def fresh_store(lease: Lease, name: str) -> Engine:
    admin = open_store(lease.url("postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"drop database if exists {name} with (force)"))
    engine = open_store(create_database(lease, name))
    upgrade(engine)
    return engine


def load(engine: Engine, statements: tuple[str, ...], **binds: int) -> None:
    with engine.begin() as connection:
        for statement in statements:
            for part in statement.split(";"):
                connection.execute(text(part), binds)


def roll(engine: Engine, settings: Settings) -> None:
    roll_up(engine, settings)


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
