"""How fast each vendor is read and landed, as ratios to the bare download of the same bytes.

`python bench/vendors.py [ACCOUNTS] [ROUNDS] [VENDOR ...]`: the sandbox's world of so many accounts
and of ten times as many, 120 days. What its vendors answer is kept once and played back by a server
that does nothing else (bench/replay.py): the sandbox's own making of answers counts nowhere.

- `landed`: the bare `requests` download of these answers, one after the other and thrown away, over
  the source and the landing of all its streams; the larger world, our rate limits lifted. Higher is
  faster. Small worlds show the fixed cost of a stream more than that of a record.
- `limit`: with 20 requests in any second allowed there and kept to by the source's client, the time
  over the earliest moment at which the last request may leave (nan: reading alone takes longer);
  and how many were refused.
- memory: the peak of a landing beside what the process had before, in either world.

Every variant runs in a fresh process, in turn; medians of the ratios within a round. What reading
side by side wins: bench/apart.py.
"""

import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import requests
from pydantic import TypeAdapter
from sqlalchemy import text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.extract import EMPTY, STATE, forget_peak_mb, peak_mb  # noqa: E402
from bench.replay import DAYS, END  # noqa: E402
from include import vendor_settings  # noqa: E402
from include.settings import Credentials, load_settings  # noqa: E402
from include.sources import (  # noqa: E402
    billing_chargebee,
    open_source,
    salesforce_bulk,
    salesforce_org,
    stripe_ranges,
    support_intercom,
    usage_posthog,
    usage_windows,
)
from include.sources.http.client import Client  # noqa: E402
from include.sources.http.rate import Rate  # noqa: E402
from include.sources.http.session import Wire  # noqa: E402
from include.sources.http.side_by_side import side_by_side  # noqa: E402
from include.warehouse.database import open_store  # noqa: E402
from include.warehouse.embedded import create_database, postgres  # noqa: E402
from include.warehouse.landing import land  # noqa: E402
from include.warehouse.migrate import upgrade  # noqa: E402

DATABASE = "bench_vendors"
A_SECOND, CALLS = 20, 100
SMALL_PAGE = 10  # rows of Salesforce's, so that a small world has hundreds of pages
USAGE = {"history_days": DAYS}
# What differs from health.yaml, or from the settings that hold where nothing is said.
VENDORS: dict[str, dict[str, Any]] = {
    "hubspot": {}, "salesforce": {"bulk_above": 10**9}, "salesforce bulk": {"bulk_above": 0},
    "zendesk": {}, "intercom": {}, "stripe": {}, "chargebee": {"requests_per_minute": 3500},
    "posthog": USAGE, "mixpanel": USAGE | {"window_days": 7}, "amplitude": USAGE,
}  # fmt: skip
THREADED = (billing_chargebee, salesforce_bulk, salesforce_org, stripe_ranges, support_intercom,
            usage_posthog, usage_windows)  # fmt: skip
Measured = dict[str, float]


def main() -> None:
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    names = sys.argv[3:] or list(VENDORS)
    with postgres(STATE) as lease:
        upgrade(open_store(create_database(lease, DATABASE)))
    print(f"{'':16} calls     MB  landed  limit refused  memory")
    for name in names:
        row = large(name, accounts, rounds) | small(name, accounts)
        print(f"{name:16}{row['calls']:6.0f}{row['mb']:7.1f}{row['landed']:8.2f}"
              f"{row['limit']:7.2f}{row['refused']:8.0f}"
              f"  {row['memory']:.0f} to {row['memory ten']:.0f} MB", flush=True)  # fmt: skip


def large(name: str, accounts: int, rounds: int) -> dict[str, float]:
    with server(10 * accounts) as reached:
        fresh("land", name, reached)  # the recording
        found = [
            (fresh("download", name, reached, "/~replay"), fresh("land", name, reached, "/~replay"))
            for _ in range(rounds)
        ]
    return {
        "calls": found[0][0]["calls"],
        "mb": found[0][0]["mb"],
        "landed": statistics.median(raw["s"] / landed["s"] for raw, landed in found),
        "memory ten": statistics.median(landed["peak_mb"] for _, landed in found),
    }


