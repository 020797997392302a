"""Who may read the views for BI tools, and nothing else of the store."""

from sqlalchemy import Engine

from include.errors import FixConfig
from include.warehouse.database import query, transaction


def grant_reader(engine: Engine, role: str) -> None:
    """Let a role of the server read health_bi, also what later versions add; again is free.

    FixConfig where there is no such role, or it could read more than that: a reader is a role of
    its own.
    """
    with transaction(engine) as connection:
        found = connection.execute(query("bi/reader"), {"role": role}).one_or_none()
        if found is None:
            raise FixConfig(
                f"The server has no role {role!r}. Make one (create role … login password …), then "
                "try again."
            )
        if found.is_superuser or found.beside:
            why = "is a superuser" if found.is_superuser else f"may use {', '.join(found.beside)}"
            raise FixConfig(
                f"The role {role!r} {why}, so it would read more than health_bi; take another one."
            )
        connection.execute(query("bi/grant_reader"), {"role": role})
