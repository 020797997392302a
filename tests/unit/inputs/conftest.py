"""Rules that a test may change, and files read by them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from include.sources.inputs_entries import Rules, understand
from include.sources.inputs_folder import read_sheets
from include.vendor_settings import Range

HEAD = "who,when,account,measure,value,comment"
LATEST = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def read():
    """Understand a file's content: the values by account, and the reasons of what goes back."""

    def run(content, suffix=".csv", *, zone="UTC", measures=()):
        measures = {name: Range(lowest=1, highest=5) for name in measures}
        rules = Rules(ZoneInfo(zone), LATEST, measures)
        good, faults = understand(read_sheets(content, suffix), rules)
        return (
            [entry.record for entry in good],
            [(fault.line.number, fault.reason) for fault in faults],
        )

    return run
