"""What is written into the CRM, in which fields, and when a push stops itself."""

from collections.abc import Mapping
from string import Formatter
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from include.vendor_settings import Share, Strict

FieldKey = Literal[
    "score", "band", "change", "trend", "reason", "next_step", "coverage", "floor", "ceiling",
    "as_of", "receipt",
]  # fmt: skip
WRITTEN: tuple[FieldKey, ...] = (
    "score", "band", "change", "trend", "reason", "next_step", "coverage", "floor", "ceiling",
    "as_of",
)  # fmt: skip


PUT_IN = (("record", "", None), ("day", "", None))  # into receipt_url, as they are


class CrmField(Strict):
    """What one field of the first outcome is called in the CRM; None: as the job calls it.

    name: the CRM's own name of it. dead_band: in the field's own unit.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,99}$")] | None = None
    label: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    description: Annotated[str, Field(max_length=400)] | None = None
    dead_band: Annotated[float, Field(ge=0, le=100)] | None = None


class Crm(Strict):
    """How scores are written into the CRM. dead_band is in points of the 0..100 score.

    send: whether they are; where they are not, all else goes on.
    outcomes: whose scores are written, beside the first one. receipt_url: with {record} and {day};
    needed for the field `receipt`. max_count_change_share: how far the number of accounts with a
    score may lie from what the CRM shows. max_rejected_share: of the changed records; above it the
    task fails. sample_share: of the written records, read back and compared.
    check_calls: calls a day in which other records are, those first that were not for longest.
    on_drift: what becomes of a field of ours that somebody edited. tasks: whether steps of plans
    become tasks in the CRM (docs/plays.md); it needs more permissions.
    """

    send: bool = True
    tasks: bool = False
    prefix: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*_$")] = "cs_"
    group: str = "cs_health"
    group_label: str = "Customer health"
    write: Annotated[tuple[FieldKey, ...], Field(min_length=1)] = WRITTEN
    fields: Mapping[FieldKey, CrmField] = {}
    outcomes: tuple[str, ...] = ()
    receipt_url: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=400)] | None = None
    dead_band: Annotated[float, Field(ge=0, le=20)] = 1.0
    max_band_change_share: Share = 0.3
    max_count_change_share: Share = 0.2
    max_rejected_share: Share = 0.05
    sample_share: Annotated[float, Field(ge=0, le=1)] = 0.01
    check_calls: Annotated[int, Field(ge=0, le=100_000)] = 20
    on_drift: Literal["leave", "restore"] = "leave"

    @field_validator("receipt_url")
    @classmethod
    def only_record_and_day_are_put_in(cls, url: str | None) -> str | None:
        try:
            parts = list(Formatter().parse(url or ""))
        except ValueError:
            parts = [("", "", "", None)]
        if any(name is not None and (name, *rest) not in PUT_IN for _, name, *rest in parts):
            raise ValueError("write {record} and {day} where they belong, and no other braces")
        return url

    @model_validator(mode="after")
    def a_receipt_has_an_address(self) -> "Crm":
        if "receipt" in self.write and self.receipt_url is None:
            raise ValueError("to write the field receipt, say receipt_url")
        return self
