"""Chargebee's API on the wire: routes, the key, the site's limit of requests a minute.

Vendor facts: Chargebee API v2 and its official clients, checked Nov 2026.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable
from math import ceil
from urllib.parse import parse_qsl

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sandbox.limits import SlidingWindow
from sandbox.state import State
from sandbox.vendors.chargebee_filters import whole_of
from sandbox.vendors.chargebee_http import (
    Json,
    Refused,
    not_found,
    to_response,
    wrong_catalog,
    wrong_value,
)
from sandbox.vendors.chargebee_invoices import page_of_lines, to_invoice, to_lines
from sandbox.vendors.chargebee_lists import to_page
from sandbox.vendors.chargebee_shelves import LISTINGS, shelf_of
from sandbox.vendors.chargebee_site import VENDOR, Settings, Site
from sandbox.vendors.chargebee_smaller import EMPTY, smaller
from sandbox.vendors.chargebee_write import replayed, update_customer

BASE = "/api/v2"
# Lists that only one of the two product catalogs has.
CATALOGS = {"items": 2, "item_prices": 2, "item_families": 2, "plans": 1}
CATALOGS |= {name: catalog for name, catalog in EMPTY.items() if catalog}
MOST_LINES = 300
KEY, REPLAYED = "chargebee-idempotency-key", "chargebee-idempotency-replayed"
Answer = Callable[[Request], Awaitable[Response]]
Run = Callable[[Request, bytes], Response]


class Gate:
    """Who may pass: the key first, then the limit of the site."""

    def __init__(self, state: State, settings: Settings) -> None:
        self._key = state.doors[VENDOR].secret
        window = SlidingWindow(settings.a_minute, 60.0, state.clock.now)
        self._window = window if state.limits else None

    def check(self, request: Request) -> Response | None:
        """The answer to a request that may not pass; None lets it through."""
        given = key_of(request.headers.get("authorization", ""))
        if given != self._key:
            refused = Refused(
                401,
                "api_authentication_failed",
                "Sorry, authentication failed. The API key is missing or not valid.",
            )
            return refused.answer()
        taken = self._window.take() if self._window else None
        if taken is None or taken.allowed:
            return None
        refused = Refused(
            429,
            "api_request_limit_exceeded",
            "Sorry, the API request limit of your site has been reached. Please try after some "
            "time.",
        )
        answer = refused.answer()
        answer.headers["Retry-After"] = str(ceil(taken.wait_s))
        return answer


def build(state: State, *, settings: Settings | None = None) -> FastAPI:
    """The site of a world as an application; `settings` only where a test needs another site."""
    chosen = settings or Settings()
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    site, gate = Site(state, chosen), Gate(state, chosen)

    def route(path: str, run: Run, method: str = "GET") -> None:
        app.add_route(BASE + path, guarded(gate, run), methods=[method])

    for path, run in routes(site).items():
        fits = CATALOGS.get(path.split("/")[1], chosen.catalog) == chosen.catalog
        route(path, run if fits else misfit)
    route("/configurations", configurations(chosen))
    route("/customers/{id}", writing(site), "POST")
    app.add_exception_handler(HTTPException, unrecognized)
    return app


def routes(site: Site) -> dict[str, Run]:
    """What can be read, by its path: the lists, one of each, and what hangs on one."""
    lists = {f"/{name}": listed(site, name) for name in LISTINGS}
    ones = {f"/{name}/{{id}}": one(site, name) for name in LISTINGS}
    return {**lists, **ones, **smaller(site)}


def listed(site: Site, name: str) -> Run:
    def run(request: Request, _body: bytes) -> Response:
        pairs = request.query_params.multi_items()
        listing = LISTINGS[name]
        page = to_page(shelf_of(site, name), pairs, lambda thing: listing.row(site, thing))
        return to_response(page)

    return run


def one(site: Site, name: str) -> Run:
    """One resource by its id; a deleted one is not found."""

    def run(request: Request, _body: bytes) -> Response:
        object_id, shelf, listing = request.path_params["id"], shelf_of(site, name), LISTINGS[name]
        found = shelf.find(object_id)
        if found is None or shelf.look(found, "deleted"):
            raise not_found(object_id)
        shown = listing.row(site, found)
        if name == "invoices":
            shown = {"invoice": with_lines(site, found, request)}
        return to_response(shown)

    return run


def with_lines(site: Site, invoice: object, request: Request) -> Json:
    """An invoice with the page of its lines that was asked for."""
    params = request.query_params
    most = site.settings.lines_a_page
    limit = whole_of("line_items_limit", params.get("line_items_limit", str(most)))
    if not 1 <= limit <= MOST_LINES:
        raise wrong_value("line_items_limit", f"should be between 1 and {MOST_LINES}")
    offset = params.get("line_items_offset", '["0"]')
    start = whole_of("line_items_offset", offset.strip('[]"'))
    shown = to_invoice(site, invoice)  # type: ignore[arg-type] # the shelf of invoices holds no else
    lines = to_lines(site, invoice)  # type: ignore[arg-type]
    shown["line_items"], following = page_of_lines(lines, limit, start)
    shown.pop("line_items_next_offset", None)
    return shown | ({"line_items_next_offset": following} if following else {})


def configurations(settings: Settings) -> Run:
    """Which product catalog the site has; its name is the first part of the host's."""

    def run(request: Request, _body: bytes) -> Response:
        form = "items" if settings.catalog == 2 else "plans_addons"
        told = {
            "domain": (request.url.hostname or "").partition(".")[0],
            "product_catalog_version": f"v{settings.catalog}",
            "chargebee_response_schema_type": form,
            "object": "configuration",
        }
        return to_response({"configurations": [told]})

    return run


def writing(site: Site) -> Run:
    def run(request: Request, body: bytes) -> Response:
        pairs = [list(pair) for pair in parse_qsl(body.decode(), keep_blank_values=True)]
        key, path = request.headers.get(KEY), request.url.path
        earlier = replayed(site, key, path, pairs)
        if earlier is not None:
            return to_response(earlier, headers={REPLAYED: "true"})
        return to_response(update_customer(site, request.path_params["id"], pairs, key, path))

    return run


def misfit(_request: Request, _body: bytes) -> Response:
    raise wrong_catalog()


def guarded(gate: Gate, run: Run) -> Answer:
    """Run behind key and limit; whatever is refused becomes an error object."""

    async def answer(request: Request) -> Response:
        body = await request.body()
        refused = gate.check(request)
        if refused is not None:
            return refused
        try:
            return run(request, body)
        except Refused as error:
            return error.answer()

    return answer


def key_of(authorization: str) -> str:
    """The key is the user of Basic, with no password."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        user, _, password = b64decode(given, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        return ""
    return "" if password else user


async def unrecognized(_request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        message = "The HTTP method is not supported for this resource."
        return Refused(405, "http_method_not_supported", message).answer()
    message = "The request URI does not match the APIs in the system."
    return Refused(404, "resource_not_found", message).answer()
