"""Which records stand for themselves, and into which account every other one went."""

from include.warehouse.migrate import run_files

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_files("0013_winners")
