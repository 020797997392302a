"""Which errors are worth another try, by their names: what our tasks have in common."""

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

RETRY_WHAT_MAY_PASS = ExceptionRetryPolicy(
    rules=[
        RetryRule(exception="include.errors.RetryLater", action=RetryAction.RETRY),
        RetryRule(exception="include.errors.HealthError", action=RetryAction.FAIL),
    ]
)
