"""Host names reduced to the part that somebody registered, by the public-suffix list.

`eu.kite.co.uk` and `www.kite.co.uk` are both `kite.co.uk`; `kite.github.io` stays as it is, since
`github.io` is a suffix under which strangers register. The list comes with its package, dated by
that package's release: nothing is fetched.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from publicsuffixlist import PublicSuffixList
from sqlalchemy import Connection

from include.warehouse.database import query

# Providers of mail for everybody: an address there says nothing about an employer.
FREE_MAIL = frozenset((Path(__file__).parent / "free_mail.txt").read_text("utf-8").split())
AT_ONCE = 50_000  # names a statement


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def registrable(entered: str) -> str | None:
    """Return the registrable domain of what somebody typed as one, None where there is none.

    A scheme, path, port, `www.` and trailing dot are dropped; international names become ASCII.
    """
    host = entered.strip().lower().split("://")[-1].split("/")[0].split("@")[-1].split(":")[0]
    try:
        plain = host.strip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if plain.rpartition(".")[2].isdigit():  # an IP address
        return None
    found: str | None = _suffixes().privatesuffix(plain)
    return found


def learn_domains(connection: Connection, shared: Iterable[str]) -> int:
    """Reduce every host name that is new in the facts; return how many there were.

    shared: names beside FREE_MAIL that never identify an account; a change of them counts at once.
    """
    names = connection.execute(query("identity/new_domains")).scalars().all()
    for start in range(0, len(names), AT_ONCE):
        entered = names[start : start + AT_ONCE]
        reduced = [registrable(name) for name in entered]
        connection.execute(
            query("identity/add_domains"), {"entered": list(entered), "registrable": reduced}
        )
    everybody = FREE_MAIL.union(name.strip().lower() for name in shared)
    connection.execute(query("identity/mark_shared"), {"shared": sorted(everybody)})
    return len(names)
