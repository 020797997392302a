"""What each series of an account adds up to, kept as its days change."""

from include.warehouse.migrate import run_files

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    run_files("0048_series_totals")
