"""Landings that ended early and are gone on with."""

from include.warehouse.migrate import run_files

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run_files("0030_kept_landings")
