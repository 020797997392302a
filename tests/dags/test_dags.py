import ast
import itertools
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ORDER = [
    "extract", "check_raw", "conform", "check_facts", "roll_up", "fill_history", "read", "score",
    "publish", "push",
]  # fmt: skip


def test_these_dags_exist_and_no_others(dags):
    assert set(dags) == {"customer_health", "customer_health_backfill"}


def test_the_daily_tasks_run_one_after_the_other(dags):
    dag = dags["customer_health"]
    assert [task.task_id for task in dag.topological_sort()] == ORDER
    for before, after in itertools.pairwise(ORDER):
        assert dag.get_task(after).upstream_task_ids == {before}


def test_the_daily_run_covers_a_day_and_never_runs_twice_at_once(dags):
    dag = dags["customer_health"]
    assert type(dag.timetable).__name__ == "CronDataIntervalTimetable"
    assert dag.max_active_runs == 1
    assert not dag.catchup


def test_extraction_is_mapped_over_the_sources_of_the_settings(dags):
    from include.settings import load_settings

    mapped = dags["customer_health"].get_task("extract")
    names = [source.name for source in load_settings().sources]
    assert mapped.op_kwargs_expand_input.value["source"] == names


def test_every_task_knows_which_errors_are_worth_another_try(dags):
    for task in dags["customer_health"].tasks:
        policy = task.partial_kwargs["retry_policy"] if task.is_mapped else task.retry_policy
        verdicts = {rule.exception: rule.action.name for rule in policy.rules}
        assert verdicts == {
            "include.errors.RetryLater": "RETRY",
            "include.errors.HealthError": "FAIL",
        }


def test_every_dag_has_an_owner_a_tag_and_a_runbook(dags):
    for dag in dags.values():
        assert dag.owner == "customer-health"
        assert "customer-health" in dag.tags
        assert len(dag.doc_md) > 200


def test_the_backfill_reads_months_side_by_side_and_scores_them_after(dags):
    dag = dags["customer_health_backfill"]
    assert dag.get_task("score").upstream_task_ids == {"read"}
    assert dag.get_task("read").upstream_task_ids == {"months"}
    assert set(dag.params) == {"from", "to", "scorecard"}


def test_task_bodies_import_and_return_one_call():
    bodies = 0
    for file in (ROOT / "dags").glob("customer_health*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and any(
                "task" in ast.unparse(decorator) for decorator in node.decorator_list
            ):
                *imports, last = node.body
                assert all(isinstance(line, ast.ImportFrom) for line in imports), node.name
                assert isinstance(last, ast.Return), node.name
                assert isinstance(last.value, ast.Call), node.name
                bodies += 1
    assert bodies == len(ORDER) + 3


def test_dag_files_fit_on_a_screen_or_two():
    files = list((ROOT / "dags").glob("customer_health*.py"))
    assert len(files) == 2
    for file in files:
        assert len(file.read_text().splitlines()) <= 150, file


def test_parsing_the_dags_loads_nothing_heavy(airflow_home):
    show = (
        "import sys; sys.path[:0] = ['plugins', '.'];"
        "import dags.customer_health, dags.customer_health_backfill; print(*sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", show], capture_output=True, text=True, check=True, cwd=ROOT,
        env=os.environ,
    )  # fmt: skip
    assert not {"pandas", "great_expectations", "numpy"} & set(run.stdout.split())
