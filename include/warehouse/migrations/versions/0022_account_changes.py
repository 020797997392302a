"""Changes of accounts' fields that a CRM tells one by one; ids that lost their case."""

from include.warehouse.migrate import run_files

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_files("0029_account_changes")
