"""Payments with dates, dunning, answers on their own scales, roles of contacts."""

from include.warehouse.migrate import run_files

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run_files("0024_answers_and_payments")
