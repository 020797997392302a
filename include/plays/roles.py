"""Whom a role of a playbook means for one account."""

from collections.abc import Mapping
from dataclasses import dataclass

from include.play_settings import ACCOUNT_OWNER, OWNERS_MANAGER, Plays


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does a step. owner_id: the CRM's id, None where the CRM does not know them."""

    owner_id: str | None
    name: str | None
    email: str | None


NOBODY = Person(None, None, None)


def person_for(
    role: str, account_owner: Person, plays: Plays, people: Mapping[str, Person]
) -> Person:
    """Return the person of a role; NOBODY where there is none.

    people: the CRM's users by e-mail address in lower case.
    """
    how = plays.roles[role]
    if how == ACCOUNT_OWNER:
        return account_owner
    address = how.casefold()
    if how == OWNERS_MANAGER:
        address = plays.manager_of.get((account_owner.email or "").casefold(), "")
    return people.get(address, Person(None, None, address)) if address else NOBODY
