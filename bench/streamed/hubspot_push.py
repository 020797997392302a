"""What the job writes into a streamed HubSpot: properties of its own, and their values by company.

It is the one thing that is kept, so that it can be read back and shows up among the next day's
changes.
"""

from typing import Any

import numpy as np
import orjson

from sandbox.vendors.hubspot_catalog import CUSTOM, CUSTOM_GROUP, DEFINED, GROUPS
from sandbox.vendors.hubspot_http import Call, Refused, inputs_of, not_found
from sandbox.vendors.hubspot_schema import definition
from sandbox.vendors.hubspot_values import Invalid, to_stored

MODIFIED = ("hs_lastmodifieddate", "Last Modified Date", "datetime", "date", "r")
PLAIN = definition(("", "", "string", "text", ""), "", custom=True)


class Written:
    """at: when each company was last written to, epoch seconds, 0: never."""

    def __init__(self, companies: int) -> None:
        self.at = np.zeros(companies, np.int64)
        self._values: dict[int, bytes] = {}  # by place, as JSON
        self._groups = dict((GROUPS["companies"], CUSTOM_GROUP))
        own = [definition(row, GROUPS["companies"][0]) for row in (MODIFIED, *DEFINED["companies"])]
        own += [definition(row, CUSTOM_GROUP[0], custom=True) for row in CUSTOM]
        self._properties = {one["name"]: one for one in own}

    def values(self, place: int) -> dict[str, str]:
        found: dict[str, str] = orjson.loads(self._values.get(place, b"{}"))
        return found

    def keep(self, place: int, values: dict[str, str], at: int) -> None:
        self._values[place] = orjson.dumps(self.values(place) | values)
        self.at[place] = at

    def stored(self, given: dict[str, Any]) -> dict[str, str]:
        """The texts that are kept for written values; 400 for one that HubSpot would refuse."""
        try:
            return {name: to_stored(self._properties[name], value) for name, value in given.items()}
        except (Invalid, KeyError) as error:
            raise Refused(400, f"Property values were not valid: {error}") from error

    def define(self, call: Call, below: str) -> tuple[int, Any]:
        """The answers of the properties API; below: the path behind that of the companies'."""
        asked = f"{call.method} {below}"
        if asked == "GET ":
            return 200, {"results": [] if call.flag("archived") else [*self._properties.values()]}
        if asked == "GET /groups":
            return 200, {"results": [_group(*one) for one in self._groups.items()]}
        if asked == "POST /groups":
            made = call.json()
            self._groups[made["name"]] = made["label"]
            return 201, _group(made["name"], made["label"])
        if asked == "POST /batch/create":
            made = {one["name"]: PLAIN | one for one in inputs_of(call.json(), 100)}
            self._properties |= made
            return 201, {"status": "COMPLETE", "results": [*made.values()]}
        raise not_found()


def _group(name: str, label: str) -> dict[str, Any]:
    return {"name": name, "label": label, "displayOrder": -1, "archived": False}
