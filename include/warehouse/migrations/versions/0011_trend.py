"""How sure a trend is, streaks, since when an account is below the best band, confirmed bands."""

from include.warehouse.migrate import run_files

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_files("0016_trend")
