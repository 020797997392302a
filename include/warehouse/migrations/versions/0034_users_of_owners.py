"""By which number as a user an owner of the CRM changes fields."""

from include.warehouse.migrate import run_files

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    run_files("0046_users_of_owners")
