"""PostHog: one record a product group and day, counted by PostHog itself in HogQL.

Days are read in windows, each paged by (day, group) since a query gives only so many rows. Events
come late with old timestamps, so the last days are counted again in every run. Forms: PostHog query
endpoint and HogQL documentation, checked Nov 2026. Fields and limits: docs/sources.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import partial
from itertools import chain
from typing import Any

from include.errors import FixConfig, RetryLater
from include.settings import Credentials
from include.sources.base import Gone, Pages, deliver, id_of, in_blocks, only
from include.sources.findings import Finding
from include.sources.http.answers import Body
from include.sources.http.client import Client, Params
from include.sources.http.rate import Rate, Window
from include.sources.http.session import Bearer, Wire
from include.sources.http.side_by_side import Done, side_by_side
from include.sources.posthog_check import findings
from include.sources.posthog_refusals import TooMuch, refusal_of
from include.sources.posthog_rows import records_of, row_of, undecoded
from include.vendor_settings import PostHog
from include.warehouse.page import Page, State

# Queries of a project a minute and an hour; no answer tells them, and some projects have fewer.
MINUTE = (240, 60.0)
HOUR = Window(2400, 3600.0, "hour")
WIDTH = 3  # queries of a project that may run at the same time
WINDOW_DAYS = 14  # of one query, which may run for ten seconds
PAGE_RECORDS = 250  # with lists of users; so many of an answer are decoded at once
KEY = ("account_key", "day")
# What libraries send by themselves: no use of the product. Names that begin with $ are no features.
QUERY = """
select
    $group_{index} as account_key,
    toDate(toTimeZone(timestamp, {{zone}})) as day,
    count(distinct uuid) as event_count,
    groupUniqArray(toString(person_id)) as users,
    groupUniqArrayIf(event, not startsWith(event, '$')) as features
from events
where $group_{index} != ''
    and event not in (
        '$feature_flag_called', '$groupidentify', '$identify', '$create_alias', '$set',
        '$merge_dangerously', '$opt_in', '$web_vitals', '$exception'
    )
    and timestamp >= toDateTime({{first}}, {{zone}})
    and timestamp < toDateTime({{until}}, {{zone}})
