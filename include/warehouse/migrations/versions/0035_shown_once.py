"""What lists, files and BI tools say of a day, in one place each."""

from include.warehouse.migrate import run_files

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    run_files("0047_shown_once")
