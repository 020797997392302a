"""Manual entries as people handed them in, and whose they are."""

from include.warehouse.migrate import run_files

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_files("0026_manual_entries")
