"""All domains of an account; what stays of a thinned receipt."""

from include.warehouse.migrate import run_files

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_files("0019_domains", "0020_kept_readings")
