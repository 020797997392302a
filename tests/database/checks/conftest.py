"""Waiting records of every vendor, good by default, and runs that check them."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.settings import Settings, load_settings
from include.warehouse.database import transaction

DAY = date(2026, 11, 20)
CREATED = "2026-11-18T09:00:00Z"
EPOCH = 1763460000  # 2025-11-18

GOOD: dict[str, dict[str, Any]] = {
    "hubspot.owners": {"id": "1", "email": "ann@kite.example", "archived": False},
    "hubspot.companies": {
        "id": "1",
        "properties": {
            "name": "Kite",
            "domain": "kite.example",
            "arr": "48000",
            "renewal_date": "2027-01-31",
        },
        "propertiesWithHistory": {"csm_pulse": [{"value": "3", "timestamp": CREATED}]},
        "createdAt": CREATED,
        "archived": False,
    },
    "hubspot.contacts": {
        "id": "1",
        "properties": {"email": "a@kite.example"},
        "createdAt": CREATED,
    },
    "hubspot.deals": {
        "id": "1",
        "properties": {"amount": "12.50", "deal_currency_code": "EUR", "closedate": CREATED},
        "createdAt": CREATED,
    },
    "hubspot.meetings": {
        "id": "1",
        "properties": {"hs_meeting_start_time": "2027-03-01T10:00:00Z"},
        "archived": False,
    },
    "hubspot.feedback_submissions": {
        "id": "1",
        "properties": {
            "hs_survey_type": "NPS",
            "hs_value": "9",
            "hs_submission_timestamp": CREATED,
        },
        "createdAt": CREATED,
        "archived": False,
    },
    "zendesk.organizations": {"id": "1", "domain_names": ["kite.example"], "created_at": CREATED},
    "zendesk.users": {"id": "1", "role": "end-user", "email": "a@kite.example"},
    "zendesk.tickets": {
        "id": "1",
        "status": "solved",
        "priority": None,
        "created_at": CREATED,
        "metric_set": {"solved_at": CREATED, "reply_time_in_minutes": {"calendar": 35}},
    },
    "zendesk.satisfaction_ratings": {
        "id": "1",
        "score": "good",
        "ticket_id": 7,
        "updated_at": CREATED,
    },
    "stripe.customers": {"id": "1", "created": EPOCH, "currency": "usd", "metadata": {}},
    "stripe.subscriptions": {
        "id": "1",
        "customer": "cus_1",
        "status": "active",
        "currency": "usd",
        "start_date": EPOCH,
        "ended_at": None,
        "canceled_at": None,
        "items": {
            "data": [
                {
                    "quantity": 40,
                    "price": {
                        "unit_amount": 10000,
                        "recurring": {"interval": "month", "interval_count": 1},
                    },
                }
            ]
        },
    },
    "stripe.invoices": {
        "id": "1",
        "customer": "cus_1",
        "status": "paid",
        "currency": "usd",
        "amount_due": 400000,
        "amount_remaining": 0,
        "created": EPOCH,
        "due_date": None,
        "status_transitions": {"paid_at": EPOCH, "voided_at": None},
        "lines": {"data": [{"quantity": 40, "period": {"start": EPOCH, "end": EPOCH}}]},
    },
    "stripe.invoice_payments": {
        "id": "1",
        "invoice": "in_1",
        "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
        "status": "paid",
        "amount_paid": 400000,
        "currency": "usd",
        "created": EPOCH,
        "status_transitions": {"paid_at": EPOCH, "canceled_at": None},
    },
    "stripe.charges": {
        "id": "1",
        "customer": "cus_1",
        "payment_intent": "pi_1",
        "status": "failed",
        "amount": 400000,
        "currency": "usd",
        "created": EPOCH,
    },
    "stripe.refunds": {
        "id": "1",
        "payment_intent": "pi_1",
        "status": "succeeded",
        "amount": 400000,
        "currency": "usd",
        "created": EPOCH,
    },
    "posthog.usage_day": {
        "account_key": "kite",
        "day": "2026-11-19",
        "events": 12,
        "users": ["u1"],
        "features": ["export"],
    },
}


def changed(payload: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy with some values replaced; a key like properties__amount reaches into an object."""
    copy = json.loads(json.dumps(payload))
    for path, value in changes.items():
        *outer, last = path.split("__")
        place = copy
        for key in outer:
            place = place[key]
        place[last] = value
    return copy


