"""Values of series in their key."""

from include.warehouse.migrate import run_files

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    run_files("0045_series_with_values")
