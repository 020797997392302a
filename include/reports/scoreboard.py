"""How often people were right to overrule a score, by what became of the accounts."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from include.scoring.overruling import Judged, Tally, tally
from include.warehouse.database import query


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """Overrides judged by the outcomes within `horizon` days.

    others, others_badly: accounts that nobody overrode, once for each first day of an override
    that lowers and whose horizon is over; and how many of them churned or contracted within it.
    """

    horizon: int
    overrides: list[dict[str, Any]]
    tallies: list[Tally]
    others: int
    others_badly: int

    @property
    def comparison(self) -> str:
        """What a lowering override has to beat, in a sentence."""
        if not self.others:
            return "There are no other accounts yet to compare with."
        return (
            f"Of accounts that nobody overrode, {self.others_badly / self.others:.1%} churned or "
            f"contracted within {self.horizon} days of the same first days ({self.others:,} "
            "compared): overrides that lower a score are worth something above that."
        )

    def plain(self) -> dict[str, Any]:
        """Return it as data, the comparison in words as well."""
        return asdict(self) | {"comparison": self.comparison}


def load_scoreboard(
    connection: Connection, *, horizon: int, scorecard: str | None = None
) -> Scoreboard:
    """Judge every override, of one scorecard (by name) or of all, as outcomes are known today."""
    binds = {"horizon": horizon, "scorecard": scorecard}
    rows = [
        dict(row) for row in connection.execute(query("overrides/scoreboard"), binds).mappings()
    ]
    names = ("author", "reason", "is_raise", "went_badly", "is_over")
    judged = [Judged(**{name: row[name] for name in names}) for row in rows]
    first_days = {row["valid_from"] for row in rows if row["is_over"] and not row["is_raise"]}
    others = connection.execute(
        query("overrides/base_rate"), {"horizon": horizon, "first_days": sorted(first_days)}
    ).one()
    verdicts = [one.is_right for one in judged]
    return Scoreboard(
        horizon,
        [{**row, "is_right": right} for row, right in zip(rows, verdicts, strict=True)],
        tally(judged),
        others.accounts,
        others.went_badly,
    )