@dataclass
class Landing:
    """Puts records into raw.record as a landing does, and tells what became of them."""

    engine: Engine
    settings: Settings = field(default_factory=load_settings)

    def run(self, run_id: str = "run-1", as_of: date = DAY) -> int:
        """The number of a run, entered if it is new."""
        with transaction(self.engine) as connection:
            return connection.execute(
                text(
                    "insert into health.run (run_id, kind, as_of) values (:run_id, 'daily', :as_of)"
                    " on conflict (run_id) do update set run_id = excluded.run_id returning run_no"
                ),
                {"run_id": run_id, "as_of": as_of},
            ).scalar_one()

    def land(
        self,
        stream: str,
        payloads: Iterable[Mapping[str, Any]],
        *,
        run_id: str = "run-1",
        as_of: date = DAY,
        received: int | None = None,
    ) -> int:
        """Land a batch; record ids are the payloads' own. Returns the batch's id."""
        source, name = stream.split(".")
        self.run(run_id, as_of)
        rows = [
            {
                "record_id": str(payload.get("id") or usage_key(payload)),
                "payload": json.dumps(payload),
            }
            for payload in payloads
        ]
        batch = {"source": source, "stream": name, "run_id": run_id, "as_of": as_of}
        batch |= {"changed": len(rows), "received": len(rows) if received is None else received}
        with transaction(self.engine) as connection:
            connection.execute(
                text(
                    "insert into raw.stream (source, vendor, stream)"
                    " values (:source, :source, :stream) on conflict do nothing"
                ),
                batch,
            )
            batch_id = connection.execute(
                text(
                    "insert into raw.batch (stream_id, run_id, as_of, landed_at, received, changed)"
                    " select stream_id, :run_id, :as_of, now(), :received, :changed from raw.stream"
                    " where source = :source and stream = :stream returning batch_id"
                ),
                batch,
            ).scalar_one()
            if rows:
                connection.execute(
                    text(
                        "insert into raw.record select :batch_id, batch.stream_id, :record_id,"
                        " now(), '', cast(:payload as jsonb) from raw.batch"
                        " where batch_id = :batch_id"
                    ),
                    [row | {"batch_id": batch_id} for row in rows],
                )
        return batch_id

    def land_all(self, *, run_id: str = "run-1", as_of: date = DAY) -> None:
        """Land one good record of every stream."""
        for stream, payload in GOOD.items():
            self.land(stream, [payload], run_id=run_id, as_of=as_of)

    def land_sources(self, *, run_id: str = "run-1", as_of: date = DAY) -> None:
        """Land one good record of one stream of every source: enough for a run to pass."""
        for stream in ("hubspot.owners", "zendesk.users", "stripe.invoices", "posthog.usage_day"):
            self.land(stream, [GOOD[stream]], run_id=run_id, as_of=as_of)

    def conform(self) -> None:
        """Let everything that waits be a fact, without writing any."""
        self.execute("update raw.batch set conformed_at = now() where conformed_at is null")

    def execute(self, statement: str, **binds: Any) -> None:
        with transaction(self.engine) as connection:
            connection.execute(text(statement), binds)

    def rows(self, statement: str, **binds: Any) -> list[tuple[Any, ...]]:
        with transaction(self.engine) as connection:
            return [tuple(row) for row in connection.execute(text(statement), binds)]

    def quarantined(self) -> list[tuple[str, str, str]]:
        """Stream, record id and reason of everything in quarantine, sorted."""
        return self.rows(
            "select source || '.' || stream, record_id, reason from raw.quarantine"
            " inner join raw.stream using (stream_id) order by 1, 2, 3"
        )

    def unmet(self, run_no: int) -> list[tuple[str, str]]:
        """Suite and fault of the checks that did not hold, sorted."""
        return self.rows(
            "select suite, subject from health.check_result"
            " where run_no = :run_no and not is_success order by 1, 2",
            run_no=run_no,
        )


def usage_key(payload: Mapping[str, Any]) -> str:
    return f"{payload['account_key']}|{payload.get('day')}"


@pytest.fixture
def landing(store: Engine) -> Landing:
    return Landing(store)


@pytest.fixture
def good() -> Callable[..., dict[str, Any]]:
    """good("stripe.invoices", amount_due=-1): a good record with something changed."""
    return lambda stream, **changes: changed(GOOD[stream], **changes)
