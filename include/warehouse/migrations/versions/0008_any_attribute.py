"""Attributes of accounts that health.yaml names, beside those that are always read."""

from include.warehouse.migrate import run_files

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_files("0018_any_attribute")
