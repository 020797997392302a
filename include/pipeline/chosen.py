"""Which accounts a person means who enters some of them in a form."""

from sqlalchemy import Connection

from include.errors import FixConfig
from include.warehouse.database import query

SEGMENT = "segment:"


def choose(connection: Connection, entered: str) -> tuple[int, ...] | None:
    """Return the account ids meant, rising; None for nothing entered, which means all accounts.

    entered: words separated by commas, each a CRM id, an account_id that is no CRM id, or
    `segment:NAME` with the segment's name of today in any case. FixConfig names the words that
    mean no account.
    """
    words = [word.strip() for word in entered.split(",") if word.strip()]
    if not words:
        return None
    segments = [word[len(SEGMENT) :].strip().lower() for word in words if word.startswith(SEGMENT)]
    ids = [word for word in words if not word.startswith(SEGMENT)]
    rows = connection.execute(
        query("snapshots/choose_accounts"), {"ids": ids, "segments": segments}
    ).all()
    known = {row.word for row in rows}
    missing = [word for word in [*ids, *segments] if word not in known]
    if missing:
        raise FixConfig(
            f"No account is meant by {', '.join(missing)}. Enter CRM ids separated by commas, or "
            "segment:NAME; `health accounts` lists the accounts."
        )
    return tuple(sorted({row.account_id for row in rows}))
