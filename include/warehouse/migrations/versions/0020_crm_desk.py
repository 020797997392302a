"""Fields that people changed in the CRM, and writes that were taken back."""

from include.warehouse.migrate import run_files

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_files("0027_crm_desk")
