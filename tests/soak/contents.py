"""What a store holds, as rows that can be compared with another store's.

Accounts go by their record in the CRM, since numbers are given in the order of arrival. Left out
is what says when and in which run a row was written, which differs between any two stores.
"""

from collections import Counter

import orjson
from sqlalchemy import Engine, text

from tests.soak.storms import NOTE

FACTS = (
    "account", "account_attribute", "account_change", "account_link", "account_link_past",
    "contact", "contact_role", "customer", "invoice", "invoice_account", "invoice_intent",
    "link_doubt", "manual_input", "opportunity", "organization", "owner", "payment", "requester",
    "subscription", "subscription_account", "survey_response", "term", "ticket", "ticket_account",
    "touch", "unmatched", "usage_day", "usage_part",
)  # fmt: skip
SERIES = ("account_day",)
SCORES = ("reading", "snapshot", "measure_move", "outcome", "publication", "held_role")
MOMENTS = {"account_link": ("valid_from",), "account_link_past": ("valid_from", "valid_to")}
OURS = ("account_id", "attributed_batch", "first_seen", "run_no", "recorded_at", "published_at")
# Of records that landed: what a storm put in, and what makes no new version when it moves alone.
NO_NEWS = (
    NOTE, f"{NOTE}__c", "updatedAt", "hs_lastmodifieddate", "lastmodifieddate", "url", "updated_at",
    "generated_timestamp", "last_login_at", "next_invoice_sequence", "SystemModstamp",
    "LastModifiedDate", "LastModifiedById", "last_request_at", "last_seen_at", "session_count",
    "last_contacted_at", "last_email_opened_at", "last_email_clicked_at",
)  # fmt: skip
Rows = dict[str, list[str]]


def facts_of(store: Engine) -> Rows:
    return {table: _rows(store, "core", table) for table in FACTS}


def scores_of(store: Engine) -> Rows:
    return {table: _rows(store, "health", table) for table in (*SERIES, *SCORES)}


def raw_of(store: Engine) -> Rows:
    """The newest version of each record that arrived."""
    found: Rows = {}
    with store.begin() as connection:
        for source, stream, record_id, payload in connection.execute(text(NEWEST)):
            shown = orjson.dumps(_newsworthy(payload), option=orjson.OPT_SORT_KEYS).decode()
            found.setdefault(f"{source}.{stream}", []).append(f"{record_id} {shown}")
    return found


def quarantined(store: Engine) -> list[tuple[str, str]]:
    with store.begin() as connection:
        rows = connection.execute(text("select stage, reason from raw.quarantine order by 1, 2"))
        return [tuple(row) for row in rows]


def unlike(one: Rows, other: Rows) -> dict[str, tuple[list[str], list[str]]]:
    """By table, the rows that only the one and only the other has."""
    found = {}
    for table in sorted(one | other):
        here, there = Counter(one.get(table)), Counter(other.get(table))
        if here != there:
            found[table] = (list((here - there).elements()), list((there - here).elements()))
    return found


NEWEST = """
select distinct on (stream_id, record_id) source, stream, record_id, payload
from raw.record join raw.batch using (batch_id, stream_id) join raw.stream using (stream_id)
where landed_at is not null
order by stream_id, record_id, batch_id desc, observed_at desc
"""
ROWS = """
select concat_ws(' ', (to_jsonb(held) - cast(:ours as text[]))::text, named.source_account_id)
from {table} as held left join core.account as named on named.account_id = {account_id}
"""


def _rows(store: Engine, schema: str, table: str) -> list[str]:
    with store.begin() as connection:
        has = text(
            "select count(*) from information_schema.columns where table_schema = :schema "
            "and table_name = :table and column_name = 'account_id'"
        )
        owned = connection.execute(has, {"schema": schema, "table": table}).scalar_one()
        asked = ROWS.format(
            table=f"{schema}.{table}", account_id="held.account_id" if owned else "null"
        )
        rows = connection.execute(text(asked), {"ours": [*OURS, *MOMENTS.get(table, ())]})
        return sorted(rows.scalars())


def _newsworthy(value: object) -> object:
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if key not in NO_NEWS}
        return {key: _newsworthy(one) for key, one in kept.items()}
    return [_newsworthy(one) for one in value] if isinstance(value, list) else value
