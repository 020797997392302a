"""Overrides that people enter in fields of the CRM."""

from include.warehouse.migrate import run_files

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    run_files("0043_words_of_the_crm")
