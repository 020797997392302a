"""Who owns what: every object of every source is linked to the one account that the rules name.

The rules, in order: people's mapping file, strong key, chain over another system, verified domain,
contact's address. The first that names exactly one account wins; where one names several, a later
one may only choose among these. What stays open is listed as ambiguous, never guessed.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, TextClause

from include.settings import Settings
from include.warehouse.database import query, run_script
from include.warehouse.mapping import load_mapping

# How far a chain is followed: an object that names one that names one … that is linked by key.
MAX_HOPS = 5
# Of the server, for one sort or hash: with the usual 4 MB a million objects would go to its disk.
SORT_MEMORY = "64MB"


class Rule(NamedTuple):
    """A rule as the ledger names it. confidence from 0 to 1: see docs/identity.md."""

    number: int
    method: str
    confidence: float


MAPPING = Rule(10, "mapping", 1.0)
# One number for each place that a key can have among those of its object.
KEYS = tuple(Rule(20 + place, "key", 1.0) for place in range(1, 10))
CHAIN = Rule(40, "chain", 0.9)
DOMAIN = Rule(50, "domain", 0.8)
CONTACT = Rule(60, "contact", 0.7)
RULES = (MAPPING, *KEYS, CHAIN, DOMAIN, CONTACT)


def link(connection: Connection, settings: Settings) -> dict[str, int]:
    """Bring all links in line with the facts and people's mapping; what is right is not touched.

    Counts objects linked, links that are new, went elsewhere or ended, objects in doubt, and lines
    of the mapping that could not be used. The mapping counts as of the newest day that landed.
    """
    day = connection.execute(query("identity/newest_day")).scalar_one()
    refused = load_mapping(connection, settings, day)
    connection.exec_driver_sql(f"set local work_mem = '{SORT_MEMORY}'")
    run_script(connection, "identity/temporary")
    for name in ("list_objects", "list_keys", "list_own_keys", "list_contacts"):
        connection.execute(query(f"identity/{name}"))
    connection.exec_driver_sql("analyze linkable, named, contact_claim")
    _apply_rules(connection, settings)
    return _write(connection, day) | {"mapping lines refused": refused}


def _apply_rules(connection: Connection, settings: Settings) -> None:
    connection.execute(query("identity/vote_mapping"), {"rule": MAPPING.number})
    connection.execute(query("identity/vote_key"), {"rule": KEYS[0].number - 1})
    connection.exec_driver_sql("analyze vote")
    for rule in (MAPPING, *KEYS):
        _decide(connection, rule)
    for _ in range(MAX_HOPS):
        connection.exec_driver_sql("analyze decided, vote")
        named = connection.execute(query("identity/vote_chain"), {"rule": CHAIN.number}).rowcount
        if not named or not _decide(connection, CHAIN):
            break
    most = {"max_accounts": settings.identity.shared_domain_accounts}
    connection.execute(query("identity/vote_domain"), {"rule": DOMAIN.number, **most})
    connection.execute(query("identity/vote_contact"), {"rule": CONTACT.number})
    connection.exec_driver_sql("analyze vote")
    for rule in (DOMAIN, CONTACT):
        _decide(connection, rule)


def _decide(connection: Connection, rule: Rule) -> int:
    """Return how many objects the rule links."""
    row = connection.execute(query("identity/decide"), {"rule": rule.number}).one()
    return int(row.settled)


def _write(connection: Connection, day: date | None) -> dict[str, int]:
    binds = {
        "rules": [rule.number for rule in RULES],
        "methods": [rule.method for rule in RULES],
        "confidences": [rule.confidence for rule in RULES],
    }

    def count(statement: TextClause, **more: object) -> int:
        return connection.execute(statement, binds | more).rowcount

    connection.exec_driver_sql("analyze decided, doubt")
    count(query("identity/compare"))
    dropped = count(query("identity/end_links"))
    changed = count(query("identity/change_links"))
    added = count(query("identity/add_links"))
    count(query("identity/list_doubts"), mapping_rule=MAPPING.number)
    count(query("identity/end_doubts"))
    count(query("identity/add_doubts"))
    connection.execute(query("identity/confirm"), {"day": day})
    found = connection.execute(query("identity/totals")).mappings().one()
    return {**found, "links new": added, "links changed": changed, "links dropped": dropped}
