"""# Customer health, history

Computes past days of one scorecard from the facts at hand, months by shards of accounts, side by
side; under Celery by the workers of the queue `history`. The rows are marked `reconstructed`; what
was scored live on those days stays as it was, nothing is published and nothing is sent. A daily run
at the same time is not disturbed.

- *Dry run* says in the return value of the task `estimate` what would be done, and writes nothing.
- *Accounts*: CRM ids separated by commas, or `segment:NAME`; empty: all of them.
- *Readings*: `as known then` takes over what another scorecard read live on that day where it reads
  the same; what nobody read live comes from the facts, as it all does with `from the facts`.

After a kill or a failure, clear the red tasks, or run it all again: finished parts are found
unchanged. `health runs` shows how many parts are done. More in docs/history.md.
"""

from typing import Any

import pendulum
from airflow.sdk import Param, dag, task
from customer_health_retries import RETRY_WHAT_MAY_PASS

from include.settings import load_settings

SETTINGS = load_settings()
RUN = "{{ run_id }}"
CARDS = [path.stem for path in (*SETTINGS.scorecards, *SETTINGS.shadow_scorecards)]
READINGS = ["as known then", "from the facts"]
ASKED = {
    "first": "{{ params['from'] }}",
    "last": "{{ params['to'] }}",
    "scorecard": "{{ params['scorecard'] }}",
    "accounts": "{{ params['accounts'] or '' }}",
    "readings": "{{ params['readings'] }}",
    "dry_run": "{{ params['dry_run'] }}",
}
PART = "{{ task.op_kwargs['part']['first'] }} {{ task.op_kwargs['part']['first_account'] }}"


@dag(
    schedule=None,
    start_date=pendulum.datetime(2026, 1, 1, tz=SETTINGS.time_zone),
    max_active_runs=1,
    is_paused_upon_creation=False,
    params={
        "from": Param(None, type="string", format="date", title="First day"),
        "to": Param(None, type="string", format="date", title="Last day, included"),
        "scorecard": Param(CARDS[0], type="string", enum=CARDS, title="Scorecard"),
        "accounts": Param(None, type=["null", "string"], title="Accounts: CRM ids, segment:NAME"),
        "readings": Param(READINGS[0], type="string", enum=READINGS, title="Readings"),
        "dry_run": Param(
            default=False, type="boolean", title="Dry run: only say what would be done"
        ),
    },
    default_args={
        "owner": "customer-health",
        "retries": 2,
        "retry_exponential_backoff": 2.0,
        "retry_policy": RETRY_WHAT_MAY_PASS,
    },
    tags=["customer-health"],
    doc_md=__doc__,
)
def customer_health_backfill() -> None:
    @task
    def estimate(asked: dict[str, str]) -> dict[str, int]:
        from include import pipeline

        return pipeline.estimate(pipeline.open_job(), asked)

    @task
    def parts(run: str, asked: dict[str, str]) -> list[dict[str, Any]]:
        from include import pipeline

        return pipeline.parts(pipeline.open_job(), run, asked)

    @task(map_index_template=PART, queue="history")
    def fill(run: str, asked: dict[str, str], part: dict[str, Any]) -> dict[str, int]:
        from include import pipeline

        return pipeline.fill(pipeline.open_job(), run, asked, part)

    @task
    def close(run: str, asked: dict[str, str]) -> dict[str, int]:
        from include import pipeline

        return pipeline.close(pipeline.open_job(), run, asked)

    cut = parts(RUN, ASKED)
    estimate(ASKED) >> cut
    fill.partial(run=RUN, asked=ASKED).expand(part=cut) >> close(RUN, ASKED)


customer_health_backfill()
