"""Raw records, core facts, health tables."""

from include.warehouse.migrate import run_files

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_files("0001_raw", "0002_core", "0003_health", "0004_checks", "0005_identity", "0006_series")
