"""Which source object belonged to which account, by which rule, from when to when."""

from include.warehouse.migrate import run_files

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_files("0009_links", "0009_shares")
