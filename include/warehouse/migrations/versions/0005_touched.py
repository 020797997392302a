"""Which account-days a change of facts touched."""

from include.warehouse.migrate import run_files

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_files("0010_touched")
