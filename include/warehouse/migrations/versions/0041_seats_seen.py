"""The seats of subscriptions as they were seen, so that later ones leave earlier days alone."""

from include.warehouse.migrate import run_files

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    run_files("0053_seats_seen")
