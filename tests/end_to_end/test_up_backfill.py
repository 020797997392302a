"""Past days by Airflow's own backfill of the daily DAG and by ours, under a real scheduler."""

from datetime import timedelta

import psycopg

from tests.end_to_end.airflow_stack import store

DAILY, HISTORY = "customer_health", "customer_health_backfill"
ROWS = """
select as_of, account_id, revision, digest from health.{table}
where basis = 'reconstructed' and as_of between %s and %s order by 1, 2, 3
"""


def rows_of(days):
    with psycopg.connect(store()) as connection:
        return [
            connection.execute(ROWS.format(table=table), days).fetchall()
            for table in ("reading", "snapshot")
        ]


def states_of(runs):
    return [run["state"] for run in runs]


def test_airflow_s_own_backfill_and_ours_give_the_same_rows(up):
    assert states_of(up.wait_for_runs(DAILY, "scheduled", 1)) == ["success"]
    with psycopg.connect(store()) as connection:
        newest = connection.execute("select max(as_of) from health.publication").fetchone()[0]
        days = (newest - timedelta(days=2), newest - timedelta(days=1))
        filled = rows_of(days)
        for table in ("reading", "snapshot"):
            connection.execute(f"delete from health.{table} where as_of between %s and %s", days)
    assert rows_of(days) == [[], []]

    up.send("/api/v2/backfills", {
        "dag_id": DAILY, "from_date": f"{days[0]}T00:00:00Z", "to_date": f"{days[1]}T23:59:59Z",
        "run_backwards": True, "max_active_runs": 1, "dag_run_conf": {},
    })  # fmt: skip
    assert states_of(up.wait_for_runs(DAILY, "backfill", 2)) == ["success"] * 2
    by_airflow = rows_of(days)
    assert len(by_airflow[1]) > 20
    assert [len(rows) for rows in by_airflow] == [len(rows) for rows in filled]

    up.send(f"/api/v2/dags/{HISTORY}/dagRuns", {
        "logical_date": None,
        "conf": {"from": str(days[0]), "to": str(days[1]), "scorecard": "retention.v1"},
    })  # fmt: skip
    assert states_of(up.wait_for_runs(HISTORY, "manual", 1)) == ["success"]
    assert rows_of(days) == by_airflow, "our own backfill finds every row as it is"
    with psycopg.connect(store()) as connection:
        published = connection.execute("select as_of from health.publication").fetchall()
        kinds = connection.execute("select kind, as_of from health.run order by 1, 2").fetchall()
    assert published == [(newest,)], "no day of a backfill is published"
    assert kinds == [("backfill", days[0]), ("backfill", days[1]), ("backfill", days[1]),
                     ("daily", newest)]  # fmt: skip
