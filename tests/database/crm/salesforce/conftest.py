"""The push into Salesforce, and what an administrator does to the org meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from include.crm.catalogue import Field, catalogue_of
from include.crm.provision import provision
from sandbox.serve import Sandbox
from tests.database.crm.conftest import on_salesforce
from tests.database.crm.desks import OnSalesforce

SET = "Customer_Health_Job"
GRANTED = "SELECT Id, Field, PermissionsEdit FROM FieldPermissions"


@pytest.fixture
def desk(store: Engine, sandbox: Sandbox) -> OnSalesforce:
    """Accounts without any field of ours, and a store without any score."""
    return on_salesforce(store, sandbox)


@dataclass
class Admin:
    """Somebody who may change the org, by the same API."""

    desk: OnSalesforce

    def make_field(self, name: str, kind: str = "Number", **more: Any) -> None:
        """Make a field that nobody sees yet."""
        forms = {
            "Number": {"precision": 5, "scale": 1},
            "Text": {"length": 80},
        }
        metadata = {"label": name, "type": kind, **forms[kind], **more}
        body = {"FullName": f"Account.{name}", "Metadata": metadata}
        self._post("/tooling/sobjects/CustomField", body)

    def show(self, name: str, *, may_edit: bool = True) -> None:
        """Let everybody with the profile of the job's user see a field."""
        (profile,) = self.select("SELECT Id FROM PermissionSet WHERE IsOwnedByProfile = true")
        self.grant(profile["Id"], name, may_edit=may_edit)

    def grant(self, parent: str, name: str, *, may_edit: bool = True) -> None:
        body = {
            "ParentId": parent, "SobjectType": "Account", "Field": f"Account.{name}",
            "PermissionsRead": True, "PermissionsEdit": may_edit,
        }  # fmt: skip
        self._post("/sobjects/FieldPermissions", body)

    def hide(self, name: str) -> None:
        """Take field-level security of a field away."""
        for row in self._grants(name):
            self.desk.client.call("DELETE", f"/sobjects/FieldPermissions/{row}", accept=(204,))

    def lock(self, name: str) -> None:
        """Let nobody write a field; all still see it."""
        for row in self._grants(name):
            body = {"PermissionsEdit": False}
            path = f"/sobjects/FieldPermissions/{row}"
            self.desk.client.call("PATCH", path, json=body, accept=(204,))

    def fields(self) -> dict[str, dict[str, Any]]:
        """What describe shows of fields with our prefix."""
        shown = self.desk.client.get("/sobjects/Account/describe")["fields"]
        return {row["name"]: row for row in shown if row["name"].startswith("CS_Health")}

    def select(self, soql: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.desk.client.get("/query", {"q": soql})["records"]
        return rows

    def _grants(self, name: str) -> Iterator[str]:
        rows = self.select(GRANTED)
        return (row["Id"] for row in rows if row["Field"] == f"Account.{name}")

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self.desk.client.call("POST", path, json=body, accept=(201,))


@pytest.fixture
def admin(desk: OnSalesforce) -> Admin:
    return Admin(desk)


@pytest.fixture
def fields(desk: OnSalesforce) -> tuple[Field, ...]:
    """The ten fields that the job writes."""
    return catalogue_of(desk.settings.crm, None, desk.words, desk.name).fields


@pytest.fixture
def make(desk: OnSalesforce, fields: tuple[Field, ...]) -> Any:
    """Provision; make() or make(client)."""

    def run(client: Any = None) -> Any:
        return provision(desk.engine, desk.crm(client), desk.source, fields)

    return run
