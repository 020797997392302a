"""# Customer health, history

Computes past days from the facts at hand: a range of days for one scorecard, month by month. The
rows are marked `reconstructed`; what was scored live on those days stays as it was. A daily run at
the same time is not disturbed. Run it again after a kill: finished days are found unchanged.
"""

import pendulum
from airflow.sdk import Param, dag, task

from include.settings import load_settings

SETTINGS = load_settings()
RUN = "{{ run_id }}"
CARDS = [path.stem for path in SETTINGS.scorecards]


@dag(
    schedule=None,
    start_date=pendulum.datetime(2026, 1, 1, tz=SETTINGS.time_zone),
    max_active_runs=1,
    is_paused_upon_creation=False,
    params={
        "from": Param(None, type="string", format="date", title="First day"),
        "to": Param(None, type="string", format="date", title="Last day, included"),
        "scorecard": Param(CARDS[0], type="string", enum=CARDS, title="Scorecard"),
    },
    default_args={"owner": "customer-health", "retries": 2},
    tags=["customer-health"],
    doc_md=__doc__,
)
def customer_health_backfill() -> None:
    @task
    def months(first: str, last: str) -> list[dict[str, str]]:
        from include import pipeline

        return pipeline.months(first, last)

    @task(map_index_template="{{ task.op_kwargs['month']['first'] }}")
    def read(run: str, month: dict[str, str], scorecard: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.read_range(
            pipeline.open_job(), run, month["first"], month["last"], scorecard
        )

    @task
    def score(run: str, first: str, last: str, scorecard: str) -> dict[str, int]:
        from include import pipeline

        return pipeline.score_range(pipeline.open_job(), run, first, last, scorecard)

    first, last, card = ("{{ params['" + name + "'] }}" for name in ("from", "to", "scorecard"))
    computed = read.partial(run=RUN, scorecard=card).expand(month=months(first, last))
    computed >> score(RUN, first, last, card)


customer_health_backfill()
