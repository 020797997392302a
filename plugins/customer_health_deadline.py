"""What happens when a day's run has not ended in time: an error in the triggerer's log.

Deadline alerts are marked experimental in Airflow 3.3 (checked Nov 2026). They need a triggerer and
a scheduler at work: `health doctor --max-age` finds out without either.
"""

import logging
import os
from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

# From when the run is queued; vendors that are down are waited for meanwhile.
LATE_AFTER_H = float(os.environ.get("HEALTH_LATE_AFTER_HOURS", "6"))
log = logging.getLogger("customer_health")


async def say_late(**told: Any) -> None:  # noqa: ANN401 - Airflow awaits it
    """Log one line. told: `context`, with the run as Airflow's interface describes it."""
    run = (told.get("context") or {}).get("dag_run") or {}
    log.error(
        "late=%s hours=%g: the day is not published in time; see the red task, or `health doctor`",
        run.get("run_id", "unknown"), LATE_AFTER_H,
    )  # fmt: skip


IN_TIME = DeadlineAlert(
    reference=DeadlineReference.DAGRUN_QUEUED_AT,
    interval=timedelta(hours=LATE_AFTER_H),
    callback=AsyncCallback(say_late),
)
