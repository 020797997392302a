"""Notes of part payments: a change of one, or of the rate, touches all of the invoice."""

from include.warehouse.migrate import run_files

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    run_files("0050_notes_of_part_payments")
