"""A warehouse: which queries or files hold which facts, and what their columns are called there."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from include.vendor_settings.base import SourceBase, Strict

Fact = Literal[
    "usage_day", "tickets", "survey_answers", "subscriptions", "invoices", "touches", "measures"
]
# Which facts a source of each role may bring. inputs: what people in the company did or said.
FACTS: dict[str, tuple[Fact, ...]] = {
    "usage": ("usage_day",),
    "support": ("tickets", "survey_answers"),
    "billing": ("subscriptions", "invoices"),
    "inputs": ("touches", "measures"),
}
# Our columns of each fact; those before the bar are required.
COLUMNS: dict[Fact, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "usage_day": (
        ("account_key", "day"), ("user", "users", "feature", "features", "events")
    ),
    "tickets": (
        ("ticket_id", "account_key", "created_at"),
        ("status", "priority", "solved_at", "first_reply_minutes"),
    ),
    "survey_answers": (
        ("response_id", "account_key", "occurred_at", "score"),
        ("kind", "scale_low", "scale_high", "email"),
    ),
    "subscriptions": (
        ("subscription_id", "account_key", "started_at"),
        ("status", "seats", "amount", "currency", "months", "ended_at", "period_end", "trial_end"),
    ),
    "invoices": (
        ("invoice_id", "account_key", "created_at", "amount_due"),
        ("subscription_id", "status", "amount_remaining", "currency", "due_at", "paid_at",
         "closed_at", "seats", "period_start", "period_end"),
    ),
    "touches": (("touch_id", "account_key", "occurred_at"), ("kind", "is_held")),
    "measures": (("who", "when", "account", "measure", "value"), ("comment",)),
}  # fmt: skip


class Table(Strict):
    """Where one fact stands: a query, or files below the source's folder.

    columns: our name: theirs; a column that is called as we call it need not be named. cursor: a
    column that rises with every change; None: everything is read every time. Reading goes on from
    its newest value less the overlap, since rows may be committed late: overlap_minutes where it is
    a time or a day (rounded up to whole days), overlap_numbers where it is a number.
    """

    query: Annotated[str, Field(min_length=1, max_length=100_000)] | None = None
    files: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    columns: dict[str, Annotated[str, Field(min_length=1, max_length=200)]] = {}
    cursor: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    overlap_minutes: Annotated[int, Field(ge=0, le=100_000)] = 1440
    overlap_numbers: Annotated[int, Field(ge=0)] = 10_000


class Warehouse(SourceBase):
    """Facts from a database (connection) or from a folder of Parquet or CSV files (folder).

    amounts: whether amounts of money are in major units (euros) or minor ones (cents).
    time_zone of times without one: always UTC. not_features: as for every source of usage.
    """

    vendor: Literal["warehouse"]
    role: Literal["usage", "billing", "support", "inputs"]
    folder: Path | None = None
    facts: Annotated[dict[Fact, Table], Field(min_length=1)]
    amounts: Literal["major", "minor"] = "major"
    not_features: tuple[str, ...] = ()

    @model_validator(mode="after")
    def says_where_each_fact_is(self) -> Self:
        if bool(self.connection) == (self.folder is not None):
            raise ValueError("name either a connection (a database) or a folder (of files)")
        for fact, table in self.facts.items():
            self._check(fact, table)
        return self

    def _check(self, fact: Fact, table: Table) -> None:
        if fact not in FACTS[self.role]:
            roles = [role for role, facts in FACTS.items() if fact in facts]
            raise ValueError(f"{fact} is a fact of the role {roles[0]}, not of {self.role}")
        wanted, other = ("files", table.query) if self.folder else ("query", table.files)
        if other is not None or getattr(table, wanted) is None:
            place = "folder" if self.folder else "connection"
            raise ValueError(f"{fact}: with a {place}, say `{wanted}` and nothing else")
        required, optional = COLUMNS[fact]
        for name in table.columns:
            if name not in required + optional:
                known = ", ".join(required + optional)
                raise ValueError(f"{fact}: there is no column {name} of ours; it has {known}")

    def binds(self, currency: str) -> dict[str, object]:
        return {
            "not_features": list(self.not_features),
            "currency": currency,
            "is_major": self.amounts == "major",
        }
