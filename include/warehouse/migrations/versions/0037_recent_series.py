"""A small key of the newest months of series, for the day that is read each night."""

from include.warehouse.migrate import run_files

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    run_files("0049_recent_series")
