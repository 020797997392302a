"""Salesforce's accounts as the push sees them.

A custom field is there for nobody until field-level security grants it, so each is granted by one
permission set of ours, which the running user gets assigned. Few changes travel by collections,
which answer at once; many by bulk jobs, which take far fewer of the org's calls.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from include.crm.catalogue import Field
from include.crm.desk import Answer, Client, Jobs, Lacking, Shown
from include.crm.parcels import Parcel, Verdict
from include.crm.salesforce.answers import by_job, first_error, judge, over_limit
from include.crm.salesforce.definitions import (
    OBJECT,
    is_ours,
    name_of,
    problem_of,
    to_metadata,
)
from include.crm.salesforce.jobs import CALLS, ROWS, BulkJobs
from include.crm.salesforce.line import Line
from include.crm.salesforce.lines import Results
from include.crm.salesforce.wire import BATCH, PAGE, Accounts
from include.errors import FixConfig, RetryLater

log = logging.getLogger("customer_health")
PERMISSION_SET = "Customer_Health_Job"
OUR_SET = "SELECT Id FROM PermissionSet WHERE Name = 'Customer_Health_Job'"
ASSIGNED = (
    "SELECT Id FROM PermissionSetAssignment"
    " WHERE PermissionSetId = '{set}' AND AssigneeId = '{user}'"
)
SET_LABEL = "Customer health job"
EXISTS = ("DUPLICATE_DEVELOPER_NAME", "DUPLICATE_VALUE")


@dataclass(frozen=True, slots=True)
class Bulk:
    """above: more changes than that go by jobs. patience_s: of one job. noted: those at work."""

    above: int
    patience_s: float
    noted: Jobs


class SalesforceDesk:
    """One org. The client counts calls against the org's 24 hours."""

    vendor = "Salesforce"
    page = PAGE

    def __init__(self, calls: Client, bulk: Bulk) -> None:
        self._line = Line(calls)
        self._accounts = Accounts(self._line)
        self._jobs = BulkJobs(self._line, bulk.noted, bulk.patience_s)
        self._bulk_above = bulk.above

    @property
    def writes(self) -> int:
        return self._line.writes

    @property
    def reads(self) -> int:
        return self._line.reads

    def hold(self, seconds: float) -> None:
        self._line.hold(seconds)

    def batch_for(self, changes: int) -> int:
        return batch_for(changes, self._bulk_above)

    @staticmethod
    def name_of(ours: str) -> str:
        return name_of(ours)

    def lacking(self, fields: Sequence[Field]) -> Lacking:
        """Two reads: the fields that this user sees, and who made them, with those it does not."""
        seen = self._accounts.describe()
        unseen = [field for field in fields if field.name not in seen]
        standing = self._standing(needed=bool(unseen))
        missing = tuple(field for field in unseen if field.name not in standing)
        hidden = tuple(
            field
            for field in fields
            if field not in missing and not seen.get(field.name, {}).get("updateable")
        )
        problems = [problem_of(field, seen[field.name]) for field in fields if field.name in seen]
        problems += [
            f"Salesforce has a field {field.name} on Account that somebody else made."
            for field in fields
            if not is_ours(standing.get(field.name, field.description))
        ]
        steps = [f"create the field {OBJECT}.{field.name} ({field.label})" for field in missing]
        steps += [
            f"let the permission set {PERMISSION_SET} edit {field.name}"
            for field in (*missing, *hidden)
        ]
        return Lacking(missing, hidden, tuple(filter(None, problems)), tuple(steps))

    def make(self, lacking: Lacking) -> None:
        """Create fields, then let our permission set, and with it the running user, edit them."""
        for field in lacking.missing:
            answer = self._accounts.create_field(field.name, to_metadata(field))
            self._check(answer, f"the field {field.name}")
        self._grant([*lacking.missing, *lacking.short])
        seen = self._accounts.describe()
        unseen = [
            field.name
            for field in (*lacking.missing, *lacking.short)
            if not seen.get(field.name, {}).get("updateable")
        ]
        if unseen:
            raise FixConfig(
                f"Salesforce does not let this user edit {', '.join(unseen)} on Account, though"
                f" the permission set {PERMISSION_SET} grants it: look at the user's licence."
            )

    def exchange(self, parcel: Parcel, *, may_split: bool) -> Verdict:
        if len(parcel.rows) > BATCH:
            return self._exchange_by_job(parcel)
        return judge(parcel, self._accounts.update(parcel.rows), may_split=may_split)

    def end_earlier(self) -> None:
        self._jobs.end_earlier()

    def read(self, record_ids: Collection[str], names: Collection[str]) -> Shown:
        return self._accounts.read(record_ids, names)

    def _exchange_by_job(self, parcel: Parcel) -> Verdict:
        """What a job does not settle goes by collections; so does all where none is made."""
        results = self._jobs.update(parcel.rows)
        if isinstance(results, Results):
            verdict = by_job(parcel, results, self._shown(parcel, results))
        else:
            code, words = first_error(results.body)
            if code == "REQUEST_LIMIT_EXCEEDED":
                return over_limit(parcel, words)
            log.info("Salesforce makes no bulk job (%s); the records go by collections", code)
            verdict = Verdict(again=[parcel])
        verdict.again = [part for rest in verdict.again for part in _in_collections(rest)]
        return verdict

    def _shown(self, parcel: Parcel, results: Results) -> Shown:
        """Read the records that results do not name; an error here says nothing of the job."""
        named = {*results.written, *results.refused}
        unnamed = [row.change for row in parcel.rows if row.change.record_id not in named]
        names = {name for change in unnamed for name in change.new}
        try:
            return self.read([change.record_id for change in unnamed], names) if unnamed else {}
        except FixConfig as error:
            raise RetryLater(str(error)) from error

    def _standing(self, *, needed: bool) -> Mapping[str, str]:
        """Return all custom fields with their descriptions; none where this user may not look.

        needed: then that is an error, since a field that is there could not be told from one that
        is not.
        """
        try:
            return self._accounts.custom_fields()
        except FixConfig as error:
            if not needed:
                return {}
            raise FixConfig(
                "Salesforce does not show this user all of our fields of Account, nor who made"
                f" them. Give it the permission set {PERMISSION_SET}, or let somebody who may make"
                f" fields run `health crm provision --apply`: docs/crm.md. ({error})"
            ) from error

    def _grant(self, fields: Sequence[Field]) -> None:
        if not fields:
            return
        permission_set = self._permission_set()
        for field in fields:
            answer = self._accounts.insert(
                "FieldPermissions",
                {
                    "ParentId": permission_set, "SobjectType": OBJECT,
                    "Field": f"{OBJECT}.{field.name}",
                    "PermissionsRead": True, "PermissionsEdit": True,
                },
            )  # fmt: skip
            self._check(answer, f"permission to edit {field.name}")

    def _permission_set(self) -> str:
        """Return the id of our permission set, made and assigned to the running user if need be."""
        accounts = self._accounts
        if not accounts.select(OUR_SET):
            answer = accounts.insert("PermissionSet", {"Name": PERMISSION_SET, "Label": SET_LABEL})
            self._check(answer, f"the permission set {PERMISSION_SET}")
        found = str(accounts.select(OUR_SET)[0]["Id"])
        user = accounts.user_id()
        assigned = accounts.select(ASSIGNED.format(set=found, user=user))
        if not assigned:
            answer = accounts.insert(
                "PermissionSetAssignment", {"PermissionSetId": found, "AssigneeId": user}
            )
            self._check(answer, f"the assignment of {PERMISSION_SET}")
        return found

    @staticmethod
    def _check(answer: Answer, what: str) -> None:
        """Two runs at once, or a lost answer, end in "exists already", which is no error."""
        code, words = first_error(answer.body)
        if answer.status == 400 and code not in EXISTS:
            raise FixConfig(f"Salesforce refused {what}: {code}: {words}.")


def batch_for(changes: int, bulk_above: int) -> int:
    return ROWS if changes > bulk_above else BATCH


def calls_for(changes: int, bulk_above: int) -> int:
    """Return how many calls that write so many changes take, at least."""
    size = batch_for(changes, bulk_above)
    return -(-changes // size) * (CALLS if size == ROWS else 1)


def _in_collections(parcel: Parcel) -> list[Parcel]:
    starts = range(0, len(parcel.rows), BATCH)
    return [replace(parcel, rows=parcel.rows[start : start + BATCH]) for start in starts]
