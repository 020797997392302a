"""How fast a stream is read and landed, as ratios to the bare download of the same pages.

`python bench/extract.py [ROWS] [ROUNDS]`: tickets of about 520 bytes, 1,000 a page, served by a
process that only sends prebuilt bytes. `download` is `requests` and nothing else: this server names
the next cursor in a header, so it need not look for it in the body as every real reader has to;
`land` is the Zendesk source and the landing, from the first request to records that count; `again`
lands them a second time, when nothing has changed; `dlt` loads them into PostgreSQL without child
tables, a tenth of the rows. Then the same with 30 ms a page. Every variant runs in a fresh process,
in turn; printed are medians of the ratios within a round, higher is faster, and the peak of memory
beside what the process had before. At the end the peak with five times the rows.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from include.settings import Credentials  # noqa: E402
from include.sources import open_source  # noqa: E402
from include.vendor_settings import Zendesk  # noqa: E402
from include.warehouse.database import open_store  # noqa: E402
from include.warehouse.embedded import create_database, postgres  # noqa: E402
from include.warehouse.landing import land  # noqa: E402
from include.warehouse.migrate import upgrade  # noqa: E402

STATE = ROOT / "var" / "bench-postgres"
DATABASE = "bench_extract"
PATH = "/api/v2/incremental/tickets/cursor"
PAGE = 1000
DAY = date(2026, 11, 1)
EMPTY = "truncate raw.record, raw.quarantine, raw.batch, raw.stream cascade"
Measured = dict[str, float]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with postgres(STATE) as lease:
        upgrade(open_store(create_database(lease, DATABASE)))
        with server(rows, 0) as port:
            compare("0 ms a page", ("download", "land", "again", "dlt"), port, rows, rounds)
        with server(rows, 30) as port:
            compare("30 ms a page", ("download", "land"), port, rows, rounds)
        with server(5 * rows, 0) as port:
            peak = fresh("land", port)["peak_mb"]
            print(f"\nland, {5 * rows:,} rows: +{peak:.0f} MB")


def compare(title: str, variants: tuple[str, ...], port: int, rows: int, rounds: int) -> None:
    found: list[dict[str, Measured]] = []
    for _ in range(rounds):
        found.append({variant: fresh(variant, port) for variant in variants})
        print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    print(f"\n{title}, {rows:,} rows, {rounds} rounds; 1.0 = download, higher is faster")
    for variant in variants:
        ratio, peak, speed = (
            statistics.median(values)
            for values in (
                [one[variant]["rows_a_s"] / one["download"]["rows_a_s"] for one in found],
                [one[variant]["peak_mb"] for one in found],
                [one[variant]["rows_a_s"] for one in found],
            )
        )
        print(f"{variant:10} {ratio:8.3f} {speed:10,.0f} rows/s  +{peak:.0f} MB")
    if "dlt" in variants:
        times = statistics.median(one["land"]["rows_a_s"] / one["dlt"]["rows_a_s"] for one in found)
        print(f"land is {times:.1f} times as fast as dlt")


def fresh(variant: str, port: int) -> Measured:
    command = [sys.executable, __file__, "--variant", variant, str(port)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def run_variant(variant: str, port: int) -> None:
    with postgres(STATE) as lease, tempfile.TemporaryDirectory() as folder:
        url = lease.url(DATABASE)
        work = VARIANTS[variant](f"http://127.0.0.1:{port}", url, folder)
        before = forget_peak_mb()
        started = time.perf_counter()
        rows = work()
        seconds = time.perf_counter() - started
    print(json.dumps({"rows_a_s": rows / seconds, "s": seconds, "peak_mb": peak_mb() - before}))


def download(base: str, _url: str, _folder: str) -> Callable[[], int]:
    import requests

    def work() -> int:
        session, cursor, size = requests.Session(), "", 0
        session.trust_env = False
        while True:
            given = {"cursor": cursor} if cursor else {}
            answer = session.get(base + PATH, params=given, timeout=60)
            size += len(answer.content)
            cursor = answer.headers["X-Next"]
            if not cursor:
                return int(answer.headers["X-Rows"])

    return work


def landing(base: str, url: str, _folder: str) -> Callable[[], int]:
    engine = open_store(url)
    with engine.begin() as connection:
        connection.execute(text(EMPTY))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum"))
        connection.execute(text("checkpoint"))
    settings = Zendesk(vendor="zendesk", name="zendesk", connection="zendesk_default")
    source = open_source(settings, Credentials(base, "token", "bench@kite.example"))

    def work() -> int:
        pages = source.pages("tickets", state=None, as_of=DAY)
        done = land(
            engine, run_id="bench", as_of=DAY, source=source.name, vendor=source.vendor,
            stream="tickets", pages=pages,
        )  # fmt: skip
        assert done.duplicates == done.rejected == 0
        return done.received

    return work


def landing_again(base: str, url: str, folder: str) -> Callable[[], int]:
    work = landing(base, url, folder)
    work()
    return work


def loading_by_dlt(base: str, url: str, folder: str) -> Callable[[], int]:
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
    import dlt
    from dlt.sources.rest_api import rest_api_source

    pages = {"type": "cursor", "cursor_path": "after_cursor", "cursor_param": "cursor"}
    source = rest_api_source(
        {
            "client": {"base_url": base, "paginator": pages},
            "resources": [{"name": "tickets", "endpoint": {"path": PATH.removeprefix("/"),
             "data_selector": "tickets", "params": {"few": "1"}}}],
        },
        max_table_nesting=0,
    )  # fmt: skip
    pipeline = dlt.pipeline(
        "bench_extract", pipelines_dir=folder, dataset_name="bench_dlt",
        destination=dlt.destinations.postgres(url.replace("+psycopg", "")),
    )  # fmt: skip

    def work() -> int:
        pipeline.run(source, write_disposition="replace")
        return int(pipeline.last_trace.last_normalize_info.row_counts["tickets"])

    return work


VARIANTS: dict[str, Callable[[str, str, str], Callable[[], int]]] = {
    "download": download,
    "land": landing,
    "again": landing_again,
    "dlt": loading_by_dlt,
}


@contextmanager
def server(rows: int, delay_ms: int) -> Iterator[int]:
    command = [sys.executable, __file__, "--serve", str(rows), str(delay_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def serve(rows: int, delay_ms: int) -> None:
    """Send prebuilt pages. With `few` the pages end after a tenth of the rows."""
    count = rows // PAGE
    pages = [answer(place, count, rows) for place in range(count)]
    last_of_few = answer(count // 10 - 1, count // 10, rows // 10)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def talk(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asked = b""
        while part := connection.recv(65536):
            asked += part
            if b"\r\n\r\n" not in asked:
                continue
            query = asked.split(b" ", 2)[1]
            place = int(query.split(b"cursor=")[1].split(b"&")[0]) if b"cursor=" in query else 0
            is_last = b"few=" in query and place == count // 10 - 1
            time.sleep(delay_ms / 1000)
            connection.sendall(last_of_few if is_last else pages[place])
            asked = b""

    while True:
        threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


def answer(place: int, count: int, rows: int) -> bytes:
    following = str(place + 1) if place + 1 < count else ""
    body = json.dumps(
        {
            "tickets": [ticket(place * PAGE + at) for at in range(PAGE)],
            "after_cursor": following or None,
            "end_of_stream": not following,
        },
        separators=(",", ":"),
    ).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        f"X-Next: {following}\r\nX-Rows: {rows}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def ticket(number: int) -> dict[str, Any]:
    """Fifteen values, some of them nested, about 520 bytes."""
    return {
        "id": 1_000_000 + number,
        "organization_id": 4_400_000 + number % 5000,
        "requester_id": 7_000_000 + number * 7 % 99_991,
        "subject": f'Export {number * 2_654_435_761 % 2**32:x} fails with a "timeout" when the '
        "monthly report is opened from the board of the whole region by somebody else",
        "status": ("open", "solved", "closed")[number % 3],
        "priority": ("low", "normal", "high")[number % 3],
        "tags": ["export", "vip"],
        "created_at": f"2026-11-18T09:00:{number % 60:02}Z",
        "updated_at": f"2026-11-20T08:14:{number % 60:02}Z",
        "generated_timestamp": 1_763_626_445 + number,
        "via": {"channel": "email", "source": {"address": f"person{number}@kite.example"}},
        "metric_set": {"solved_at": "2026-11-20T08:14:04Z", "reopens": number % 3},
    }


def forget_peak_mb() -> float:
    Path("/proc/self/clear_refs").write_text("5")
    return peak_mb()


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(int(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["--variant"]:
        run_variant(sys.argv[2], int(sys.argv[3]))
    else:
        main()
