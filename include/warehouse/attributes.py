"""What was true of an account from when to when: owner, segment, ARR, renewal date, parent, others.

From the vendor's own history where there is one, else from the versions of the record that we saw.
"""

import json

from sqlalchemy import Connection

from include.settings import Settings
from include.warehouse.database import query


def learn_attributes(connection: Connection, settings: Settings) -> int:
    """Bring core.account_attribute in line with the versions of accounts' records that are new.

    Returns the rows written. Runs in conform, after the accounts are there and before their
    landings are marked as done; a second run writes nothing.
    """
    source = settings.crm_source
    binds = {"source": source.name, "stream": source.account_stream}
    stream_id = connection.execute(query("facts/stream_id"), binds).scalar()
    if stream_id is None:
        return 0
    properties = source.attribute_fields
    _forget_others(connection, source.name, properties | {"currency": settings.currency})
    connection.execute(query("attributes/fresh"))
    connection.execute(
        query(f"attributes/{source.vendor}"),
        {
            "source": source.name,
            "stream_id": stream_id,
            "properties": json.dumps(properties),
            "currency": settings.currency,
        },
    )
    connection.exec_driver_sql("analyze seen")
    written = connection.execute(query("attributes/write")).rowcount
    connection.execute(query("attributes/mark"))
    return written


def _forget_others(connection: Connection, source: str, properties: dict[str, str]) -> None:
    """Forget what came from other properties than health.yaml names now: all versions say it."""
    rows = connection.execute(query("attributes/properties"), {"source": source})
    before = {row.attribute: row.property for row in rows}
    if before == properties:
        return
    both = before.keys() | properties.keys()
    changed = [name for name in sorted(both) if before.get(name) != properties.get(name)]
    connection.execute(query("attributes/forget"), {"source": source, "attributes": changed})
    connection.execute(
        query("attributes/remember"), {"source": source, "properties": json.dumps(properties)}
    )
