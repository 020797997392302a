"""What the push asks of a CRM: HubSpot's and Salesforce's packages each have one such desk."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from include.crm.catalogue import Field
from include.crm.parcels import Parcel, Verdict
from include.errors import RetryLater

Shown = dict[str, dict[str, str | None]]


class Answer(Protocol):
    """What the HTTP client returns; body is decoded JSON."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> Any: ...  # noqa: ANN401 - any JSON document
    @property
    def headers(self) -> Mapping[str, str]: ...


class Download(Protocol):
    """A body of any length, in a file that goes when it is closed."""

    @property
    def file(self) -> BinaryIO: ...
    def __enter__(self) -> "Download": ...
    def __exit__(self, *_: object) -> None: ...


class Client(Protocol):
    """The one door to the network, as far as we use it. content: media type and body."""

    def call(  # noqa: PLR0913 - the parts of an HTTP request
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] = ...,
        json: Any = ...,  # noqa: ANN401
        content: tuple[str, bytes] | None = ...,
        accept: Collection[int] = ...,
        retry: bool = ...,
    ) -> Answer: ...

    def download(self, path: str, *, accept: Collection[int] = ...) -> Download: ...

    def pause(self, seconds: float) -> None:
        """Let this thread wait."""
        ...

    def hold(self, seconds: float) -> None:
        """Let no thread send for that long."""
        ...


class Jobs(Protocol):
    """The jobs that may be at work in the CRM, kept where no crash can lose them."""

    def note(self, job_id: str) -> None: ...
    def forget(self, job_id: str) -> None: ...
    def at_work(self) -> Sequence[str]: ...


class StillAtWork(RetryLater):
    """The CRM goes on with what we gave it and cannot be stopped: reading back proves nothing."""


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
    def page(self) -> int:
        """Records in one read, at most."""
        ...

    @property
    def writes(self) -> int: ...

    @property
    def reads(self) -> int: ...

    def hold(self, seconds: float) -> None:
        """Let no thread send for that long."""
        ...

    def name_of(self, ours: str) -> str:
        """Return what a field like cs_health_score is called in this CRM."""
        ...

    def batch_for(self, changes: int) -> int:
        """Return how many records go together, where so many are to be written in all."""
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
        """Write existing records, a batch at most, and judge the answer; nothing is ever created.

        FixConfig, NotSent: nothing was written. StillAtWork: it goes on. Other RetryLater and
        RejectData: nobody knows, but the CRM does no more about it.
        """
        ...

    def end_earlier(self) -> None:
        """End what an earlier run left at work; StillAtWork where that fails."""
        ...

    def read(self, record_ids: Collection[str], names: Collection[str]) -> Shown:
        """Return what a page or a batch of records shows; one that is not there is missing."""
        ...
