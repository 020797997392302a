"""How much reading side by side wins, and how close it comes to a vendor's rate limit.

`python bench/parallel.py [ROWS] [ROUNDS]`: a server of prebuilt rows that speaks as much of the
lists of Stripe, the queries of PostHog and the batches of HubSpot as the sources ask for; every
answer takes 50 ms. Printed are medians over the rounds, with the lowest and highest: the same
reading with one thread over that side by side, our rate limit lifted for both; with a vendor's
limit in force (a window that slides; what is too much is refused and counted) the time over what
the limit allows, the first window's calls being free; the peak of memory beside what the process
had before, also with five times the rows. Every variant runs in a fresh process, in turn.
"""

import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.extract import forget_peak_mb, peak_mb  # noqa: E402
from include.settings import Credentials  # noqa: E402
from include.sources import (  # noqa: E402
    billing_stripe,
    hubspot_portal,
    open_source,
    posthog_rows,
    usage_posthog,
)
from include.sources.http.client import Client  # noqa: E402
from include.sources.http.session import Bearer  # noqa: E402
from include.vendor_settings import PostHog, Stripe  # noqa: E402
from sandbox.limits import SlidingWindow  # noqa: E402

DELAY_S = 0.05
DAY = date(2026, 11, 1)
NEWEST = 1_793_000_000  # epoch seconds
A_SECOND = 25
Measured = dict[str, float]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with server(rows, "free") as port:
        for name in WORK:
            ratios, peaks = [], []
            for _ in range(rounds):
                one, many = (fresh(name, port, width) for width in ("one", "many"))
                ratios.append(one["s"] / many["s"])
                peaks.append(many["peak_mb"])
            print(
                f"{name:18} one / side by side {shown(ratios)}  +{statistics.median(peaks):.0f} MB"
            )
    with server(5 * rows, "free") as port:
        peak = fresh("stripe list", port, "many")["peak_mb"]
        print(f"{'stripe list':18} {5 * rows:,} rows +{peak:.0f} MB")
    for name in ("stripe list", "stripe objects"):
        with server(rows, "limited") as port:
            found = [fresh(name, port, "limited") for _ in range(rounds)]
        refused = max(one["refused"] for one in found)
        ratios = [one["s"] / one["floor_s"] for one in found]
        print(f"{name:18} limit {shown(ratios)} times the time it allows; refused {refused:.0f}")


