"""What people say against a score, kept for ever; who set a pulse."""

from include.warehouse.migrate import run_files

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_files("0015_overrides")
