"""Which invoice a vendor's payment attempts are for, and how collecting stands."""

from include.warehouse.migrate import run_files

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    run_files("0031_intents")
