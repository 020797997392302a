"""How much faster streams are read side by side, and how close that comes to what can be.

`python bench/apart.py [ACCOUNTS] [ROUNDS] [STREAM ...]`: a world of so many accounts and 120 days,
played back as in bench/vendors.py, every answer after 50 ms, our rate limits lifted.

- `faster`: the reading with one thread over that with several. More threads than a vendor bears
  are never used: that is the most that can be won.
- `floor`: the time with several threads over what it cannot go below: the larger of the answers'
  waiting, shared out among the threads, and the processor time of reading with one thread, since
  one interpreter computes on one core.

Every variant runs in a fresh process, in turn; medians over the rounds.
"""

import statistics
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.extract import STATE  # noqa: E402
from bench.vendors import DATABASE, SMALL_PAGE, Measured, fresh, server  # noqa: E402
from include.warehouse.database import open_store  # noqa: E402
from include.warehouse.embedded import create_database, postgres  # noqa: E402
from include.warehouse.migrate import upgrade  # noqa: E402

DELAY_S = 0.05
# Those whose parts are independent and not measured in bench/parallel.py.
STREAMS = (
    "salesforce/contacts", "intercom/contacts", "intercom/conversations", "chargebee/invoices",
    "mixpanel/usage_day", "amplitude/usage_day",
)  # fmt: skip


def main() -> None:
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with postgres(STATE) as lease:
        upgrade(open_store(create_database(lease, DATABASE)))
    print(f"{'':24}calls threads  cpu s  one s  many s  faster  floor")
    for name in sys.argv[3:] or STREAMS:
        with server(accounts, SMALL_PAGE) as reached:
            fresh("many", name, reached)  # the recording
            found = [both(name, reached) for _ in range(rounds)]
        one, many = ({key: statistics.median(pair[place][key] for pair in found)
                      for key in ("s", "cpu", "calls", "threads")} for place in (0, 1))  # fmt: skip
        faster = statistics.median(one["s"] / many["s"] for one, many in found)
        floor = statistics.median(many["s"] / least_s(one, many) for one, many in found)
        print(f"{name:24}{many['calls']:5.0f}{many['threads']:8.0f}{one['cpu']:7.1f}"
              f"{one['s']:7.1f}{many['s']:8.1f}{faster:8.1f}{floor:7.2f}", flush=True)  # fmt: skip


def both(name: str, reached: dict[str, Any]) -> tuple[Measured, Measured]:
    replay = f"/~replay?delay={DELAY_S}"
    return fresh("one", name, reached, replay), fresh("many", name, reached, replay)


def least_s(one: Measured, many: Measured) -> float:
    return max(one["cpu"], many["calls"] * DELAY_S / many["threads"])


if __name__ == "__main__":
    main()
