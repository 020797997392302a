"""Chargebee's units of money, pauses, and readings of its records."""

from include.warehouse.migrate import run_files

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    run_files("0032_chargebee")
