"""Plans by playbooks, and their steps."""

from include.warehouse.migrate import run_files

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    run_files("0034_plays")
