"""Currencies, dated exchange rates, and amounts in the reporting currency."""

from include.warehouse.migrate import run_files

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_files("0008_money")
