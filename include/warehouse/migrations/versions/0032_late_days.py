"""Days that are late, in the ledger of what was told."""

from include.warehouse.migrate import run_files

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    run_files("0044_late_days")
