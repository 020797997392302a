"""What owners are told when scores adjust."""

from include.warehouse.migrate import run_files

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    run_files("0037_alerts")
