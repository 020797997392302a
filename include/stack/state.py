"""Where this installation keeps its files, and the secrets that it makes for itself."""

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from include.errors import FixConfig
from include.settings import ROOT
from include.warehouse.embedded import create_database, postgres

STORE_URL = "HEALTH_DATABASE_URL"
METADATA_URL = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"


@dataclass(frozen=True, slots=True)
class State:
    """The private folder of one installation: `var/`, or the folder named by HEALTH_STATE."""

    folder: Path

    @property
    def airflow(self) -> Path:
        return self.folder / "airflow"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"


@dataclass(frozen=True, slots=True)
class Databases:
    """URLs with their passwords; `metadata` is Airflow's, `store` ours."""

    store: str = field(repr=False)
    metadata: str = field(repr=False)


def open_state() -> State:
    """Make the folder, readable by its owner only; FixConfig where it cannot be written.

    Others may pass through it, because the embedded server of root belongs to another user.
    """
    state = State(Path(os.environ.get("HEALTH_STATE", ROOT / "var")).absolute())
    try:
        state.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        for folder in (state.airflow, state.logs, state.reports):
            folder.mkdir(mode=0o700, exist_ok=True)
        probe = state.folder / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FixConfig(
            f"Cannot write {state.folder}: {error.strerror}. Make it writable, or set HEALTH_STATE "
            "to a folder that is."
        ) from error
    return state


@contextlib.contextmanager
def databases(state: State, store_name: str) -> Iterator[Databases]:
    """Give the store and Airflow's metadata database, starting the embedded server where needed.

    HEALTH_DATABASE_URL and AIRFLOW__DATABASE__SQL_ALCHEMY_CONN, where set, are used instead.
    """
    with (
        database(state, STORE_URL, store_name) as store,
        database(state, METADATA_URL, "airflow") as metadata,
    ):
        yield Databases(store, metadata)


@contextlib.contextmanager
def database(state: State, variable: str, name: str) -> Iterator[str]:
    """Give the URL in an environment variable, else that of an embedded database of that name."""
    named = os.environ.get(variable)
    if named:
        yield named
        return
    with postgres(state.folder / "postgres") as lease:
        yield create_database(lease, name)


def current_store(state: State) -> str:
    """Return the name of the embedded database that the last run used; `health` before any run."""
    path = state.folder / "store.json"
    return str(json.loads(path.read_text("utf-8"))["name"]) if path.exists() else "health"


def remember_store(state: State, name: str) -> None:
    (state.folder / "store.json").write_text(json.dumps({"name": name}), encoding="utf-8")


def own_secrets(state: State) -> dict[str, str]:
    """Return the keys that Airflow's parts share, made once, in a file only its owner can read."""
    path = state.folder / "secrets.json"
    if not path.exists():
        made = {
            "fernet_key": secrets.token_urlsafe(32)[:43] + "=",
            "jwt_secret": secrets.token_urlsafe(64),
            "api_secret_key": secrets.token_urlsafe(32),
        }
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made), encoding="utf-8")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found
