"""How the tests are dealt out where several processes run them (`make test`)."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
ONE_AIRFLOW = "end_to_end"  # these share one Airflow, its folder and its ports


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests together, as their fixtures are made once a file."""
    for item in items:
        place = item.path.relative_to(HERE)
        group = ONE_AIRFLOW if place.parts[0] == ONE_AIRFLOW else str(place)
        item.add_marker(pytest.mark.xdist_group(group))
