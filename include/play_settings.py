"""Who does what: the roles that steps of playbooks name, as health.yaml finds them."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from include.vendor_settings import Strict

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ACCOUNT_OWNER = "account_owner"
OWNERS_MANAGER = "owners_manager"


def _how_found(said: str) -> str:
    if said in (ACCOUNT_OWNER, OWNERS_MANAGER) or EMAIL.fullmatch(said):
        return said
    raise ValueError(f"a role is {ACCOUNT_OWNER}, {OWNERS_MANAGER} or an e-mail address")


def _address(said: str) -> str:
    if not EMAIL.fullmatch(said):
        raise ValueError(f"{said} is no e-mail address")
    return said.casefold()


Address = Annotated[str, AfterValidator(_address)]
RoleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class Plays(Strict):
    """Roles by the name that playbooks use: how the person is found.

    account_owner: the owner of the account in the CRM; owners_manager: by `managers`; else the
    person with that e-mail address. managers: who leads whom, all by e-mail address.
    """

    roles: Mapping[RoleName, Annotated[str, AfterValidator(_how_found)]] = {
        "account_owner": ACCOUNT_OWNER,
        "manager": OWNERS_MANAGER,
    }
    managers: Mapping[Address, tuple[Address, ...]] = {}

    @property
    def manager_of(self) -> dict[str, str]:
        """The manager of each person; where two name one, the first counts."""
        found: dict[str, str] = {}
        for manager, team in self.managers.items():
            for member in team:
                found.setdefault(member, manager)
        return found


Hour = Annotated[int, Field(ge=0, le=23)]


class Alerts(Strict):
    """What owners are told when scores adjust, one digest a day, and operators of a late day.

    channel: by what; None: they are told nothing. connection: of Airflow; None: the channel's
    usual one. sender: of e-mails. room: a Slack channel for digests of people whom Slack does not
    know. fallback: who is told of accounts whose owner has no address; None: nobody. operators: who
    is told of a day that is not published by checks.published_by_hour; None: fallback. points: a
    move within 7 days that is worth telling. again_after_days: so long nothing is told twice.
    quiet_from, quiet_until: hours of the organisation's day in which owners are told nothing; the
    same hour twice: none is quiet. Operators have none: they chose the hour at which a day is late.
    More in docs/plays.md.
    """

    channel: Literal["email", "slack", "apprise"] | None = None
    connection: str | None = None
    sender: Address | None = None
    room: str | None = None
    fallback: Address | None = None
    operators: Address | None = None
    points: Annotated[float, Field(gt=0, le=100)] = 10.0
    again_after_days: Annotated[int, Field(ge=1, le=90)] = 7
    quiet_from: Hour = 0
    quiet_until: Hour = 0

    @property
    def late_to(self) -> str | None:
        """Who is told of a late day; None: nobody."""
        return self.operators or self.fallback

    @property
    def connection_name(self) -> str:
        usual = {"slack": "slack_api_default", "apprise": "apprise_default"}
        return self.connection or usual.get(self.channel or "", "smtp_default")
