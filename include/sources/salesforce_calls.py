"""One org behind one login: every call counts among those that all its clients share."""

import time
from collections.abc import Collection, Mapping
from typing import Any

from include.settings import Credentials
from include.sources.http import told
from include.sources.http.answers import Answer, Body, Download
from include.sources.http.client import NO_HEADERS, NOTHING, Client, Params
from include.sources.http.rate import UNTOLD, Rate
from include.sources.http.session import Wire
from include.sources.salesforce_login import Login
from include.sources.salesforce_refusals import refused_call


class Calls:
    """The REST API of one version; nothing is asked before the first call, not even a token.

    share: of the org's calls in 24 hours, which Sforce-Limit-Info tells; above it RetryLater.
    """

    def __init__(
        self, credentials: Credentials, *, version: str, share: float, wire: Wire | None = None
    ) -> None:
        self._login = Login(credentials, wire)
        self._root = f"/services/data/v{version}"
        # Only the day is limited; the answers tell how far.
        self._rate = Rate(UNTOLD, 1.0, learn=told.salesforce(share))
        self._wire = wire or Wire()
        self._opened: Client | None = None

    @property
    def _client(self) -> Client:
        """Calls go to the address that came with the token, never to the one of the login."""
        if self._opened is None:
            reach = Credentials(self._login.instance_url, "")
            self._opened = Client(
                reach,
                vendor="salesforce",
                auth=self._login,
                wire=self._wire,
                rate=self._rate,
                refuse=refused_call,
            )
        return self._opened

    def get(self, path: str, params: Params = NOTHING) -> Body:
        return self.call("GET", path, params=params).body

    def call(  # noqa: PLR0913 - the parts of an HTTP request
        self,
        method: str,
        path: str,
        *,
        params: Params = NOTHING,
        json: Any = None,  # noqa: ANN401 - any JSON document
        content: tuple[str, bytes] | None = None,
        accept: Collection[int] = (200,),
        retry: bool = False,
    ) -> Answer:
        """As the client's; a path may be whole, as the org gives for a next page."""
        return self._client.call(
            method, self._whole(path), params=params, json=json, content=content,
            accept=accept, retry=retry,
        )  # fmt: skip

    def download(
        self,
        path: str,
        params: Params = NOTHING,
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        accept: Collection[int] = (200,),
    ) -> Download:
        """As the client's; the caller closes it."""
        return self._client.download(self._whole(path), params, headers=headers, accept=accept)

    def pause(self, seconds: float) -> None:
        time.sleep(seconds * self._wire.pace)

    def hold(self, seconds: float) -> None:
        """As the client's."""
        self._rate.pause(seconds)

    def _whole(self, path: str) -> str:
        return path if path.startswith(("/services/", "http")) else self._root + path
