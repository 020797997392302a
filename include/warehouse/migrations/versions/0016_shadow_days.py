"""Which published days are a shadow's."""

from include.warehouse.migrate import run_files

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_files("0023_shadow_days")
