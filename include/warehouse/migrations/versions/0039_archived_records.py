"""What hung on a CRM record stays its own when it is archived."""

from include.warehouse.migrate import run_files

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    run_files("0051_archived_records")
