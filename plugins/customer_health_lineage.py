"""Which tables each task reads and writes, told to OpenLineage where its provider is installed.

The provider sees functions only, which say nothing of tables: at its start each task of ours adds
an event with its datasets. Tables are named by OpenLineage's rules (`postgres://host:port`,
`database.schema.table`), vendors as `hubspot` `api`. Nothing is sent unless the provider has a
transport (docs/operations.md); what goes wrong here is logged and stops no task.
"""

import importlib.util
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from openlineage.client.event_v2 import Dataset

Tables = tuple[str, ...]
DAGS = {"customer_health", "customer_health_backfill"}
RAW: Tables = ("raw.record",)
FACTS: Tables = (
    "core.account", "core.account_link", "core.contact", "core.customer", "core.invoice",
    "core.opportunity", "core.payment", "core.subscription", "core.survey_response", "core.ticket",
    "core.touch", "core.usage_day",
)  # fmt: skip
SERIES: Tables = ("health.account_day",)
READINGS, SCORES = ("health.reading",), ("health.snapshot",)
# By task: what it reads, what it writes. Tasks that are not here tell nothing.
TABLES: dict[str, tuple[Tables, Tables]] = {
    "extract": ((), RAW),
    "check_raw": (RAW, ("raw.quarantine",)),
    "conform": (RAW, FACTS),
    "check_facts": (FACTS, ("health.check_result",)),
    "roll_up": (FACTS, SERIES),
    "fill_history": (SERIES, READINGS + SCORES),
    "fill": (SERIES, READINGS + SCORES),
    "read": (SERIES, READINGS),
    "score": (READINGS, SCORES),
    "publish": (SCORES, ("health.publication",)),
    "push": (SCORES, ("health.crm_write",)),
}


def datasets_of(task_id: str, store: str) -> "tuple[list[Dataset], list[Dataset]]":
    """Return what a task reads and what it writes; empty lists for tasks that tell nothing.

    store: the URL in HEALTH_DATABASE_URL. Neither user nor password goes into a name.
    """
    from openlineage.client.event_v2 import Dataset

    stage, _, vendor = (
        task_id.partition("_") if task_id.startswith("extract_") else (task_id, "", "")
    )
    place = urlsplit(store)
    namespace = f"postgres://{place.hostname}:{place.port or 5432}"
    read, written = (
        [Dataset(namespace, f"{place.path.strip('/')}.{table}") for table in tables]
        for tables in TABLES.get(stage, ((), ()))
    )
    return ([Dataset(vendor, "api"), *read] if vendor else read), written


class TellLineage:
    @hookimpl
    def on_task_instance_running(self, task_instance: Any) -> None:  # noqa: ANN401 - Airflow's
        from airflow.providers.openlineage import conf

        if task_instance.dag_id not in DAGS or conf.is_disabled():
            return
        from airflow.providers.openlineage.api.datasets import emit_dataset_lineage

        read, written = datasets_of(task_instance.task_id, os.environ["HEALTH_DATABASE_URL"])
        if read or written:
            emit_dataset_lineage(inputs=read, outputs=written, task_instance=task_instance)


class Lineage(AirflowPlugin):
    name = "customer_health_lineage"
    has_provider = importlib.util.find_spec("airflow.providers.openlineage") is not None
    listeners = [TellLineage()] if has_provider else []
