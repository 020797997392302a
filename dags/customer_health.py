"""# Customer health, every day

Reads the CRM, support desk, billing and product analytics, checks the data, scores every customer
account from 0 to 100 and writes what changed into the CRM.

**When a task is red**, its last log line says what to do, by the kind of error:

- RetryLater: a vendor or the database did not answer. Airflow tries again by itself; clear the task
  once the vendor is back.
- FixConfig: a credential, setting or scorecard is wrong. Mend what the message names, then clear.
- RejectData: the data arrived but is not fit to publish. Look at the check report; yesterday's
  scores stay in force.

Any task may be cleared and run again, alone or with what follows: tables do not double, and nothing
is sent to the CRM twice. To re-run a day, trigger with `as_of`. A day before the newest published
one, or one of an Airflow backfill, is computed beside what was live: marked as reconstructed, not
published, not sent. More in docs/runbook.md.
"""

from typing import Any

import pendulum
from airflow.sdk import CronDataIntervalTimetable, Param, chain, dag, task
from customer_health_assets import PUBLICATION, announced
from customer_health_calendar import snapshot_date
from customer_health_pools import extraction_pools
from customer_health_retries import DAILY_RETRIES

from include.settings import load_settings

SETTINGS = load_settings()
RUN = "{{ run_id }}"
AS_OF = "{{ snapshot_date(params, data_interval_start | default(none), dag_run) }}"
ACCOUNTS = "{{ task.op_kwargs['shard']['first_account'] }}"
KIND = "{{ 'backfill' if dag_run.run_type == 'backfill' else 'daily' }}"


@dag(
    schedule=CronDataIntervalTimetable(SETTINGS.daily_schedule, timezone=SETTINGS.time_zone),
    start_date=pendulum.datetime(2026, 1, 1, tz=SETTINGS.time_zone),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    params={"as_of": Param(None, type=["null", "string"], format="date", title="Day to score")},
    default_args={"owner": "customer-health", **DAILY_RETRIES},
    user_defined_macros={"snapshot_date": snapshot_date},
    tags=["customer-health"],
    doc_md=__doc__,
)
def customer_health() -> None:
    @task(map_index_template="{{ task.op_kwargs['source'] }}")
    def extract(source: str, run: str, as_of: str, kind: str) -> dict[str, int]:
        from customer_health_connections import credentials_for

        from include import pipeline

        return pipeline.extract(
            pipeline.open_job(), run, as_of, source, credentials_for(source), kind=kind
        )

    @task
    def check_raw(run: str, as_of: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.check_raw(pipeline.open_job(), run, as_of)

    @task
    def conform(run: str, as_of: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.conform(pipeline.open_job(), run, as_of)

    @task
    def check_facts(run: str, as_of: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.check_facts(pipeline.open_job(), run, as_of)

    @task
    def roll_up(run: str, as_of: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.roll_up(pipeline.open_job(), run, as_of)

    @task
    def shards() -> list[dict[str, int]]:
        from include import pipeline

        return pipeline.shards(pipeline.open_job())

    @task(map_index_template=ACCOUNTS)
    def fill_history(run: str, as_of: str, shard: dict[str, int]) -> dict[str, int]:
        from include import pipeline

        return pipeline.fill_history(pipeline.open_job(), run, as_of, shard)

    @task(map_index_template=ACCOUNTS)
    def read(run: str, as_of: str, shard: dict[str, int]) -> dict[str, int]:
        from include import pipeline

        return pipeline.read(pipeline.open_job(), run, as_of, shard)

    @task
    def watch(run: str, as_of: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.watch(pipeline.open_job(), run, as_of)

    @task(map_index_template=ACCOUNTS)
    def score(run: str, as_of: str, shard: dict[str, int]) -> dict[str, int]:
        from include import pipeline

        return pipeline.score(pipeline.open_job(), run, as_of, shard)

    @task(outlets=[PUBLICATION])
    def publish(run: str, as_of: str, *, outlet_events: Any = None) -> dict[str, int]:  # noqa: ANN401 - Airflow's accessor
        from include import pipeline

        return announced(outlet_events, as_of, pipeline.publish(pipeline.open_job(), run, as_of))

    @task
    def settle(run: str, as_of: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.settle(pipeline.open_job(), run, as_of)

    @task
    def plan(run: str, as_of: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.plan(pipeline.open_job(), run, as_of)

    @task
    def push(run: str, as_of: str) -> dict[str, int]:
        from customer_health_connections import credentials_for

        from include import pipeline

        return pipeline.push(
            pipeline.open_job(), run, as_of, credentials_for(SETTINGS.crm_source.name)
        )

    @task
    def assign(run: str, as_of: str) -> dict[str, int]:
        from customer_health_connections import credentials_for

        from include import pipeline

        return pipeline.assign(
            pipeline.open_job(), run, as_of, credentials_for(SETTINGS.crm_source.name)
        )

    @task
    def alert(run: str, as_of: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.alert(pipeline.open_job(), run, as_of)

    @task
    def thin(run: str, as_of: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.thin(pipeline.open_job(), run, as_of)

    landed = [
        extract.override(task_id=f"extract_{vendor}", pool=pool)
        .partial(run=RUN, as_of=AS_OF, kind=KIND)
        .expand(source=names)
        for vendor, (pool, names) in extraction_pools(SETTINGS).items()
    ]
    facts = [verb(RUN, AS_OF) for verb in (check_raw, conform, check_facts, roll_up)]
    cut = shards()
    by_shard = (verb.partial(run=RUN, as_of=AS_OF) for verb in (fill_history, read, score))
    past, known, scored = (verb.expand(shard=cut) for verb in by_shard)
    shown = [verb(RUN, AS_OF) for verb in (publish, settle, plan, push)]
    if SETTINGS.crm.tasks:
        shown.append(assign(RUN, AS_OF))
    if SETTINGS.alerts.channel:
        shown.append(alert(RUN, AS_OF))
    if SETTINGS.receipts.thin_after_days or SETTINGS.retention.raw_days:
        shown.append(thin(RUN, AS_OF))
    chain(landed, *facts, cut, past, known, watch(RUN, AS_OF), scored, *shown)


customer_health()
