"""What can be exported, and of which days."""

from dataclasses import dataclass, field
from typing import Literal

Span = Literal["day", "days", "now"]  # one published day, several, or as it is now


@dataclass(frozen=True, slots=True)
class Kind:
    """One table of an export.

    view: of health_bi, whose comments tell the columns. adds: columns that the view has not.
    """

    name: str
    view: str
    span: Span
    adds: dict[str, str] = field(default_factory=dict)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("accounts", "accounts_today", "day"),
        Kind("history", "history", "days"),
        Kind(
            "measures", "fact_measure", "days",
            {
                "crm": "Name of the CRM among the sources",
                "crm_id": "Id of the record in the CRM",
                "name": "Name of the account, as it is now",
                "scorecard": "The card that scored the account, with version",
                "category": "Category of the measure",
                "measure": "Name of the measure, the same across versions of a card",
                "label": "Measure, for people",
                "unit": "Unit of the reading",
                "share": "Part of a score in which everything is known, 0 to 1",
            },
        ),
        Kind("movers", "movers", "now"),
        Kind("coverage", "coverage", "now"),
        Kind("plays", "plays", "now"),
        Kind("sync", "sync_status", "now"),
    )
}  # fmt: skip
