"""Whether a query of health.yaml only reads: one SELECT, with nothing in it that writes."""

from include.errors import FixConfig

# The name of the SQL that a database speaks, where it is not that of SQLAlchemy.
DIALECTS = {"postgresql": "postgres", "mssql": "tsql", "mariadb": "mysql"}
WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "INTO")


def only_reads(query: str, backend: str, place: str) -> str:
    """Return the query without a last semicolon; FixConfig where it may do more than read.

    backend: the database as SQLAlchemy calls it. Rights are the database's own affair: give the
    job's user none but to read. This keeps out what is written by mistake.
    """
    from sqlglot import tokenize
    from sqlglot.dialects.dialect import Dialects
    from sqlglot.errors import TokenError

    name = DIALECTS.get(backend, backend)
    known = name if name in {one.value for one in Dialects} else None
    try:
        tokens = tokenize(query, read=known)
    except TokenError:
        raise FixConfig(
            f"{place}: the query cannot be read; does a quote or a comment not close?"
        ) from None
    while tokens and tokens[-1].token_type.name == "SEMICOLON":
        query = query[: tokens.pop().start]
    words = [token.token_type.name for token in tokens]
    if not words or words[0] not in ("SELECT", "WITH", "L_PAREN"):
        raise FixConfig(f"{place}: the query must begin with SELECT or WITH.")
    if "SEMICOLON" in words:
        raise FixConfig(f"{place}: the query must be a single statement.")
    for word in WRITES:
        if word in words:
            raise FixConfig(
                f"{place}: the query has {word}, but a source only reads; if that is the name of a "
                "column, put it in quotes."
            )
    return query
