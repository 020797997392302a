"""Usage days whose events come in several exports."""

from include.warehouse.migrate import run_files

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_files("0028_usage_parts")
