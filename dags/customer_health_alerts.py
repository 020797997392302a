"""# Customer health, what people are told

Every hour: sends owners what the daily DAG found to tell, one digest an owner and day, outside of
the quiet hours of `health.yaml`; and tells operators once of a day that is not published when it is
due. What could not be sent waits for the next hour. There is no such DAG while `alerts.channel` is
null. More in docs/plays.md.
"""

import pendulum
from airflow.sdk import CronTriggerTimetable, dag, task

from include.settings import load_settings

SETTINGS = load_settings()


@dag(
    schedule=CronTriggerTimetable("5 * * * *", timezone=SETTINGS.time_zone),
    start_date=pendulum.datetime(2026, 1, 1, tz=SETTINGS.time_zone),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"owner": "customer-health"},
    tags=["customer-health"],
    doc_md=__doc__,
)
def customer_health_alerts() -> None:
    @task
    def deliver() -> dict[str, int]:
        from customer_health_couriers import courier_for

        from include import pipeline

        return pipeline.deliver(pipeline.open_job(), courier_for(SETTINGS.alerts))

    @task
    def tell_late() -> dict[str, int]:
        from customer_health_couriers import courier_for

        from include import pipeline

        return pipeline.tell_late(pipeline.open_job(), courier_for(SETTINGS.alerts))

    deliver()
    tell_late()


if SETTINGS.alerts.channel:
    customer_health_alerts()
