"""Views for BI tools, in a schema of their own."""

from include.warehouse.migrate import run_files

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    run_files("0038_bi_days", "0039_bi_star", "0040_bi_facts", "0041_bi_lists", "0042_bi_upkeep")
