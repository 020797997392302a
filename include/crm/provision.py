"""Make sure that our fields are there as we need them; never touch one that is not ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from include.crm import ledger
from include.crm.catalogue import Field
from include.crm.desk import Desk, Lacking
from include.errors import FixConfig


@dataclass(frozen=True, slots=True)
class Provisioned:
    """Names of fields: made now, and lists that got new words."""

    created: tuple[str, ...]
    extended: tuple[str, ...]


def provision(engine: Engine, desk: Desk, source: str, fields: Sequence[Field]) -> Provisioned:
    """Create what is missing; repeatable, and one read where nothing is.

    A field that has to be created is empty, so what the ledger believed about it is forgotten first
    and its values are sent anew. FixConfig names a field of the same name that somebody else made.
    """
    lacking = checked(desk, fields)
    created = [field.name for field in lacking.missing]
    if created:
        ledger.forget_fields(engine, source, created)
    if lacking.steps:
        desk.make(lacking)
    return Provisioned(tuple(created), tuple(field.name for field in lacking.short))


def checked(desk: Desk, fields: Sequence[Field]) -> Lacking:
    """Return what the CRM lacks of our fields; FixConfig where one that is not ours is in the way.

    Nothing is changed.
    """
    lacking = desk.lacking(fields)
    if lacking.problems:
        raise FixConfig(
            " ".join(lacking.problems) + " We do not touch what we did not make: rename or remove"
            f" it in {desk.vendor}, or choose another crm.prefix in health.yaml."
        )
    return lacking
