"""What a test of the push holds in its hands: the store, a CRM, and the job between them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.crm import ledger
from include.crm.catalogue import Catalogue, Vocabulary, catalogue_of
from include.crm.hubspot.desk import Group, HubSpotDesk
from include.crm.push import push
from include.crm.salesforce.desk import Bulk, SalesforceDesk
from include.crm.undo import undo
from include.crm.values import Sentences
from include.settings import Settings, parse_settings
from sandbox.serve import Sandbox
from sandbox.vendors.salesforce_ids import record_id

DAY = date(2026, 11, 1)
WORDS = Vocabulary(("red", "yellow", "green"), ("declining", "stable", "improving"))
OF_SALESFORCE = """
scorecards: [scorecards/retention.v1.yaml]
sources: [{name: salesforce, vendor: salesforce, connection: salesforce_default}]
"""


# Of a test or a module: with `desk` on either CRM.
both_crms = pytest.mark.parametrize("desk", ["hubspot", "salesforce"], indirect=True)


class Watched:
    """A client that notes for how long all its threads were held; a test's clock runs faster."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.held: list[float] = []

    def hold(self, seconds: float) -> None:
        self.held.append(seconds)
        self._client.hold(seconds)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


@dataclass
class Desk:
    """One CRM of the sandbox, and a store that has scores for its accounts.

    Tests name fields as cs_health_score in every CRM; values are read as text, unset ones are "".
    """

    engine: Engine
    sandbox: Sandbox
    settings: Settings
    client: Any
    day: date = DAY
    words: Vocabulary = WORDS

    def __post_init__(self) -> None:
        self.client = Watched(self.client)
        accounts = self.sandbox.state.world["accounts"]
        live = accounts[accounts["archived_at"].isna()]
        with self.engine.begin() as connection:
            found = connection.execute(
                text(
                    "insert into core.account (source, source_account_id, name)"
                    " select :source, id, 'Kite' from unnest(cast(:ids as text[])) as id"
                    " order by id returning source_account_id, account_id"
                ),
                {"ids": list(self._ids(live)), "source": self.source},
            )
            self.accounts = dict(tuple(row) for row in found)
            self.card = connection.scalar(
                text(
                    "insert into health.scorecard (name, version, digest, body)"
                    " values ('retention', 1, 'digest', '') returning scorecard_id"
                )
            )

    @property
    def source(self) -> str:
        return self.settings.crm_source.name

    @property
    def run_no(self) -> int:
        return self.run_of(DAY)

    def run_of(self, day: date) -> int:
        """The number of the day's run; made at the first call."""
        with self.engine.begin() as connection:
            return connection.scalar(
                text(
                    "insert into health.run (run_id, kind, as_of) values (:run, 'daily', :day)"
                    " on conflict (run_id) do update set as_of = excluded.as_of returning run_no"
                ),
                {"run": f"run {day}", "day": day},
            )

    @property
    def batches(self) -> int:
        """How many calls write all records."""
        return -(-len(self.accounts) // self.batch)

    @property
    def record_ids(self) -> list[str]:
        return sorted(self.accounts)

    def score(self, scores: Mapping[str, float | None], day: date = DAY, **columns: Any) -> None:
        """Store one snapshot a record and publish the day; a band every 40 points."""
        bands = ["red", "yellow", "green"]
        rows = [
            {
                "account_id": self.accounts[record_id],
                "as_of": day,
                "card": self.card,
                "run_no": self.run_no,
                "score": score,
                "band": "unknown" if score is None else bands[int(score // 40)],
                "change_30d": None,
                "direction": "stable",
                "coverage": 0.8,
                "revision": 1,
                **columns,
            }
            for record_id, score in scores.items()
        ]
        with self.engine.begin() as connection:
            connection.execute(text("select health.ensure_partitions(:day, :day)"), {"day": day})
            connection.execute(
                text(
                    "insert into health.snapshot (account_id, as_of, scorecard_id, basis, revision,"
                    " digest, run_no, score, coverage, band, change_30d, direction, categories,"
                    " points, readings, drivers) values (:account_id, :as_of, :card, 'live',"
                    " :revision, 0, :run_no, :score, :coverage, :band, :change_30d, :direction,"
                    " '{}', '{}', '{}', '{}')"
                ),
                rows,
            )
            connection.execute(
                text(
                    "insert into health.publication (as_of, scorecard_id, run_no)"
                    " values (:day, :card, :run_no) on conflict do nothing"
                ),
                {"day": day, "card": self.card, "run_no": self.run_no},
            )

    def score_all(self, score: float, day: date = DAY, **columns: Any) -> None:
        self.score(dict.fromkeys(self.record_ids, score), day, **columns)

    def push(self, day: date = DAY, **options: Any) -> dict[str, int]:
        """Push with the same reason for everybody."""
        chosen: dict[str, Any] = {
            "run_no": self.run_of(day),
            "as_of": day,
            "scorecard_ids": [self.card],
            "say": lambda account_ids: dict.fromkeys(
                account_ids, Sentences("Usage fell.", "Call.")
            ),
        }
        client = options.pop("client", self.client)
        settings = options.pop("settings", self.settings)
        words = options.pop("words", self.words)
        engine = options.pop("engine", self.engine)
        chosen["catalogue"] = catalogue_of(settings.crm, None, words, self.name)
        crm = self.crm(client, settings, engine)
        return push(engine, settings, crm, **(chosen | options))

    @property
    def catalogue(self) -> Catalogue:
        return catalogue_of(self.settings.crm, None, self.words, self.name)

    def take_back(self, day: date = DAY, by: str = "Ann") -> Any:
        return undo(self.engine, self.crm(), self.source, run_no=self.run_of(day), by=by)

    @property
    def held(self) -> list[float]:
        """For how many seconds all calls waited, each time."""
        return self.client.held

    def start_over(self) -> None:
        """Let the CRM forget everything that was ever written to it."""
        start_over(self.sandbox)

    def calls(self, path: str = "") -> Counter[int]:
        """How often the CRM answered which status on a path; by itself: the one that writes."""
        rows = self.sandbox.requests()
        return Counter(
            {
                row["status"]: row["count"]
                for row in rows
                if row["vendor"] == self.source
                and row["path"] == (path or self.counted)
                and row["method"] == self.method
            }
        )

    def order(self, *faults: dict[str, Any]) -> None:
        """Faults of the path that writes, unless they name another."""
        mine = {"vendor": self.source, "path": self.update, "method": self.method}
        self.sandbox.faults = [
            {**mine, **({"method": "POST"} if "path" in one else {}), **one} for one in faults
        ]

    def ledger(self) -> Counter[str]:
        """Ledger rows by status."""
        with self.engine.begin() as connection:
            found = connection.execute(
                text("select status, count(*) from health.crm_write group by status")
            )
            return Counter(dict(tuple(row) for row in found))

    def answers(self, status: str) -> dict[str, str]:
        """The words of ledger rows of a status, by record id."""
        with self.engine.begin() as connection:
            found = connection.execute(
                text("select record_id, answer from health.crm_write where status = :status"),
                {"status": status},
            )
            return dict(tuple(row) for row in found)


class OnHubSpot(Desk):
    update = counted = writing = "/crm/v3/objects/companies/batch/update"
    reading = "/crm/v3/objects/companies/batch/read"
    method = "POST"
    batch = 100

    @staticmethod
    def _ids(live: Any) -> Sequence[str]:
        return live["crm_id"].tolist()

    @staticmethod
    def name(ours: str) -> str:
        return ours

    def crm(
        self, client: Any = None, settings: Settings | None = None, engine: Engine | None = None
    ) -> HubSpotDesk:
        del engine
        settings = settings or self.settings
        return HubSpotDesk(
            client or self.client,
            api_version=settings.crm_source.api_version,
            group=Group(settings.crm.group, settings.crm.group_label),
        )

    def shown(self, name: str) -> dict[str, str]:
        """What the CRM shows for one property, by record id."""
        found: dict[str, str] = {}
        ids = self.record_ids
        for start in range(0, len(ids), 100):
            body = {"inputs": [{"id": one} for one in ids[start : start + 100]]}
            answer = self.client.call(
                "POST",
                "/crm/v3/objects/companies/batch/read",
                json=body | {"properties": [name]},
                accept=(200, 207),
            )
            for row in answer.body["results"]:
                found[row["id"]] = row["properties"].get(name) or ""
        return found

    def edit(self, record_id: str, **values: str) -> None:
        """Somebody types values into a company."""
        path = f"/crm/v3/objects/companies/{record_id}"
        self.client.call("PATCH", path, json={"properties": values})

    def rename(self, record_id: str, name: str) -> None:
        self.edit(record_id, name=name)

    def delete(self, record_id: str) -> None:
        self.client.call("DELETE", f"/crm/v3/objects/companies/{record_id}", accept=(204,))

    def written(self) -> Counter[tuple[str, str]]:
        """How often each (record, property) was written in the CRM."""
        return Counter(
            (str(row["id"]), name)
            for entry in self.sandbox.state.journal.entries("hubspot")
            if entry["op"] == "write"
            for row in entry["rows"]
            for name in row["properties"]
        )


class OnSalesforce(Desk):
    update = "/services/data/v66.0/composite/sobjects"
    reading = "/services/data/v66.0/composite/sobjects/Account"
    writing = "/composite/sobjects"
    counted = "/services/data/v{version}/composite/sobjects"
    method = "PATCH"
    batch = 200
    patience_s = 60.0

    @staticmethod
    def _ids(live: Any) -> Sequence[str]:
        return [record_id("001", int(number)) for number in live["account_no"]]

    @staticmethod
    def name(ours: str) -> str:
        return SalesforceDesk.name_of(ours)

    def crm(
        self, client: Any = None, settings: Settings | None = None, engine: Engine | None = None
    ) -> SalesforceDesk:
        settings = settings or self.settings
        noted = ledger.Jobs(engine or self.engine, self.source)
        bulk = Bulk(settings.crm_source.bulk_write_above, self.patience_s, noted)
        return SalesforceDesk(client or self.client, bulk)

    def shown(self, name: str) -> dict[str, str]:
        """What the CRM shows for one field, by record id."""
        asked = {"ids": self.record_ids, "fields": ["Id", self.name(name)]}
        rows = self.client.call("POST", "/composite/sobjects/Account", json=asked).body
        return {row["Id"]: _as_text(row[self.name(name)]) for row in rows if row is not None}

    def edit(self, record_id: str, **values: str) -> None:
        """Somebody types values into an account."""
        body = {self.name(ours): value for ours, value in values.items()}
        path = f"/sobjects/Account/{record_id}"
        self.client.call("PATCH", path, json=body, accept=(204,))

    def rename(self, record_id: str, name: str) -> None:
        path = f"/sobjects/Account/{record_id}"
        self.client.call("PATCH", path, json={"Name": name}, accept=(204,))

    def delete(self, record_id: str) -> None:
        self.client.call("DELETE", f"/sobjects/Account/{record_id}", accept=(204,))

    def written(self) -> Counter[tuple[str, str]]:
        """How often each (record, field) was written in the CRM."""
        return Counter(
            (row["id"], name)
            for entry in self.entries("write", "Account")
            for row in entry["rows"]
            for name in row["values"]
        )

    def entries(self, op: str, kind: str) -> Iterator[dict[str, Any]]:
        """What the org's journal holds of an object."""
        for entry in self.sandbox.state.journal.entries("salesforce"):
            if entry["op"] == op and entry["type"] == kind:
                yield entry

    def by_jobs(self) -> Settings:
        """Settings by which more than 200 changes go by bulk jobs."""
        source = self.settings.crm_source.model_copy(update={"bulk_write_above": 200})
        return self.settings.model_copy(update={"sources": (source,)})


def of_salesforce() -> Settings:
    return parse_settings(OF_SALESFORCE, where="test.yaml")


def start_over(sandbox: Sandbox) -> None:
    from sandbox.state import Journal

    sandbox.state.journal = Journal()
    sandbox.faults = []
    sandbox.advance(sandbox.state.world.end)
    sandbox.reset_requests()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
