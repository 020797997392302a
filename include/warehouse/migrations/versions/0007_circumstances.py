"""What scores depended on beside readings, and what was carried forward."""

from include.warehouse.migrate import run_files

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_files("0014_circumstances")
