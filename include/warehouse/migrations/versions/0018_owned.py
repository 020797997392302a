"""Whose answers and payments are."""

from include.warehouse.migrate import run_files

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run_files("0025_owned")
