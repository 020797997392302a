"""How each measure moved from day to day, and what was held for a common cause."""

from include.warehouse.migrate import run_files

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_files("0017_common_cause")
