"""Data attributes of companies and contacts: those every workspace has, and its own ones.

A custom attribute must exist before a value is written. Names that differ in case are the same.
"""

import re
from typing import Any

from sandbox.vendors.intercom_http import Call, Refused, invalid
from sandbox.vendors.intercom_rows import ADMIN_ID, Row

MODELS = ("contact", "company")
MOST = 250
NAME = re.compile(r"[\w $€£¥-]+")
# By data type: what a value may be. Dates are epoch seconds.
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "float": (int, float),
    "boolean": (bool,),
    "date": (int,),
}
STANDARD = {
    "company": {
        "name": "string",
        "company_id": "string",
        "last_request_at": "date",
        "remote_created_at": "date",
        "user_count": "integer",
        "session_count": "integer",
        "monthly_spend": "float",
        "size": "integer",
        "industry": "string",
        "website": "string",
        "id": "string",
        "created_at": "date",
        "updated_at": "date",
    },
    "contact": {
        "name": "string",
        "email": "string",
        "phone": "string",
        "external_id": "string",
        "role": "string",
        "created_at": "date",
        "updated_at": "date",
        "last_seen_at": "date",
        "last_replied_at": "date",
    },
}


class Attributes:
    """Custom attributes in the order in which they were made."""

    def __init__(self, started_at: int) -> None:
        self._own: list[Row] = []
        crm_id = {"name": "crm_id", "model": "company", "data_type": "string"}
        self.add(crm_id | {"description": "The account's id in the CRM"}, started_at)

    def listed(self, call: Call) -> Row:
        model = call.text("model")
        if model is not None and model not in MODELS:
            told = (
                f"model={model} is no longer supported. Use GET /conversations/attributes instead"
            )
            raise Refused(422, "parameter_invalid", told)
        rows = [row for one in MODELS for row in _standard(one)] + self._own
        return {
            "type": "list",
            "data": [row for row in rows if model in (None, row["model"])],
        }

    def kind(self, name: str) -> str | None:
        """The data type of a company's own attribute; None where there is none of that name."""
        own = (row for row in self._own if row["model"] == "company" and row["name"] == name)
        return next((row["data_type"] for row in own), None)

    def newest(self) -> Row:
        return self._own[-1]

    def check(self, given: Row) -> None:
        """400 for what cannot be made."""
        name, model = given.get("name"), given.get("model")
        if model not in MODELS:
            raise invalid("The Data Attribute model field must be either contact or company")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise invalid(
                "Your name for this attribute must only contain alphanumeric characters, currency "
                "symbols, and hyphens"
            )
        if given.get("data_type") not in TYPES:
            raise invalid("Data Type isn't an option")
        taken = [row for row in self._own if row["name"].casefold() == name.casefold()]
        if taken:
            new, have = (one.replace("contact", "people") for one in (model, taken[0]["model"]))
            raise invalid(
                f"You already have '{taken[0]['name']}' in your {have} data. To save this as new "
                f"{new} data, use a different name."
            )
        if len(self._own) >= MOST:
            raise invalid(f"You have reached the limit of {MOST} custom attributes")

    def add(self, made: Row, at: int) -> None:
        self._own.append(
            {
                "id": len(self._own) + 1,
                "type": "data_attribute",
                "full_name": f"custom_attributes.{made['name']}",
                "label": made["name"],
                "description": "",
                "api_writable": True,
                "ui_writable": False,
                "messenger_writable": False,
                "custom": True,
                "archived": False,
                "admin_id": str(ADMIN_ID),
                "created_at": at,
                "updated_at": at,
                **made,
            }
        )


def _standard(model: str) -> list[Row]:
    return [
        {
            "type": "data_attribute",
            "name": name,
            "full_name": name,
            "label": name.replace("_", " ").capitalize(),
            "description": "",
            "data_type": kind,
            "api_writable": name in ("name", "monthly_spend", "size", "industry", "website"),
            "ui_writable": False,
            "messenger_writable": True,
            "custom": False,
            "archived": False,
            "model": model,
        }
        for name, kind in STANDARD[model].items()
    ]


def checked_value(name: str, value: Any, kind: str | None) -> None:  # noqa: ANN401 - any JSON value
    """400 for an attribute that does not exist, or a value of another type; null clears."""
    if kind is None:
        raise invalid(f"Custom attribute '{name}' does not exist")
    is_right = isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
    if value is not None and not is_right:
        raise invalid(f"Custom attribute '{name}' must be of type {kind}")
