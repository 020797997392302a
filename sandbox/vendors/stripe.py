"""Stripe's API on the wire: routes, the secret key, rate limits, headers.

Vendor facts: Stripe API reference, API description and rate limit guide, checked Nov 2026.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from secrets import token_hex
from urllib.parse import parse_qsl

import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sandbox.limits import SlidingWindow
from sandbox.state import State
from sandbox.vendors import stripe_payment_lists as paid
from sandbox.vendors import stripe_queries as queries
from sandbox.vendors import stripe_smaller as smaller
from sandbox.vendors.stripe_account import VENDOR, Account
from sandbox.vendors.stripe_events import to_event
from sandbox.vendors.stripe_expand import expand_one
from sandbox.vendors.stripe_http import Kind, Params, Refused, no_such, to_params
from sandbox.vendors.stripe_lists import PAGING
from sandbox.vendors.stripe_old_shapes import is_old, to_new_paths, to_old
from sandbox.vendors.stripe_prices import Json
from sandbox.vendors.stripe_write import CHANGEABLE, Sent, earlier_answer, update_customer

API_VERSION = "2026-10-28.endive"
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?(; .+)?")
ONLY_EXPAND: dict[str, Kind] = {"expand": "list"}
# Objects that can be asked for one by one.
SINGLE = (
    "customer", "subscription", "invoice", "price", "product", "invoice_payment", "charge",
    "payment_intent", "refund",
)  # fmt: skip
Answer = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Account, Params, dict[str, str]], Json]


@dataclass(frozen=True, slots=True)
class Settings:
    """Rate limits: of the whole account and of each endpoint, requests a second."""

    a_second: int = 100
    endpoint_a_second: int = 25


class Gate:
    """Who may pass: the key first, then the limits of the account and of the endpoint."""

    def __init__(self, state: State, settings: Settings) -> None:
        self._key = state.doors[VENDOR].secret
        self._counted = state.limits
        self._settings = settings
        self._now = state.clock.now
        self._all = SlidingWindow(settings.a_second, 1.0, self._now)
        self._endpoints: dict[str, SlidingWindow] = {}

    def check_key(self, request: Request) -> None:
        given = key_of(request.headers.get("authorization", ""))
        if not given:
            raise Refused(
                401,
                "You did not provide an API key. You need to provide your API key in the "
                "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
                "YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details.",
            )
        if given != self._key:
            shown = f"{given[:8]}{'*' * max(0, len(given) - 12)}{given[-4:]}"
            raise Refused(401, f"Invalid API Key provided: {shown}")

    def limit(self, endpoint: str) -> str | None:
        """Why this request is one too many, in the words of Stripe-Rate-Limited-Reason."""
        if not self._counted:
            return None
        if not self._all.take().allowed:
            return "global-rate"
        window = self._endpoints.setdefault(
            endpoint, SlidingWindow(self._settings.endpoint_a_second, 1.0, self._now)
        )
        return None if window.take().allowed else "endpoint-rate"


def build(state: State, *, settings: Settings | None = None) -> FastAPI:
    """The account of a world as an application; `settings` only where a test needs other limits."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    account, gate = Account(state), Gate(state, settings or Settings())
    for path, known, handler in reading_routes():
        app.add_route(path, reading(account, gate, known, handler), methods=["GET"])
    app.add_route("/v1/customers/{id}", writing(account, gate), methods=["POST"])
    app.add_exception_handler(HTTPException, unrecognized)
    return app


def reading_routes() -> Iterator[tuple[str, dict[str, Kind], Handler]]:
    """Path, the parameters it takes, and what answers."""
    for listing in (queries.customers, queries.subscriptions, queries.invoices, queries.events):
        name = listing.__name__
        yield f"/v1/{name}", PAGING | queries.FILTERS[name], without_path(listing)
    for listing in (smaller.prices, smaller.products, smaller.subscription_items):
        name = listing.__name__
        yield f"/v1/{name}", smaller.FILTERS[name], without_path(listing)
    for listing in (paid.invoice_payments, paid.charges, paid.payment_intents, paid.refunds):
        name = listing.__name__
        yield f"/v1/{name}", paid.FILTERS[name], without_path(listing)
    yield "/v1/account", ONLY_EXPAND, smaller.own_account
    yield "/v1/accounts/{id}", ONLY_EXPAND, smaller.own_account
    for name, known in smaller.EMPTY.items():
        yield f"/v1/{name}", known, without_path(partial(smaller.nothing, path=name))
    for kind in SINGLE:
        yield f"/v1/{kind}s/{{id}}", ONLY_EXPAND, partial(get_one, kind)
    yield "/v1/events/{id}", ONLY_EXPAND, get_event
    yield "/v1/invoices/{id}/lines", PAGING, get_lines


