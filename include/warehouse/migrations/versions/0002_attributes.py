"""What was true of an account from when to when, its terms and their outcomes."""

from include.warehouse.migrate import run_files

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_files("0007_attributes")
