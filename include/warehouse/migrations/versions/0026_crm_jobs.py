"""Jobs of a CRM that go on without us."""

from include.warehouse.migrate import run_files

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    run_files("0033_crm_jobs")
