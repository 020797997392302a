"""A real Airflow that the tests of this folder share: starting one takes a minute."""

import shutil

import pytest

from tests.end_to_end.airflow_stack import PRINTED, START_S, STATE, Stack


@pytest.fixture(scope="session")
def state():
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True, mode=0o711)


@pytest.fixture
def stack(state):
    """A stack that a test stops; what it forgets is killed."""
    stack = Stack()
    yield stack
    stack.process.kill()
    stack.process.wait()


@pytest.fixture(scope="session")
def up(state):
    """The first start, from nothing, with all healthy."""
    stack = Stack()
    stack.wait_for(lambda: "Airflow is up" in PRINTED.read_text(), START_S)
    yield stack
    stack.process.kill()
    stack.process.wait()
