"""A world's product analytics as tables of an in-memory DuckDB: events, persons, groups.

Columns that repeat are dictionary-encoded (3 million events take about 60 MB), and what can be
derived (uuids, JSON properties, session ids) is derived in views, only where a query asks for it.
The database can reach no file and no network, and its settings are locked.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import duckdb
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd

from sandbox.world.model import World

GROUP_TYPES = 5
# What stands before the company's group type, where it is not the first.
OTHER_TYPES = ("instance", "project", "workspace", "team")
OTHER_KEY = "kite-cloud"
INGESTED_AFTER_S = 2
NOBODY = -1  # stands for the person of an event that has none
TABLES = ("events", "persons", "groups")


@dataclass(frozen=True, slots=True)
class Project:
    """What differs from one PostHog project to the next; `company_index` is 0 to 4."""

    id: int = 1
    company_index: int = 0
    time_zone: str = "UTC"


def open_store(world: World, now: datetime, project: Project) -> duckdb.DuckDBPyConnection:
    """The tables of TABLES as of `now`, and events_wide: events beside their person and company."""
    until = np.datetime64(now.astimezone(UTC).replace(tzinfo=None), "us")
    config = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "threads": 2,
        "memory_limit": "2GB",
    }
    store = duckdb.connect(":memory:", config=config)
    persons = _persons(world, until)
    _keep(store, "event_rows", _events(world, persons, until))
    _keep(store, "person_rows", persons)
    _keep(store, "group_rows", _groups(world, until))
    for view in (_events_view(project), _persons_view(), _groups_view(project), _wide(project)):
        store.execute(view)
    store.execute("SET TimeZone = 'UTC'")
    store.execute("SET python_enable_replacements = false")
    store.execute("SET lock_configuration = true")
    return store


def _keep(store: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    store.register("given", frame)
    store.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608
    store.unregister("given")


def person_uuid(person_no: int) -> str:
    """The same in every session and however long the world is."""
    return str(UUID(hashlib.md5(f"person:{person_no}".encode()).hexdigest()))  # noqa: S324


def _persons(world: World, until: np.datetime64) -> pd.DataFrame:
    """Who uses the product or has events; person_no rises."""
    people = world["people"]
    users = people[people["is_user"].astype(bool) & (people["created_at"].to_numpy() <= until)]
    seen = world["events"]["person_no"].fillna(NOBODY).to_numpy(np.int64)
    numbers = np.union1d(users["person_no"].to_numpy(np.int64), pd.unique(seen))
    known = people.set_index("person_no").reindex(numbers)
    created = known["created_at"].fillna(pd.Timestamp(world.start))
    return pd.DataFrame(
        {
            "person_no": numbers,
            "id": _categories([person_uuid(int(number)) for number in numbers]),
            "properties": [_person_properties(row) for row in known.itertuples()],
            "created_at": created.to_numpy().astype("datetime64[us]"),
        }
    )


def _person_properties(row: Any) -> str:  # noqa: ANN401
    names = ("email", "first_name", "last_name")
    values = {name: getattr(row, name) for name in names}
    kept = {name: value for name, value in values.items() if isinstance(value, str)}
    full = " ".join(kept[name] for name in names[1:] if name in kept)
    return orjson.dumps(kept | ({"name": full} if full else {})).decode()


def _categories(values: Iterable[str]) -> pd.Categorical:
    """Codes in the order of the text, so that the database sorts them as text."""
    texts = list(values)
    return pd.Categorical(texts, categories=sorted(set(texts)))


def _events(world: World, persons: pd.DataFrame, until: np.datetime64) -> pd.DataFrame:
    """In order of time. row_no stays the same when the world's end moves."""
    events = world["events"]
    at = events["at"].to_numpy().astype("datetime64[us]")
    if np.any(at[1:] < at[:-1]):
        order = np.argsort(at, kind="stable")
        events, at = events.iloc[order], at[order]
    happened = int(np.searchsorted(at, until, side="right"))
    events, at = events.iloc[:happened], at[:happened]
    numbers = events["person_no"].fillna(NOBODY).to_numpy(np.int64)
    place = pd.Index(persons["person_no"]).get_indexer(numbers)
    identity = persons["id"].array
    return pd.DataFrame(
        {
            "row_no": np.arange(happened, dtype=np.int32),
            "event": _sorted_codes(events["event"]),
            "timestamp": at,
            "person_no": numbers,
            "person_id": pd.Categorical.from_codes(identity.codes[place], identity.categories),
            "company": _sorted_codes(events["tenant_key"]),
        }
    )


