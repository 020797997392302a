"""Airflow's metadata database on one machine: its schema and our pools, by Airflow's commands."""

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from include.errors import RetryLater
from include.settings import ROOT
from include.stack.state import METADATA_URL, State
from include.warehouse.database import query

POOLS = ROOT / "config" / "pools.json"


def prepare_airflow(state: State, environment: dict[str, str]) -> None:
    """Migrate Airflow's metadata database and make our pools, once for each version of both.

    What was done is noted in a file, and counts only for a database that still has it: another may
    stand in its place. Raises RetryLater where a command failed.
    """
    from importlib.metadata import version

    marker = state.airflow / "migrated.json"
    pools = json.loads(POOLS.read_text(encoding="utf-8"))
    url = environment[METADATA_URL]
    wanted = {"airflow": version("apache-airflow"), "pools": pools}
    revision = _revision(url, pools)
    if revision and _noted(marker) == {**wanted, "revision": revision}:
        return
    _run_logged(["airflow", "db", "migrate"], environment, state.logs / "airflow-migrate.log")
    _run_logged(
        ["airflow", "pools", "import", str(POOLS)], environment, state.logs / "airflow-pools.log"
    )
    marker.write_text(json.dumps({**wanted, "revision": _revision(url, pools)}), encoding="utf-8")


def _noted(marker: Path) -> object:
    return json.loads(marker.read_text(encoding="utf-8")) if marker.exists() else None


def _revision(url: str, pools: Collection[str]) -> str | None:
    """Return the revision of the schema in a metadata database that has all these pools.

    None where anything of it is missing or cannot be asked: Airflow's own commands say why.
    """
    try:
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            found = connection.execute(query("airflow/schema"), {"pools": list(pools)}).one()
    except (SQLAlchemyError, ImportError):
        return None
    return str(found.revision) if found.pools == len(pools) else None


def _run_logged(command: list[str], environment: dict[str, str], log: Path) -> None:
    program = str(Path(sys.executable).parent / command[0])
    with log.open("wb") as output:
        done = subprocess.run(  # noqa: S603
            [program, *command[1:]], env=environment, stdout=output, stderr=subprocess.STDOUT,
            check=False, timeout=600,
        )  # fmt: skip
    if done.returncode != 0:
        raise RetryLater(f"`{' '.join(command)}` failed; see {log}.")
