"""All companies of Intercom, by its scroll: one at a time, and over after an idle minute.

Each question moves the scroll on, whether its answer arrives or not, so no question is repeated:
whatever goes wrong, only a new start brings every company. Forms: API description 2.16 and public
connectors, checked Nov 2026.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from include.errors import RejectData, RetryLater
from include.sources.http.answers import Body, raw_rows
from include.sources.http.client import Client
from include.sources.http.rate import Rate
from include.sources.intercom_refusals import ScrollLost

log = logging.getLogger(__name__)
PATH = "/companies/scroll"
STARTS = 3
TRIES = 5
COMPANIES = raw_rows("data", "scroll_param")


@dataclass(frozen=True, slots=True)
class Scroll:
    """client: starts, and asks again what may pass. once: for the rest; asks only once."""

    client: Client
    once: Client
    rate: Rate

    def companies(self) -> Iterator[list[Any]]:
        """Yield all companies in pages, undecoded; after a new start some come again."""
        for _ in range(STARTS):
            try:
                yield from self._whole()
            except ScrollLost as lost:
                log.warning("%s All companies are read anew.", lost)
            else:
                return
        raise RetryLater(f"intercom: the scroll over companies broke {STARTS} times.")

    def _whole(self) -> Iterator[list[Any]]:
        body: Body | None = self.client.call("GET", PATH, decode=COMPANIES).body
        while body is not None:
            yield body["data"]
            body = self._following(body)

    def _following(self, body: Body) -> Body | None:
        """Return the next page; None where an empty one is followed by a refusal or another.

        One empty page would be believed too easily: half of the companies would be missing.
        """
        param = body["scroll_param"]
        if not param and body["data"]:  # the documented end is an empty page
            raise RejectData("intercom: a page of companies lacks what leads to the next one.")
        if not param:
            return None
        if body["data"]:
            return self._asked(param)
        try:
            again = self._asked(param)
        except ScrollLost:
            return None
        return again if again["data"] else None

    def _asked(self, param: str) -> Body:
        """Ask for the next page; a question over the rate limit has not moved the scroll."""
        for _ in range(TRIES):
            try:
                return self.once.call(
                    "GET", PATH, params={"scroll_param": param}, decode=COMPANIES
                ).body
            except RetryLater as error:
                if error.wait_s is None:
                    raise ScrollLost(str(error)) from error
                self.rate.pause(error.wait_s)
        raise ScrollLost(f"intercom: GET {PATH} was over the rate limit {TRIES} times.")