def _sorted_codes(column: pd.Series) -> pd.Categorical:
    """As `_categories`, without touching each text; a missing one is ""."""
    given = column.astype("category").array
    texts = ["" if pd.isna(text) else str(text) for text in given.categories] + [""]
    ranked = np.array(sorted(set(texts)), dtype=object)
    rank = np.searchsorted(ranked, np.array(texts, dtype=object)).astype(np.int32)
    codes: npt.NDArray[np.int32] = rank[given.codes]  # code -1, missing, is the last text
    return pd.Categorical.from_codes(codes, ranked)


def _groups(world: World, until: np.datetime64) -> pd.DataFrame:
    accounts = world["accounts"].dropna(subset=["tenant_key"])
    accounts = accounts[accounts["created_at"].to_numpy() <= until]
    names = ("name", "segment", "industry", "country", "domain")
    facts = accounts[list(names)].astype(object).where(accounts[list(names)].notna(), None)
    return pd.DataFrame(
        {
            "key": accounts["tenant_key"].astype(str),
            "properties": [orjson.dumps(row).decode() for row in facts.to_dict("records")],
            "created_at": accounts["created_at"].to_numpy().astype("datetime64[us]"),
        }
    )


def _group_columns(project: Project) -> str:
    def key(index: int) -> str:
        if index == project.company_index:
            return "company"
        return f"'{OTHER_KEY}'" if index < project.company_index else "''"

    return ", ".join(f'{key(index)} AS "$group_{index}"' for index in range(GROUP_TYPES))


def _events_view(project: Project) -> str:
    session = "'s-' || md5('session:' || person_no || ':' || CAST(timestamp AS DATE))"
    return f"""
        CREATE VIEW events AS SELECT
            CAST(md5('event:' || row_no) AS UUID) AS uuid,
            event,
            CAST(json_object('$lib', 'web', '$session_id', {session}, '$groups',
                json_object('company', CAST(company AS VARCHAR))) AS VARCHAR) AS properties,
            timestamp,
            'user_' || person_no AS distinct_id,
            '' AS elements_chain,
            timestamp + to_seconds({INGESTED_AFTER_S}) AS created_at,
            person_id,
            {session} AS "$session_id",
            {_group_columns(project)}
        FROM event_rows
    """  # noqa: S608


def _persons_view() -> str:
    return f"""
        CREATE VIEW persons AS SELECT id, created_at, properties FROM person_rows
        WHERE person_no <> {NOBODY}
    """  # noqa: S608


def _groups_view(project: Project) -> str:
    index = project.company_index
    return f"""
        CREATE VIEW groups AS SELECT
            {index} AS index, key, properties, created_at, created_at AS updated_at
        FROM group_rows
    """  # noqa: S608


def _wide(project: Project) -> str:
    index = project.company_index
    return f"""
        CREATE VIEW events_wide AS SELECT
            e.*,
            p.properties AS person_properties,
            p.created_at AS person_created_at,
            g.properties AS group_{index}_properties,
            g.created_at AS group_{index}_created_at
        FROM events e
        LEFT JOIN person_rows p ON p.id = e.person_id
        LEFT JOIN group_rows g ON g.key = e."$group_{index}"
    """  # noqa: S608
