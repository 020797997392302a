"""Past days by Airflow's own backfill of the daily DAG and by ours, under a real scheduler."""

from datetime import timedelta

import psycopg

from tests.end_to_end.test_up import RUN_S, state, store, up

__all__ = ["state", "up"]
DAILY, HISTORY = "customer_health", "customer_health_backfill"
ROWS = """
select as_of, account_id, revision, digest from health.{table}
where basis = 'reconstructed' and as_of between %s and %s order by 1, 2, 3
"""


def send(up, path, body):
    """Post to Airflow's interface as the user that we were told of."""
    import json

    from tests.end_to_end.test_up import STATE

    password = json.loads((STATE / "airflow" / "passwords.json").read_text())["admin"]
    place = f"http://127.0.0.1:{up.port}"
    told = {"username": "admin", "password": password}
    token = up.session.post(f"{place}/auth/token", json=told, timeout=30).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = up.session.post(f"{place}{path}", json=body, headers=headers, timeout=60)
    assert answer.status_code < 300, answer.text
    return answer.json()


def wait_for_runs(up, dag, run_type, count):
    """Wait until so many runs of a kind have ended, and return their states."""

    def ended():
        runs = up.ask(f"/api/v2/dags/{dag}/dagRuns?limit=100")["dag_runs"]
        ours = [run["state"] for run in runs if run["run_type"] == run_type]
        return ours if len(ours) == count and set(ours) <= {"success", "failed"} else None

    return up.wait_for(ended, RUN_S)


def rows_of(days):
    with psycopg.connect(store()) as connection:
        return [
            connection.execute(ROWS.format(table=table), days).fetchall()
            for table in ("reading", "snapshot")
        ]


def test_airflow_s_own_backfill_and_ours_give_the_same_rows(up):
    assert wait_for_runs(up, DAILY, "scheduled", 1) == ["success"]
    with psycopg.connect(store()) as connection:
        newest = connection.execute("select max(as_of) from health.publication").fetchone()[0]
        days = (newest - timedelta(days=2), newest - timedelta(days=1))
        filled = rows_of(days)
        for table in ("reading", "snapshot"):
            connection.execute(f"delete from health.{table} where as_of between %s and %s", days)
    assert rows_of(days) == [[], []]

    send(up, "/api/v2/backfills", {
        "dag_id": DAILY, "from_date": f"{days[0]}T00:00:00Z", "to_date": f"{days[1]}T23:59:59Z",
        "run_backwards": True, "max_active_runs": 1, "dag_run_conf": {},
    })  # fmt: skip
    assert wait_for_runs(up, DAILY, "backfill", 2) == ["success"] * 2
    by_airflow = rows_of(days)
    assert len(by_airflow[1]) > 20
    assert [len(rows) for rows in by_airflow] == [len(rows) for rows in filled]

    send(up, f"/api/v2/dags/{HISTORY}/dagRuns", {
        "logical_date": None,
        "conf": {"from": str(days[0]), "to": str(days[1]), "scorecard": "retention.v1"},
    })  # fmt: skip
    assert wait_for_runs(up, HISTORY, "manual", 1) == ["success"]
    assert rows_of(days) == by_airflow, "our own backfill finds every row as it is"
    with psycopg.connect(store()) as connection:
        published = connection.execute("select as_of from health.publication").fetchall()
        kinds = connection.execute("select kind, as_of from health.run order by 1, 2").fetchall()
    assert published == [(newest,)], "no day of a backfill is published"
    assert kinds == [("backfill", days[0]), ("backfill", days[1]), ("backfill", days[1]),
                     ("daily", newest)]  # fmt: skip
