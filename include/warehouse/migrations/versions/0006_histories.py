"""Which readings are as known then, and where each of them came from."""

from include.warehouse.migrate import run_files

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_files("0011_histories")
