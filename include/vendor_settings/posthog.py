"""PostHog: which product groups are the accounts, and which events are no feature."""

from typing import Annotated, Literal

from pydantic import Field

from include.vendor_settings.base import ApiSource


class PostHog(ApiSource):
    vendor: Literal["posthog"]
    role: Literal["usage"] = "usage"
    group_type: str = "company"
    not_features: tuple[str, ...] = ()  # events that say nothing about the use of a feature
    late_days: Annotated[int, Field(ge=1)] = 7
    history_days: Annotated[int, Field(ge=1)] = 730

    def binds(self, currency: str) -> dict[str, object]:  # noqa: ARG002 - usage has no amounts
        return {"not_features": list(self.not_features)}
