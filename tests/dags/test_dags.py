import ast
import itertools
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from include.errors import FixConfig, RetryLater
from include.settings import load_settings

ROOT = Path(__file__).parents[2]
EXTRACTS = ["extract_hubspot", "extract_zendesk", "extract_stripe", "extract_posthog"]
ORDER = [
    "check_raw", "conform", "check_facts", "roll_up", "shards", "fill_history", "read",
    "watch", "score", "publish", "settle", "plan", "push",
]  # fmt: skip
MAPPED = ("fill_history", "read", "score")


def test_these_dags_exist_and_no_others(dags):
    assert set(dags) == {"customer_health", "customer_health_backfill"}


def test_the_daily_tasks_run_one_after_the_other(dags):
    dag = dags["customer_health"]
    tasks = [task.task_id for task in dag.topological_sort()]
    assert sorted(tasks[: len(EXTRACTS)]) == sorted(EXTRACTS)
    assert tasks[len(EXTRACTS) :] == ORDER
    assert dag.get_task(ORDER[0]).upstream_task_ids == set(EXTRACTS)
    for before, after in itertools.pairwise(ORDER):
        cut = {"shards"} if after in MAPPED else set()
        assert dag.get_task(after).upstream_task_ids == {before} | cut


def test_the_daily_run_covers_a_day_and_never_runs_twice_at_once(dags):
    dag = dags["customer_health"]
    assert type(dag.timetable).__name__ == "CronDataIntervalTimetable"
    assert dag.max_active_runs == 1
    assert not dag.catchup


def test_001_01_health_is_measured_every_day(dags):
    expression = dags["customer_health"].timetable.expression
    minute, hour, *days = expression.split()
    assert (minute.isdigit(), hour.isdigit(), days) == (True, True, ["*", "*", "*"])
    assert expression == load_settings().daily_schedule


def test_each_vendor_is_extracted_by_one_reader_at_a_time(dags):
    pools = json.loads((ROOT / "config" / "pools.json").read_text())
    for source in load_settings().sources:
        mapped = dags["customer_health"].get_task(f"extract_{source.vendor}")
        assert source.name in mapped.op_kwargs_expand_input.value["source"]
        assert mapped.partial_kwargs["pool"] == f"extract_{source.vendor}"
        assert pools[f"extract_{source.vendor}"]["slots"] == 1


def test_every_vendor_that_can_be_named_has_its_pool():
    from typing import get_args

    from include.vendor_settings import Source
    from include.vendor_settings.base import ApiSource

    pools = json.loads((ROOT / "config" / "pools.json").read_text())
    vendors = {
        get_args(model.model_fields["vendor"].annotation)[0]
        for model in get_args(get_args(Source)[0])
        if issubclass(model, ApiSource)
    }
    assert {f"extract_{vendor}" for vendor in vendors} <= set(pools)


def test_sources_of_one_vendor_share_its_pool(airflow_home):
    from customer_health_pools import extraction_pools

    settings = load_settings()
    desk = settings.source("zendesk")
    both = settings.model_copy(
        update={"sources": (desk, desk.model_copy(update={"name": "zendesk_eu"}))}
    )
    assert extraction_pools(both) == {"zendesk": ("extract_zendesk", ["zendesk", "zendesk_eu"])}


def test_every_task_knows_which_errors_are_worth_another_try(dags):
    for task in [task for dag in dags.values() for task in dag.tasks]:
        policy = task.partial_kwargs["retry_policy"] if task.is_mapped else task.retry_policy
        verdicts = {rule.exception: rule.action.name for rule in policy.rules}
        assert verdicts == {
            "include.errors.RetryLater": "RETRY",
            "include.errors.HealthError": "FAIL",
        }


@pytest.mark.parametrize(
    ("error", "action", "delay"),
    [
        (RetryLater("one"), "RETRY", None),
        (RetryLater("one", wait_s=600), "RETRY", timedelta(minutes=10)),
        (RetryLater("one", wait_s=86_400), "RETRY", timedelta(hours=6)),
        (FixConfig("one"), "FAIL", None),
        (KeyError("one"), "DEFAULT", None),
    ],
)
def test_the_next_try_comes_when_the_vendor_asked_for_it(dags, error, action, delay):
    policy = dags["customer_health"].get_task("conform").retry_policy
    decision = policy.evaluate(error, 1, 3)
    assert (decision.action.name, decision.retry_delay) == (action, delay)


def test_every_dag_has_an_owner_a_tag_and_a_runbook(dags):
    for dag in dags.values():
        assert dag.owner == "customer-health"
        assert "customer-health" in dag.tags
        assert len(dag.doc_md) > 200


def test_readings_and_scores_are_mapped_over_shards(dags):
    for name in MAPPED:
        mapped = dags["customer_health"].get_task(name)
        assert mapped.op_kwargs_expand_input.value["shard"].operator.task_id == "shards"


def test_a_run_of_an_airflow_backfill_is_entered_as_one(dags):
    from jinja2 import Template

    kind = dags["customer_health"].get_task(EXTRACTS[0]).partial_kwargs["op_kwargs"]["kind"]
    said = [
        Template(kind).render(dag_run={"run_type": run_type})
        for run_type in ("backfill", "scheduled", "manual")
    ]
    assert said == ["backfill", "daily", "daily"]


def test_the_backfill_maps_its_parts_and_closes_after_all_of_them(dags):
    dag = dags["customer_health_backfill"]
    tasks = [task.task_id for task in dag.topological_sort()]
    assert tasks == ["estimate", "parts", "fill", "close"]
    for before, after in itertools.pairwise(tasks):
        assert dag.get_task(after).upstream_task_ids == {before}
    assert dag.get_task("fill").is_mapped
    assert set(dag.params) == {"from", "to", "scorecard", "accounts", "readings", "dry_run"}


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
    assert bodies == len(["extract", *ORDER, "assign", "alert", "thin"]) + 4 + 2


def test_dag_files_fit_on_a_screen_or_two():
    files = list((ROOT / "dags").glob("customer_health*.py"))
    assert len(files) == 3
    for file in files:
        assert len(file.read_text().splitlines()) <= 190, file


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
