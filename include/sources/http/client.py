"""The one door to the network: every request of the job to a vendor goes through `Client`.

Statuses, cut connections and broken bodies become RetryLater, FixConfig or RejectData here and
nowhere else. Messages name vendor, method, path and status; never body, query, headers or secrets.
"""

import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
import requests
from requests.auth import AuthBase

from include.errors import FixConfig, HealthError, RejectData, RetryLater
from include.settings import Credentials
from include.sources.http.answers import (
    Answer,
    Body,
    Decode,
    Download,
    Place,
    json_of,
    read_whole,
    spool,
)
from include.sources.http.rate import UNTOLD, Rate
from include.sources.http.refusals import Refuse, refusal
from include.sources.http.session import (
    Renewable,
    Wire,
    checked_base,
    full_url,
    open_session,
    path_of,
)

Params = Mapping[str, Any]
NextPage = Callable[[Params, Body], Params | None]
NOTHING: Params = {}
NO_HEADERS: Mapping[str, str] = {}
Sent = TypeVar("Sent", Answer, Download)


@dataclass(frozen=True, slots=True)
class _Ask:
    request: requests.Request
    place: Place
    accept: Collection[int]
    tries: int
    decode: Decode
    refuse: Refuse | None


class Client:
    """One vendor behind one base URL. Safe to share between threads."""

    def __init__(  # noqa: PLR0913 - all but the credentials are options
        self,
        credentials: Credentials,
        *,
        vendor: str,
        auth: AuthBase,
        wire: Wire | None = None,
        rate: Rate | None = None,
        refuse: Refuse | None = None,
    ) -> None:
        """auth: one with `renew` is renewed once for each request that is answered 401.

        rate: None: as many calls as the vendor takes.
        refuse: what this vendor means by a status, where it differs from the common table.
        """
        self.vendor = vendor
        self._rate = rate or Rate(UNTOLD, 1.0)
        self._auth = auth
        self._refuse = refuse
        self._wire = wire or Wire()
        self._rate.pace = self._wire.pace
        self._base = checked_base(credentials.base_url, vendor)
        self._session = open_session(self._base, auth)

    def close(self) -> None:
        self._session.close()

    def get(self, path: str, params: Params = NOTHING) -> Body:
        """Return the JSON body of a 200; anything else becomes one of our errors."""
        return self.call("GET", path, params=params).body

    def call(  # noqa: PLR0913 - the parts of an HTTP request
        self,
        method: str,
        path: str,
        *,
        params: Params = NOTHING,
        json: Any = None,  # noqa: ANN401 - any JSON document
        form: Params | None = None,
        content: tuple[str, bytes] | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
        accept: Collection[int] = (200,),
        retry: bool = False,
        decode: Decode = orjson.loads,
    ) -> Answer:
        """Send one request and return its answer; a status outside `accept` raises.

        `path` may be a vendor's full next-page URL on our own host. GET is repeated when what went
        wrong may pass; other methods only with `retry`, which says that repeating is harmless.
        The body is `json`, or `form` as a web form, or `content`: its media type and bytes; none of
        them: none.
        """
        if content is not None:
            headers = {"Content-Type": content[0], **headers}
        body = content[1] if content else form
        request = self._request(method, path, params, json, body, headers)
        place = Place(self.vendor, method, path_of(path))
        tries = self._wire.tries if retry or method == "GET" else 1
        return self._send(_Ask(request, place, accept, tries, decode, self._refuse), self._once)

    def download(
        self,
        path: str,
        params: Params = NOTHING,
        *,
        headers: Mapping[str, str] = NO_HEADERS,
        accept: Collection[int] = (200,),
    ) -> Download:
        """GET a body of any length into a temporary file; the caller closes it.

        Content encodings are undone; what the file holds is the caller's to read. A body that is
        cut is asked for again, from its beginning.
        """
        request = self._request("GET", path, params, None, None, headers)
        place = Place(self.vendor, "GET", path_of(path))
        ask = _Ask(request, place, accept, self._wire.tries, orjson.loads, self._refuse)
        return self._send(ask, self._spool)

    def pause(self, seconds: float) -> None:
        """Wait for something that the vendor is at work on."""
        time.sleep(seconds * self._wire.pace)

    def hold(self, seconds: float) -> None:
        """Let no thread send for that long; longer than longest_wait_s ends the next call."""
        self._rate.pause(seconds)

    def _request(  # noqa: PLR0913, PLR0917 - the parts of an HTTP request
        self,
        method: str,
        path: str,
        params: Params,
        json: Any,  # noqa: ANN401 - any JSON document
        content: bytes | Params | None,
        headers: Mapping[str, str],
    ) -> requests.Request:
        body: bytes | dict[str, Any] | None = None
        kind: dict[str, str] = {}
        if content is not None:
            body = content if isinstance(content, bytes) else dict(content)
        elif json is not None:
            body, kind = orjson.dumps(json), {"Content-Type": "application/json"}
        url = full_url(self._base, path, self.vendor)
        return requests.Request(
            method, url, params=dict(params), data=body, headers={**kind, **headers}
        )

    def pages(
        self,
        path: str,
        params: Params,
        next_page: NextPage,
        *,
        method: str = "GET",
        decode: Decode = orjson.loads,
    ) -> Iterator[Body]:
        """Yield body after body until `next_page` has no further parameters.

        With method POST the parameters travel as the JSON body: a query, so it may be repeated. A
        request that was made before ends the walk with RetryLater, however long the circle is.
        """
        place = Place(self.vendor, method, path_of(path))
        page: Params | None = params
        mark, steps, limit = params, 0, 1  # Brent: compare with a mark that moves at 1, 2, 4, 8, …
        while page is not None:
            content = {"params": page} if method == "GET" else {"json": page, "retry": True}
            body = self.call(method, path, decode=decode, **content).body
            following = _following(next_page, page, body, place)
            yield body
            del body  # it may be large, and the next one comes
            if following in (mark, page):
                raise RetryLater(f"{place}: a page led back to one that was read already.")
            steps += 1
            if steps == limit and following is not None:
                mark, steps, limit = following, 0, limit * 2
            page = following

    def _send(self, ask: _Ask, once: Callable[[_Ask], Sent]) -> Sent:
        """Send until an answer comes, the tries are used up, or the wait would be too long.

        urllib3's Retry on the session decides before the body is there. Cut or broken bodies and
        HubSpot's daily quota show only in the body, so the loop is ours.
        """
        for attempt in range(1, ask.tries):
            try:
                return once(ask)
            except RetryLater as error:
                wait_s = self._wait_after(error, attempt)
                if wait_s > self._wire.longest_wait_s:
                    raise
                if error.wait_s is not None:  # it is meant for all threads
                    self._rate.pause(wait_s)
            time.sleep(wait_s * self._wire.pace)
        return once(ask)

    def _wait_after(self, error: RetryLater, attempt: int) -> float:
        """Return what the vendor asked for, never less, or a doubling wait; both with jitter."""
        jitter = random.random()  # noqa: S311 - spreads requests, guards nothing
        if error.wait_s is not None:
            return error.wait_s + jitter * self._wire.backoff_s
        return self._wire.backoff_s * 2.0**attempt * (1 + jitter) / 2

    def _once(self, ask: _Ask) -> Answer:
        with self._answered(ask) as response:
            body = read_whole(response, ask.place, self._wire)
        content = json_of(body, response, ask.place, ask.decode)
        return Answer(response.status_code, content, response.headers)

    def _spool(self, ask: _Ask) -> Download:
        with self._answered(ask) as response:
            return spool(response, ask.place, self._wire)

    @contextmanager
    def _answered(self, ask: _Ask) -> Iterator[requests.Response]:
        """Give the answer with its body still to be read; a status that is not accepted raises."""
        for is_last in (False, True):
            with self._open(ask.request, ask.place) as response:
                if response.status_code in ask.accept:
                    yield response
                    return
                body = read_whole(response, ask.place, self._wire)
            if response.status_code != 401 or is_last or not self._renewed(response):
                raise refusal(response, body, ask.place, ask.refuse)

    def _renewed(self, response: requests.Response) -> bool:
        """Get a new credential instead of the one that was refused, where that is possible."""
        if not isinstance(self._auth, Renewable):
            return False
        self._auth.renew(response.request)
        return True

    def _open(self, request: requests.Request, place: Place) -> requests.Response:
        """Send when the rate allows it; return as soon as the headers are there."""
        call = self._rate.wait(str(place), longest_s=self._wire.longest_wait_s)
        response = self._sent(request, place)
        self._rate.heed(response.headers, call)
        return response

    def _sent(self, request: requests.Request, place: Place) -> requests.Response:
        """Send now; transport errors hide their URLs."""
        try:
            return self._session.send(
                self._session.prepare_request(request),
                stream=True,
                allow_redirects=False,
                timeout=(self._wire.connect_s, self._wire.read_s),
                proxies=dict(self._session.proxies),
                verify=self._session.verify,
            )
        except (requests.exceptions.RequestException, ValueError) as error:
            raise _transport_error(error, place) from None


def _following(next_page: NextPage, page: Params, body: Body, place: Place) -> Params | None:
    try:
        return next_page(page, body)
    except (KeyError, TypeError, IndexError, ValueError, AttributeError):
        raise RejectData(
            f"{place}: the answer lacks what leads to the next page; the vendor changed its form."
        ) from None


def _transport_error(error: Exception, place: Place) -> HealthError:
    """Return what to do about a request that got no answer; URL and headers stay out of it."""
    if isinstance(error, requests.exceptions.SSLError):
        return FixConfig(
            f"{place}: the host's certificate is not trusted. Check the base URL, or name your own "
            "authority's file in REQUESTS_CA_BUNDLE."
        )
    if isinstance(error, ValueError):  # what requests and http.client say of a malformed header
        return FixConfig(f"{place} cannot be sent: the base URL, user or secret is malformed.")
    if isinstance(error, requests.exceptions.ReadTimeout):
        return RetryLater(f"{place} did not answer in time.")
    return RetryLater(f"{place}: no connection ({type(error).__name__}).")