def shown(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def fresh(name: str, port: int, width: str) -> Measured:
    time.sleep(1.0)  # the window of the last one is over
    command = [sys.executable, __file__, "--variant", name, str(port), width]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    print(name, width, json.dumps(found), file=sys.stderr, flush=True)
    return found


def run_variant(name: str, port: int, width: str) -> None:
    if width == "one":
        billing_stripe.WIDTH = usage_posthog.WIDTH = hubspot_portal.WIDTH = 1
    base = f"http://127.0.0.1:{port}"
    work = WORK[name](base, limited=width == "limited")
    counted = json.loads(ask(port, "/counted"))
    before = forget_peak_mb()
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    peak = peak_mb() - before
    after = json.loads(ask(port, "/counted"))
    calls = after["calls"] - counted["calls"]
    floor_s = max(0.0, calls / A_SECOND - 1)
    refused = after["refused"] - counted["refused"]
    print(json.dumps({"s": seconds, "peak_mb": peak, "calls": calls, "floor_s": floor_s,
                      "refused": refused}))  # fmt: skip


def stripe(base: str, *, limited: bool) -> billing_stripe.StripeSource:
    settings = Stripe(vendor="stripe", name="stripe", connection="c", full_walk_days=30)
    if limited:
        return open_source(settings, Credentials(base, "sk_bench"))  # type: ignore[return-value]
    client = Client(Credentials(base, "sk_bench"), vendor="stripe", auth=Bearer("sk_bench"))
    return billing_stripe.StripeSource(settings, client)


def stripe_list(base: str, *, limited: bool) -> Callable[[], int]:
    source = stripe(base, limited=limited)
    return lambda: spent(source.pages("invoices", state=None, as_of=DAY))


def stripe_objects(base: str, *, limited: bool) -> Callable[[], int]:
    source = stripe(base, limited=limited)
    state = {"since": NEWEST - 600, "walked": DAY.isoformat()}
    return lambda: spent(source.pages("subscriptions", state=state, as_of=DAY))


def posthog_windows(base: str, *, limited: bool) -> Callable[[], int]:  # noqa: ARG001
    settings = PostHog(vendor="posthog", name="posthog", connection="c", history_days=730)
    client = Client(Credentials(base, "phx"), vendor="posthog", auth=Bearer("phx"))
    source = usage_posthog.PostHogSource(settings, client, "1", "UTC")
    return lambda: spent(source.pages("usage_day", state=None, as_of=DAY))


def hubspot_batches(base: str, *, limited: bool) -> Callable[[], int]:  # noqa: ARG001
    client = Client(Credentials(base, "pat"), vendor="hubspot", auth=Bearer("pat"))
    portal = hubspot_portal.Portal(client, client, "numbered")
    ids = [str(number) for number in range(1000)]
    return lambda: len(portal.with_history("companies", ids, ["name"], ["arr"]))


def spent(pages: Iterator[Any]) -> int:
    return sum(len(page.records) for page in pages)


WORK: dict[str, Callable[..., Callable[[], int]]] = {
    "stripe list": stripe_list,
    "stripe objects": stripe_objects,
    "posthog windows": posthog_windows,
    "hubspot batches": hubspot_batches,
}


def ask(port: int, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer.split(b"\r\n\r\n", 1)[1]


@contextmanager
def server(rows: int, limit: str) -> Iterator[int]:
    command = [sys.executable, __file__, "--serve", str(rows), limit]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


class Books:
    """Invoices, most of them of the last months, newest first, as Stripe's list gives them."""

    def __init__(self, count: int) -> None:
        self._ages = [int(place**1.5) * 20 for place in range(count)]
        self._rows = [
            json.dumps({"id": f"in_{place}", "object": "invoice", "created": NEWEST - age,
                        "amount_due": 4000, "text": "x" * 200})
            for place, age in enumerate(self._ages)
        ]  # fmt: skip

    def page(self, asked: dict[str, list[str]]) -> str:
        first, until = (int(asked.get(f"created[{key}]", [default])[0]) for key, default in
                        (("gte", "0"), ("lt", str(NEWEST + 1))))  # fmt: skip
        begin = bisect_left(self._ages, NEWEST - until + 1)
        if "starting_after" in asked:
            begin = max(begin, int(asked["starting_after"][0][3:]) + 1)
        end = bisect_left(self._ages, NEWEST - first + 1)
        rows = self._rows[begin : min(begin + 100, end)]
        more = str(begin + 100 < end).lower()
        return f'{{"object":"list","data":[{",".join(rows)}],"has_more":{more}}}'


def serve(rows: int, limit: str) -> None:
    books, window = Books(rows), SlidingWindow(A_SECOND, 1.0, partial(datetime.now, UTC))
    counted = {"calls": 0, "refused": 0}
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)

    def talk(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while asked := read_request(connection):
            url = urlsplit(asked[0])
            if url.path == "/counted":
                send(connection, 200, json.dumps(counted))
                connection.close()
                return
            is_allowed = limit == "free" or window.take().allowed
            counted["calls" if is_allowed else "refused"] += 1
            time.sleep(DELAY_S)
            refusal = '{"error":{"code":"rate_limit"}}'
            body = answer(books, url.path, parse_qs(url.query), asked[1]) if is_allowed else refusal
            send(connection, 200 if is_allowed else 429, body)

    while True:
        threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


def answer(books: Books, path: str, query: dict[str, list[str]], sent: bytes) -> str:
    if path == "/v1/invoices":
        return books.page(query)
    if path == "/v1/events":
        return events(query)
    if path.startswith("/v1/subscriptions/"):
        return json.dumps({"id": path.rsplit("/", 1)[1], "created": NEWEST})
    if path.endswith("/groups_types/"):
        return '[{"group_type":"company","group_type_index":0}]'
    if path.endswith("/query/"):
        first = json.loads(sent)["query"]["values"]["first"][:10]
        rows = [[f"a{number}", first, 3, ["u1"], ["f"]] for number in range(200)]
        return json.dumps({"columns": list(posthog_rows.COLUMNS), "results": rows})
    ids = [one["id"] for one in json.loads(sent)["inputs"]]
    return json.dumps({"results": [{"id": one, "properties": {}} for one in ids]})


def events(query: dict[str, list[str]]) -> str:
    """A thousand subscriptions changed, on ten pages."""
    begin = int(query["starting_after"][0][4:]) + 1 if "starting_after" in query else 0
    count = int(query["limit"][0])
    rows = [
        {"id": f"evt_{number}", "created": NEWEST, "data": {"object": {"id": f"sub_{number}"}}}
        for number in range(begin, min(begin + count, 1000))
    ]
    return json.dumps({"data": rows, "has_more": begin + count < 1000 and count > 1})


def read_request(connection: socket.socket) -> tuple[str, bytes] | None:
    asked = b""
    while b"\r\n\r\n" not in asked:
        part = connection.recv(65536)
        if not part:
            return None
        asked += part
    head, _, body = asked.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n")
               if line.startswith(b"content-length")]  # fmt: skip
    while lengths and len(body) < int(lengths[0]):
        body += connection.recv(65536)
    return head.split(b" ", 2)[1].decode(), body


def send(connection: socket.socket, status: int, body: str) -> None:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    connection.sendall(f"{head}\r\n\r\n{body}".encode())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(int(sys.argv[2]), sys.argv[3])
    elif sys.argv[1:2] == ["--variant"]:
        run_variant(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        main()