def small(name: str, accounts: int) -> dict[str, float]:
    with server(accounts) as reached:
        fresh("land", name, reached)
        free = fresh("land", name, reached, "/~replay")
        limited = fresh("limited", name, reached, f"/~replay?limit={A_SECOND}")
    return {
        "memory": free["peak_mb"],
        # Where reading alone takes longer, the limit is never in force.
        "limit": limited["s"] / ((limited["calls"] - 1) // A_SECOND)
        if free["calls"] / free["s"] > A_SECOND
        else math.nan,
        "refused": limited["refused"],
    }


def fresh(how: str, name: str, reached: dict[str, Any], replay: str = "") -> Measured:
    """Run a variant; name: of VENDORS, with `one` and `many` a stream behind a slash."""
    reach = reached[vendor_of(name)]
    if replay:
        told(reach, replay)
    command = [sys.executable, __file__, "--variant", how, name, json.dumps(reach)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    print(name, how, json.dumps(found), file=sys.stderr, flush=True)
    assert not replay or not found["new"], f"{name} asked for what was not recorded"
    return found


def vendor_of(name: str) -> str:
    return name.partition("/")[0].partition(" ")[0]


def run_variant(how: str, name: str, reach: dict[str, Any]) -> None:
    widths = [1]
    is_alone = how == "one" or name == "stripe"  # ranges of Stripe are cut as threads are free
    for module in THREADED:
        module.side_by_side = partial(noted, widths, is_alone=is_alone)  # type: ignore[attr-defined]
    if is_alone:
        support_intercom.in_order = one_by_one  # type: ignore[assignment]
    give_all_clients(Rate(A_SECOND, 1.0) if how == "limited" else None)
    with postgres(STATE) as lease:
        work = partial(WORK[how], name, reach, lease.url(DATABASE))
        before, started, busy = forget_peak_mb(), time.perf_counter(), time.process_time()
        size = work()
        found = {"s": time.perf_counter() - started, "cpu": time.process_time() - busy}
        found["peak_mb"] = peak_mb() - before
    counted = told(reach, "/~counted")
    found |= {key: counted.get(key, 0) for key in ("calls", "refused", "new")}
    print(json.dumps(found | {"mb": size / 1e6, "threads": max(widths)}))


def told(reach: dict[str, Any], path: str) -> Any:
    with urlopen(reach["base_url"] + path, timeout=60) as answer:
        return json.load(answer)


def noted(widths: list[int], parts: Any, *, is_alone: bool, width: int, **more: Any) -> Any:
    """As side_by_side, with one thread where `is_alone`; how many there are is noted."""
    widths.append(1 if is_alone else width)
    return side_by_side(parts, width=widths[-1], **more)


def one_by_one(make: Any, items: Any, *, width: int) -> Any:  # noqa: ARG001
    return map(make, items)


def give_all_clients(rate: Rate | None) -> None:
    plain = Client.__init__

    def init(self: Client, credentials: Credentials, **more: Any) -> None:
        plain(self, credentials, **{**more, "rate": rate})

    Client.__init__ = init  # type: ignore[method-assign]


def opened(name: str, reach: dict[str, Any], *, pace: float = 0.001) -> Any:
    vendor = vendor_of(name)
    plain = {"vendor": vendor, "name": vendor, "connection": "bench"}
    known = (one for one in load_settings().sources if one.vendor == vendor)
    kind = TypeAdapter[Any](vendor_settings.Source)
    settings = (next(known, None) or kind.validate_python(plain)).model_copy(
        update=VENDORS[name.partition("/")[0]]
    )
    entered = (reach["token"], reach.get("user", ""), reach.get("extra", {}))
    return open_source(settings, Credentials(reach["base_url"], *entered), wire=Wire(pace=pace))


def download(_name: str, reach: dict[str, Any], _url: str) -> int:
    session, size = requests.Session(), 0
    session.trust_env = False
    for one in told(reach, "/~asked"):
        answer = session.request(
            one["method"], reach["base_url"] + one["path"], data=one["body"] or None,
            headers={"Content-Type": one["type"]}, timeout=60,
        )  # fmt: skip
        size += len(answer.content)
    return size


def landing(name: str, reach: dict[str, Any], url: str) -> int:
    engine, source = open_store(url), opened(name, reach)
    with engine.begin() as connection:
        connection.execute(text(EMPTY))
    for stream in source.streams:
        land(
            engine, run_id="bench", as_of=END, source=source.name, vendor=source.vendor,
            stream=stream, pages=source.pages(stream, state=None, as_of=END),
        )  # fmt: skip
    return 0


def reading(name: str, reach: dict[str, Any], _url: str) -> int:
    salesforce_org.PAGE = SMALL_PAGE
    source = opened(name, reach)
    for _ in source.pages(name.partition("/")[2], state=None, as_of=END):
        pass
    return 0


def keeping_to_it(name: str, reach: dict[str, Any], _url: str) -> int:
    """Read again and again until there were some seconds' calls."""
    source, calls = opened(name, reach, pace=1.0), 0
    while calls < CALLS:
        for stream in source.streams:
            for _ in source.pages(stream, state=None, as_of=END):
                pass
        calls = told(reach, "/~counted")["calls"]
    return 0


WORK = {"download": download, "land": landing, "one": reading, "many": reading,
        "limited": keeping_to_it}  # fmt: skip


@contextmanager
def server(accounts: int, page: int = 2000) -> Iterator[dict[str, Any]]:
    command = [sys.executable, str(ROOT / "bench" / "replay.py"), str(accounts), str(page)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(timeout=60)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--variant"]:
        run_variant(sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))
    else:
        main()
