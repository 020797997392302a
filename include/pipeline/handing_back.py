"""Give people back what they entered and what cannot be used, once the rest has landed."""

from collections import Counter
from collections.abc import Callable, Iterable

from include.pipeline.job import Counts, Job
from include.settings import ROOT, Settings
from include.sources.inputs_files import InputFiles, open_inputs
from include.sources.inputs_return import hand_back
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


def accounts_of(job: Job) -> Callable[[Iterable[str]], Called]:
    """Return a look-up of the accounts that calls may mean."""

    def find(calls: Iterable[str]) -> Called:
        with transaction(job.engine) as connection:
            return accounts_called(connection, calls)

    return find
