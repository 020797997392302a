"""The scheduler killed while the day's run is at work: the next start finishes the run."""

import os
import signal

import psycopg

from tests.end_to_end.airflow_stack import START_S, Stack, store

# Airflow notices after five minutes that nobody works on a task, and its next try waits a little.
CATCH_UP_S = 1200
RUNS = "/api/v2/dags/customer_health/dagRuns?limit=10"
COUNTS = {
    "published days": "select count(*) from health.publication",
    "scores that stand twice": "select count(*) from (select from health.snapshot "
    "where basis = 'live' group by as_of, scorecard_id, account_id having count(*) > 1) as twice",
    "records that landed twice": "select count(*) from (select from raw.record "
    "group by stream_id, record_id, digest having count(*) > 1) as twice",
    "CRM writes without an answer": "select count(*) from health.crm_write where status = 'sent'",
}


def run_of(stack):
    found = stack.ask(RUNS)["dag_runs"]
    return found[0] if found else None


def done_tasks(stack):
    """How many tasks of the run have ended well; 0 before there is a run."""
    run = run_of(stack)
    if run is None:
        return 0
    path = f"/api/v2/dags/customer_health/dagRuns/{run['dag_run_id']}/taskInstances"
    return sum(one["state"] == "success" for one in stack.ask(path)["task_instances"])


def test_the_next_start_finishes_the_day_and_nothing_is_there_twice(stack):
    scheduler = stack.part("airflow scheduler")
    stack.wait_for(lambda: stack.get("/api/v2/version").status_code == 200, START_S)
    stack.wait_for(lambda: done_tasks(stack) >= 2, START_S)
    begun = run_of(stack)
    assert begun["state"] == "running"
    os.kill(scheduler, signal.SIGKILL)
    code, left = stack.ended()
    assert (code, left) == (75, set())

    again = Stack()
    try:
        again.part("airflow scheduler")
        again.wait_for(lambda: again.get("/api/v2/version").status_code == 200, START_S)
        again.wait_for(lambda: run_of(again)["state"] in ("success", "failed"), CATCH_UP_S)
        ended = run_of(again)
        assert (ended["dag_run_id"], ended["state"]) == (begun["dag_run_id"], "success")
        with psycopg.connect(store()) as connection:
            found = {what: connection.execute(sql).fetchone()[0] for what, sql in COUNTS.items()}
        assert found == dict.fromkeys(COUNTS, 0) | {"published days": 1}
    finally:
        again.stop(signal.SIGTERM)
