"""The last score of a term belongs to the day on which the term ended."""

from include.warehouse.migrate import run_files

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    run_files("0052_final_days")
