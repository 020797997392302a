import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "plugins"))
from customer_health_calendar import snapshot_date


@dataclass
class Run:
    run_type: str
    run_after: datetime


@pytest.fixture
def zone(tmp_path, monkeypatch):
    """Settings of an organisation in a given time zone, named by HEALTH_SETTINGS."""
    plain = (Path(__file__).parents[2] / "health.yaml").read_text()

    def live_in(name):
        file = tmp_path / "health.yaml"
        file.write_text(plain.replace("time_zone: UTC", f"time_zone: {name}"))
        monkeypatch.setenv("HEALTH_SETTINGS", str(file))

    return live_in


SCHEDULED = Run("scheduled", datetime(2026, 3, 2, 3, tzinfo=UTC))


def test_the_day_a_person_gave_wins():
    interval = datetime(2026, 3, 1, 3, tzinfo=UTC)
    assert snapshot_date({"as_of": "2025-12-31"}, interval, SCHEDULED) == "2025-12-31"


def test_a_scheduled_run_is_about_the_day_in_which_its_interval_starts():
    assert snapshot_date({}, datetime(2026, 3, 1, 3, tzinfo=UTC), SCHEDULED) == "2026-03-01"


def test_the_day_is_the_organisations_not_utc(zone):
    zone("Asia/Tokyo")  # 03:00 on 2 March there is still 1 March in UTC
    assert snapshot_date({}, datetime(2026, 3, 1, 18, tzinfo=UTC), SCHEDULED) == "2026-03-02"


def test_a_run_by_hand_is_about_yesterday(zone):
    zone("America/Los_Angeles")
    asked = Run("manual", datetime(2026, 3, 2, 5, tzinfo=UTC))  # 1 March, 21:00 there
    assert snapshot_date({}, None, asked) == "2026-02-28"
