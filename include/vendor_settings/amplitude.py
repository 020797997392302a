"""Amplitude: which group type the accounts are, and which events are no feature."""

from typing import Annotated, Literal

from pydantic import Field

from include.vendor_settings.base import ApiSource


class Amplitude(ApiSource):
    """ignored_events: what libraries send by themselves, which is no use of the product.

    late_days: so many days of uploads are read again, since the newest hours are exported late.
    """

    vendor: Literal["amplitude"]
    role: Literal["usage"] = "usage"
    group_type: Annotated[str, Field(min_length=1)] = "account"
    not_features: tuple[str, ...] = ("session_start", "session_end")
    ignored_events: tuple[str, ...] = (
        "$identify",
        "$groupidentify",
        "$exposure",
        "[Experiment] Exposure",
        "[Experiment] Assignment",
    )
    late_days: Annotated[int, Field(ge=2)] = 2
    history_days: Annotated[int, Field(ge=1)] = 730

    def binds(self, currency: str) -> dict[str, object]:  # noqa: ARG002 - usage has no amounts
        return {"not_features": list(self.not_features)}