def without_path(listing: Callable[[Account, Params], Json]) -> Handler:
    return lambda account, params, _path: listing(account, params)


def get_lines(account: Account, params: Params, path: dict[str, str]) -> Json:
    return smaller.lines(account, params, path["id"])


def get_one(kind: str, account: Account, params: Params, path: dict[str, str]) -> Json:
    """One object; a deleted customer comes as its stub."""
    if path["id"] not in account.places(kind):
        raise no_such(kind, path["id"], param="id")
    return expand_one(account.fetch(kind, path["id"]), kind, params.expand(), account.fetch)


def get_event(account: Account, params: Params, path: dict[str, str]) -> Json:
    event = account.events.get(path["id"])
    if event is None or event.created < account.oldest_event():
        raise no_such("event", path["id"], param="id")
    return expand_one(to_event(event), "event", params.expand(), account.fetch)


def reading(account: Account, gate: Gate, known: dict[str, Kind], handler: Handler) -> Answer:
    async def answer(request: Request) -> Response:
        def run(_request_id: str) -> Response:
            params = to_params(request.query_params.multi_items(), known)
            path = dict(request.path_params)
            if not is_old(version_of(request)):
                return to_response(handler(account, params, path))
            kind = request.url.path.split("/")[2].removesuffix("s")
            today = params.values | {"expand": to_new_paths(kind, params.expand())}
            return to_response(to_old(handler(account, Params(today), path)))

        return guarded(gate, request, run)

    return answer


def writing(account: Account, gate: Gate) -> Answer:
    async def answer(request: Request) -> Response:
        body = (await request.body()).decode(errors="replace")

        def run(request_id: str) -> Response:
            pairs = [*request.query_params.multi_items(), *parse_qsl(body, keep_blank_values=True)]
            key = request.headers.get("idempotency-key")
            sent = Sent(request.url.path, [list(pair) for pair in pairs], request_id, key)
            earlier = earlier_answer(account, sent)
            headers = {"Idempotency-Key": key} if key else {}
            if earlier is not None:
                first, shown = earlier
                headers |= {"Original-Request": first, "Idempotent-Replayed": "true"}
                return to_response(shown, headers)
            params = to_params(pairs, CHANGEABLE)
            shown = update_customer(account, params, request.path_params["id"], sent)
            return to_response(shown, headers | {"Original-Request": request_id})

        return guarded(gate, request, run)

    return answer


def guarded(gate: Gate, request: Request, run: Callable[[str], Response]) -> Response:
    """Run behind key, limits and version; whatever is refused becomes an error object."""
    request_id = f"req_{token_hex(7)}"
    version = version_of(request)
    try:
        gate.check_key(request)
        check_version(version)
        reason = gate.limit(f"{request.method} {request.scope['route'].path}")
        response = too_many(reason, request_id) if reason else run(request_id)
    except Refused as refused:
        response = to_error(refused, request_id)
    response.headers["Stripe-Version"] = version
    response.headers["Request-Id"] = request_id
    return response


def version_of(request: Request) -> str:
    return request.headers.get("stripe-version", API_VERSION)


def check_version(version: str) -> None:
    if not VERSION.fullmatch(version):
        raise Refused(400, f"Invalid Stripe API version: {version}")


def key_of(authorization: str) -> str:
    """The key from Bearer, or from Basic where it is the user."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(given, validate=True).decode().partition(":")[0]
    except (NotBase64, UnicodeDecodeError):
        return ""


def to_response(shown: Json, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(shown), 200, headers, media_type="application/json")


def to_error(refused: Refused, request_id: str) -> Response:
    body = refused.body()
    body["error"]["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
    response = Response(orjson.dumps(body), refused.status, media_type="application/json")
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Stripe"'
    return response


def too_many(reason: str, request_id: str) -> Response:
    """429 without Retry-After and without Stripe-Should-Retry: clients must decide alone."""
    message = "Request rate limit exceeded. Learn more at https://stripe.com/docs/rate-limits."
    response = to_error(Refused(429, message, code="rate_limit"), request_id)
    response.headers["Stripe-Rate-Limited-Reason"] = reason
    return response


async def unrecognized(request: Request, _error: Exception) -> Response:
    message = (
        f"Unrecognized request URL ({request.method}: {request.url.path}). Please see "
        "https://stripe.com/docs or we can help at https://support.stripe.com/."
    )
    request_id = f"req_{token_hex(7)}"
    response = to_error(Refused(404, message), request_id)
    response.headers["Request-Id"] = request_id
    return response
