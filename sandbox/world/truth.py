"""The answer key as a file, for judging scores later: never read by the job itself."""

from pathlib import Path

import numpy as np
import pandas as pd

from sandbox.world.model import World


def export_truth(world: World, path: Path) -> int:
    """Write a CSV with one row an account and day under contract; return how many rows.

    Columns: crm_id, account_no, day, satisfaction and hazard (0 to 1), and what happened on that
    day in `outcome` (kinds joined by +) and `amount_minor` (change of ARR, in `currency`), empty
    on days without. Outcomes of days without truth are rows of their own: churn falls on the first
    day after the contract, and a world made from tables has outcomes only.
    """
    by_day = world["outcomes"].rename(columns={"on": "day"}).groupby(["account_no", "day"])
    outcomes = by_day.agg(
        outcome=("kind", "+".join),
        amount_minor=("amount_minor", "sum"),
        currency=("currency", "first"),
    ).reset_index()
    rows = world["truth"].merge(outcomes, on=["account_no", "day"], how="outer")
    rows = rows.sort_values(["account_no", "day"])
    crm_ids = world["accounts"].set_index("account_no")["crm_id"]
    rows.insert(0, "crm_id", rows["account_no"].map(crm_ids))
    rows["amount_minor"] = rows["amount_minor"].astype("Int64")
    rows["day"] = np.datetime_as_string(rows["day"].to_numpy("datetime64[D]"))
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_csv(path, index=False, float_format="%.6f")
    return len(rows)
