"""What every vendor's settings share."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(gt=0, le=1)]
SourceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
AttributeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
# Of an account; read anyway, whichever CRM it is.
OWN_ATTRIBUTES = ("owner", "segment", "arr", "currency", "renewal_date", "parent", "lifecycle")

# Stands before an id that names an organisation of the support desk: nobody can type it.
ORGANIZATION = "organization\x1f"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def check_overrides(named: Sequence[str | None]) -> None:
    """ValueError where some, but not all, of the CRM's fields for overrides are named."""
    if any(named) and not all(named):
        raise ValueError("override, override_reason and override_until are named together")


class SourceBase(Strict):
    """One entry under `sources`. connection: of Airflow, where the credential stands; "": none."""

    name: SourceName
    connection: str = ""

    def binds(self, currency: str) -> dict[str, object]:  # noqa: ARG002 - most have no use for it
        """Return what the vendor's fact statements take beside the source and the stream.

        currency: of the organisation, for amounts that the vendor sends without one.
        """
        return {}


class ApiSource(SourceBase):
    """A vendor that is asked over the network."""

    connection: Annotated[str, Field(min_length=1)]
