"""What the push asks of a CRM: HubSpot's and Salesforce's packages each have one such desk."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from include.crm.catalogue import Field
from include.crm.pacing import Pacer
from include.crm.parcels import Parcel, Verdict

Shown = dict[str, dict[str, str | None]]


class Answer(Protocol):
    """What the HTTP client returns; body is decoded JSON."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> Any: ...  # noqa: ANN401 - any JSON document
    @property
    def headers(self) -> Mapping[str, str]: ...


class Client(Protocol):
    """The one door to the network, as far as we use it."""

    def call(  # noqa: PLR0913 - the parts of an HTTP request
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] = ...,
        json: Any = ...,  # noqa: ANN401
        accept: Collection[int] = ...,
        retry: bool = ...,
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a CRM lacks of our fields.

    missing: are not there. short: lists that lack some of their words. problems: a sentence for
    each field that stands in our way and is not ours to change. steps: a sentence for each thing
    that provisioning would do.
    """

    missing: tuple[Field, ...] = ()
    short: tuple[Field, ...] = ()
    problems: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


class Desk(Protocol):
    """One CRM behind one credential. writes, reads: calls made so far, answered or not."""

    @property
    def vendor(self) -> str: ...

    @property
    def batch(self) -> int:
        """Records in one write or read, at most."""
        ...

    @property
    def pacer(self) -> Pacer: ...

    @property
    def writes(self) -> int: ...

    @property
    def reads(self) -> int: ...

    def name_of(self, ours: str) -> str:
        """Return what a field like cs_health_score is called in this CRM."""
        ...

    def lacking(self, fields: Sequence[Field]) -> Lacking:
        """Compare our fields with those that are there; reads only."""
        ...

    def make(self, lacking: Lacking) -> None:
        """Create what is missing, and lengthen lists. FixConfig where the CRM refuses.

        Repeatable: what is there already, since another run made it, is no error.
        """
        ...

    def exchange(self, parcel: Parcel, *, may_split: bool) -> Verdict:
        """Write existing records, at most `batch`, and judge the answer; nothing is ever created.

        FixConfig: nothing was written. RetryLater and RejectData: nobody knows.
        """
        ...

    def read(self, record_ids: Collection[str], names: Collection[str]) -> Shown:
        """Return what at most `batch` records show; one that is not there is missing."""
        ...
