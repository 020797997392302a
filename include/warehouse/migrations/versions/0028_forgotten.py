"""Whom the store was told to forget."""

from include.warehouse.migrate import run_files

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    run_files("0036_forgotten")
