"""Whose billing links got lost, until it is judged whether they are gone."""

from include.warehouse.migrate import run_files

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    run_files("0054_lost_billing")
