"""Which errors are worth another try, and when: what our tasks have in common."""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryDecision, RetryRule

# Later than that, the next run is the next try. Seconds; whoever watches a run waits less.
LONGEST_S = float(os.environ.get("HEALTH_LONGEST_RETRY_S", "21600"))


class RetryWhenAsked(ExceptionRetryPolicy):
    """The rules, and the wait that a vendor asked for instead of the task's own delay."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Mapping[str, Any] | None = None,
    ) -> RetryDecision:
        decision = super().evaluate(exception, try_number, max_tries, context)  # type: ignore[arg-type] # Airflow's own
        wait_s = getattr(exception, "wait_s", None)
        if decision.action is not RetryAction.RETRY or wait_s is None:
            return decision
        return RetryDecision.retry(timedelta(seconds=min(wait_s, LONGEST_S)), decision.reason)


RETRY_WHAT_MAY_PASS = RetryWhenAsked(
    rules=[
        RetryRule(exception="include.errors.RetryLater", action=RetryAction.RETRY),
        RetryRule(exception="include.errors.HealthError", action=RetryAction.FAIL),
    ]
)
DAILY_RETRIES = {
    "retries": int(os.environ.get("HEALTH_TASK_RETRIES", "3")),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=30),
    "retry_policy": RETRY_WHAT_MAY_PASS,
}
