"""Drills that take minutes, for `make drill`: a real Airflow of their own."""

from tests.end_to_end.conftest import stack, state

__all__ = ["stack", "state"]
