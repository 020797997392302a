"""Whose billing links got lost, until it is judged whether they are gone."""

from include.warehouse.migrate import run_files

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    run_files("0053_lost_billing")