group by account_key, day
having day > toDate({{after_day}}) or (day = toDate({{after_day}}) and account_key > {{after_key}})
order by day, account_key
limit {limit}
"""


def open_posthog(
    settings: PostHog, credentials: Credentials, *, wire: Wire | None, time_zone: str
) -> "PostHogSource":
    """The credentials' user is the project's id."""
    if not credentials.user.isdecimal():
        raise FixConfig(
            f"Connection {settings.connection}: its login must be the id of the PostHog project, "
            "the number in the address of the project's pages."
        )
    auth = Bearer(credentials.secret)
    rate = Rate(*MINUTE, HOUR)
    client = Client(
        credentials, vendor="posthog", auth=auth, wire=wire, rate=rate, refuse=refusal_of
    )
    return PostHogSource(settings, client, credentials.user, time_zone)


@dataclass(frozen=True, slots=True)
class PostHogSource:
    """time_zone: in which a day begins and ends, whatever the project's own zone is.

    most_rows: of one answer; PostHog gives 50,000 at most, but these hold lists.
    """

    settings: PostHog
    client: Client
    project_id: str
    time_zone: str
    most_rows: int = 10_000
    vendor = "posthog"
    streams = ("usage_day",)

    @property
    def name(self) -> str:
        return self.settings.name

    def check(self, now: datetime) -> Iterator[Finding]:
        return findings(self.client, self.project_id, self.settings.group_type, now)

    def pages(self, stream: str, *, state: State | None, as_of: date) -> Pages:
        return deliver(self._usage(state or {}, as_of), f"{self.name}.{stream}")

    @property
    def gone(self) -> Mapping[str, Gone]:
        """A day without events is no record at PostHog; here it stays as one of zeros."""
        none = {"events": 0, "users": [], "features": []}
        return {
            "usage_day": Gone("$.events == 0", none, reach_days=self.settings.history_days, key=KEY)
        }

    def ids(self, stream: str, as_of: date) -> Iterator[Sequence[str]]:
        for page in self.pages(stream, state=None, as_of=as_of):
            yield [id_of(record, KEY) for record in page.records]

    def fetch(self, stream: str, ids: Sequence[str], as_of: date) -> Iterator[Page]:
        return only(self.pages(stream, state=None, as_of=as_of), ids)

    def _usage(self, state: State, as_of: date) -> Pages:
        """Yield the days up to as_of, that one included; the state is the last day ever read.

        A run that goes on begins behind the days that are stored without a gap: at `resume`.
        """
        index = self._group_index()
        following = {"through": max(as_of.isoformat(), state.get("through", ""))}
        yield Page([], following)
        windows, done = list(windows_of(self._first_day(state, as_of), as_of)), Done()
        parts = [partial(self._counted, index, *one) for one in enumerate(windows)]
        for place, records in side_by_side(parts, width=WIDTH):
            if records is not None:
                yield Page(records, following, key=KEY)
                continue
            done.add(place)
            if 0 < done.all_before < len(windows):
                first, _ = windows[done.all_before]
                yield Page([], following, resume={**state, "resume": first.isoformat()})

    def _counted(
        self, index: int, place: int, window: tuple[date, date]
    ) -> Iterator[tuple[int, list[Any] | None]]:
        """Yield the window's records, and None when that were all."""
        for records in chain.from_iterable(map(pages_of, self._window(index, *window))):
            yield place, records
        yield place, None

    def _first_day(self, state: State, as_of: date) -> date:
        if "resume" in state:
            return date.fromisoformat(state["resume"])
        if "through" not in state:
            return as_of - timedelta(days=self.settings.history_days)
        read = min(date.fromisoformat(state["through"]), as_of)
        return read - timedelta(days=self.settings.late_days - 1)

    def _window(self, index: int, first: date, last: date) -> Iterator[Body]:
        """Yield the answers for some days; for each half of them where all are too much at once.

        What came of them before is counted again then, and comes twice.
        """
        try:
            yield from self._asked(index, first, last)
        except TooMuch as error:
            if first == last:
                raise error.of_a_day() from error
            middle = first + (last - first) // 2
            yield from self._window(index, first, middle)
            yield from self._window(index, middle + timedelta(days=1), last)

    def _asked(self, index: int, first: date, last: date) -> Iterator[Body]:
        values = {
            "zone": self.time_zone,
            "first": f"{first} 00:00:00",
            "until": f"{last + timedelta(days=1)} 00:00:00",
            "after_day": "1970-01-01",
            "after_key": "",
        }
        asked = {
            "query": {
                "kind": "HogQLQuery",
                "query": QUERY.format(index=index, limit=self.most_rows),
                "values": values,
            },
            "refresh": "force_blocking",  # a cached answer may be of yesterday
            "name": "cs_usage_day",
        }
        path = f"/api/projects/{self.project_id}/query/"
        behind = self._behind_last_row
        return self.client.pages(path, asked, behind, method="POST", decode=undecoded)

    def _behind_last_row(self, params: Params, body: Body) -> Params | None:
        """Ask for what comes behind the last row's day and group, while there may be more."""
        if body.get("error"):  # with status 200
            raise RetryLater(f"{self.name}: PostHog could not finish the query; it names an error.")
        rows = body["results"]
        if not body.get("hasMore") and len(rows) < self.most_rows:
            return None
        if not rows:
            return params
        last = row_of(body["columns"], rows[-1])
        query = params["query"]
        values = {
            **query["values"],
            "first": f"{last['day']} 00:00:00",
            "after_day": last["day"],
            "after_key": last["account_key"],
        }
        return {**params, "query": {**query, "values": values}}

    def _group_index(self) -> int:
        """Return which of the five group columns holds the accounts; it differs by project."""
        types = self.client.get(f"/api/projects/{self.project_id}/groups_types/")
        known = {row["group_type"]: int(row["group_type_index"]) for row in types}
        wanted = self.settings.group_type
        if wanted in known:
            return known[wanted]
        near = get_close_matches(wanted, known, 1) or sorted(known)
        hint = f" It has {', '.join(near)}." if near else " It has none at all."
        raise FixConfig(
            f"health.yaml, source {self.name}: the project has no group type {wanted}.{hint}"
        )


def pages_of(body: Body) -> Iterator[list[Any]]:
    return in_blocks(records_of(body), PAGE_RECORDS)


def windows_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each query."""
    while first <= last:
        until = min(first + timedelta(days=WINDOW_DAYS - 1), last)
        yield first, until
        first = until + timedelta(days=1)
