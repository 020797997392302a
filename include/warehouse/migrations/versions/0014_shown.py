"""Which scores people see where an outcome has several cards."""

from include.warehouse.migrate import run_files

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_files("0021_shown")
