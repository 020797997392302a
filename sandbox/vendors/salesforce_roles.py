"""Who plays which part: contacts in their accounts, and in the opportunities about them.

Roles of a contact in its account are a multi-select picklist, its values joined by semicolons.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.vendors.salesforce_columns import Column, ids, stamps, words
from sandbox.vendors.salesforce_ids import record_id
from sandbox.vendors.salesforce_store import Table
from sandbox.vendors.salesforce_world import contacts_of, happened, moved, table_of
from sandbox.world.model import World

if TYPE_CHECKING:
    import pandas as pd

WORDS = {
    "executive_sponsor": "Executive Sponsor",
    "champion": "Champion",
    "decision_maker": "Decision Maker",
    "end_user": "Business User",
}
# A champion decides with others: such a contact has two roles.
TOGETHER = WORDS | {"champion": "Champion;Decision Maker"}
BUYING = ("executive_sponsor", "decision_maker")


def account_relations(world: World, now: datetime) -> Table:
    """One direct relation for each contact, made with it."""
    frame = contacts_of(world, now)
    frame = frame[frame["account_no"].notna()]
    size = len(frame)
    return table_of(
        "AccountContactRelation",
        {
            "Id": ids("07k", frame["person_no"]),
            "AccountId": ids("001", frame["account_no"]),
            "ContactId": ids("003", frame["person_no"]),
            "Roles": words(frame["buying_role"], TOGETHER),
            "IsDirect": [True] * size,
            "IsActive": [True] * size,
            **moved(frame),
        },
    )


def opportunity_roles(world: World, now: datetime) -> Table:
    """The sponsors and deciders that were there when an opportunity was opened; one is primary."""
    people = contacts_of(world, now)
    buyers = people[people["buying_role"].isin(BUYING)]
    deals = happened(world["deals"], now)
    pairs = deals.merge(buyers, on="account_no", suffixes=("", "_of_person"))
    pairs = pairs[pairs["created_at_of_person"] <= pairs["created_at"]]
    pairs = pairs.sort_values(["deal_no", "person_no"])
    place = pairs.groupby("deal_no").cumcount()
    return table_of(
        "OpportunityContactRole",
        {
            "Id": _pair_ids(pairs["deal_no"], place),
            "OpportunityId": ids("006", pairs["deal_no"]),
            "ContactId": ids("003", pairs["person_no"]),
            "Role": words(pairs["buying_role"], WORDS),
            "IsPrimary": [bool(one == 0) for one in place],
            "CreatedDate": stamps(pairs["created_at"]),
            "LastModifiedDate": stamps(pairs["created_at"]),
            "SystemModstamp": stamps(pairs["created_at"]),
        },
    )


def _pair_ids(deals: "pd.Series[int]", place: "pd.Series[int]") -> Column:
    """Made of the deal and the contact's place in it: they stay when the world grows."""
    return [
        record_id("00K", int(deal) * 1_000 + int(one))
        for deal, one in zip(deals, place, strict=True)
    ]


MAKERS: dict[str, Callable[[World, datetime], Table]] = {
    "AccountContactRelation": account_relations,
    "OpportunityContactRole": opportunity_roles,
}
