"""Which path of the REST API leads where."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sandbox.vendors import salesforce_describe as described
from sandbox.vendors import salesforce_limits as limits
from sandbox.vendors import salesforce_query as queries
from sandbox.vendors.salesforce_http import Call, Reply
from sandbox.vendors.salesforce_limits import Allowance
from sandbox.vendors.salesforce_oauth import Tokens
from sandbox.vendors.salesforce_org import Org


@dataclass(frozen=True, slots=True)
class Desk:
    """What handlers work on: the org and what is kept beside it while it is served."""

    org: Org
    tokens: Tokens
    allowance: Allowance
    cursors: queries.Cursors = field(default_factory=queries.Cursors)


Handler = Callable[[Desk, Call], Reply]


def reading(read: Callable[[Org, Call], Reply]) -> Handler:
    """A handler that only needs the org."""
    return lambda desk, call: read(desk.org, call)


def with_cursors(read: Callable[[Org, queries.Cursors, Call], Reply]) -> Handler:
    return lambda desk, call: read(desk.org, desk.cursors, call)


def routes() -> Iterator[tuple[str, str, Handler]]:
    """Method, the path below /services/data/vNN.0, and what answers; the first match counts."""
    yield "GET", "/", lambda _desk, call: Reply(body=described.resources(call))
    yield "GET", "", lambda _desk, call: Reply(body=described.resources(call))
    yield "GET", "/limits", lambda desk, call: limits.limits(desk.org, desk.allowance, call)
    for name, handler in (("query", queries.query), ("queryAll", queries.query_all)):
        yield "GET", f"/{name}", with_cursors(handler)
        yield "GET", f"/{name}/", with_cursors(handler)
        yield "GET", f"/{name}/{{locator}}", with_cursors(queries.query_more)
    yield "GET", "/sobjects", reading(described.describe_global)
    yield "GET", "/sobjects/", reading(described.describe_global)
    yield "GET", "/sobjects/{object}", reading(described.basic)
    yield "GET", "/sobjects/{object}/", reading(described.basic)
    yield "GET", "/sobjects/{object}/describe", reading(described.describe)
    yield "GET", "/sobjects/{object}/describe/", reading(described.describe)
