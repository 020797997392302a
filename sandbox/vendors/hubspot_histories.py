"""The values that a company's properties have had, as `propertiesWithHistory` shows them.

Who set a value stands with it: people in the CRM, or the integration that keeps contracts.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from sandbox.vendors.hubspot_columns import numbers, stamps, texts
from sandbox.vendors.hubspot_people import owner_ids
from sandbox.vendors.hubspot_store import Column, Table

PERSON = {"sourceType": "CRM_UI", "sourceId": "userId:7000001", "updatedByUserId": 7000001}
INTEGRATION = {"sourceType": "INTEGRATION", "sourceId": "2200133"}
# Column of accounts: the property that shows it, and who sets it.
SHOWN: dict[str, tuple[str, dict[str, Any]]] = {
    "owner_no": ("hubspot_owner_id", PERSON),
    "segment": ("segment", PERSON),
    "parent_no": ("hs_parent_company_id", PERSON),
    "lifecycle": ("lifecyclestage", PERSON),
    "arr": ("arr", INTEGRATION),
    "renewal_date": ("renewal_date", INTEGRATION),
}


def add_histories(
    table: Table, changes: pd.DataFrame, rows: Mapping[Any, int], crm_ids: Mapping[Any, str]
) -> None:
    """Put the world's account_changes, oldest first, into the table: newest first.

    rows: of the accounts that the table has, by their number.
    """
    for column, (name, author) in SHOWN.items():
        entered = changes[changes["attribute"] == column]
        values = _shown(column, crm_ids)(entered["value"])
        history = table.history.setdefault(name, {})
        for number, value, at in zip(
            entered["account_no"], values, stamps(entered["at"]), strict=True
        ):
            row = rows.get(number)
            if row is not None:
                version = {"value": value or "", "timestamp": at, **author}
                history.setdefault(row, []).insert(0, version)


def _shown(column: str, crm_ids: Mapping[Any, str]) -> Callable[["pd.Series[Any]"], Column]:
    """How HubSpot writes the values of a column."""
    match column:
        case "owner_no":
            return lambda values: owner_ids(pd.to_numeric(values).astype("Int64"))
        case "parent_no":
            return lambda values: texts(pd.to_numeric(values).map(crm_ids))
        case "arr":
            return numbers
        case _:
            return texts
