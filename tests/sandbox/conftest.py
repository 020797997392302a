from datetime import date

import pytest

from sandbox.serve import running
from sandbox.world.simulate import simulate

START = date(2026, 7, 1)
END = date(2026, 10, 28)


@pytest.fixture(scope="session")
def world():
    """About 40 accounts over 120 days; treat it as read-only."""
    return simulate(accounts=40, seed=1, start=START, end=END)


@pytest.fixture
def sandbox(world):
    """A fresh sandbox over the small world, with nothing written to it yet and no limits."""
    with running(world, limits=False) as served:
        yield served
