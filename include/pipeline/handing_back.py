"""Give people back what they entered and what cannot be used, once the rest has landed."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from include.errors import FixConfig
from include.pipeline.job import Counts, Job
from include.settings import ROOT, Settings
from include.sources.inputs_files import InputFiles, latest_of, open_inputs
from include.sources.inputs_folder import as_dropped
from include.sources.inputs_overview import LONG_AGO, Seen, seen
from include.sources.inputs_return import faults_of, hand_back
from include.vendor_settings import Inputs
from include.warehouse.database import transaction
from include.warehouse.entries import Called, accounts_called
from include.warehouse.landing import last_state


def hand_back_inputs(job: Job) -> Counts:
    """Return bad rows and put files away, for every folder of manual inputs; none: no counts."""
    total: Counter[str] = Counter()
    for source in input_folders(job.settings):
        state = last_state(job.engine, source.name, *source.streams) or {}
        total.update(hand_back(source, state, accounts_of(job)))
    return dict(total)


def input_folders(settings: Settings) -> list[InputFiles]:
    """Return the folders into which people drop files."""
    return [
        open_inputs(source, root=ROOT, time_zone=settings.time_zone)
        for source in settings.sources
        if isinstance(source, Inputs)
    ]


def check_file(job: Job, path: Path) -> Seen:
    """Say what a run would make of a file, wherever it lies; nothing is changed.

    The rules are those of the first folder in health.yaml, or any measure where there is none.
    """
    plain = Inputs(name="inputs", vendor="inputs", folder=path.parent)
    sources = input_folders(job.settings) or [
        open_inputs(plain, root=ROOT, time_zone=job.settings.time_zone)
    ]
    file = as_dropped(path)
    if file is None:
        raise FixConfig(f"{path} is no plain file.")
    found = seen(sources[0], file)
    if found.state != "waits":
        return found
    latest = latest_of(file, LONG_AGO)
    faults = faults_of(sources[0], file, path.read_bytes(), latest, accounts_of(job))
    lines = sorted((fault.line.number, fault.reason) for fault in faults)
    return Seen(file.name, "waits", found.entries + len(found.faults) - len(lines), tuple(lines))


def accounts_of(job: Job) -> Callable[[Iterable[str]], Called]:
    """Return a look-up of the accounts that calls may mean."""

    def find(calls: Iterable[str]) -> Called:
        with transaction(job.engine) as connection:
            return accounts_called(connection, calls)

    return find
