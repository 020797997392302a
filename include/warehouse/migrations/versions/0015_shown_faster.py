"""The scores that people see, found faster."""

from include.warehouse.migrate import run_files

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_files("0022_shown_faster")
