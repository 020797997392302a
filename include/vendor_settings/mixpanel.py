"""Mixpanel: which event property names the account, and by which clock the project counts."""

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from include.vendor_settings.base import ApiSource

OWN_PROPERTIES = ("time", "distinct_id", "$insert_id")


class Mixpanel(ApiSource):
    """project_time_zone: UTC for projects made since 2023; of older ones what their settings say.

    ignored_events: what libraries send by themselves, which is no use of the product.
    """

    vendor: Literal["mixpanel"]
    role: Literal["usage"] = "usage"
    group_key: Annotated[str, Field(min_length=1)] = "account_id"
    project_time_zone: str = "UTC"
    not_features: tuple[str, ...] = ()  # events that say nothing about the use of a feature
    ignored_events: tuple[str, ...] = (
        "$identify",
        "$create_alias",
        "$merge",
        "$opt_in",
        "$opt_out",
        "$experiment_started",
    )
    late_days: Annotated[int, Field(ge=2)] = 7
    history_days: Annotated[int, Field(ge=1)] = 730
    window_days: Annotated[int, Field(ge=1)] = 31  # of one request

    @field_validator("group_key")
    @classmethod
    def is_a_property_of_the_product(cls, name: str) -> str:
        if name in OWN_PROPERTIES:
            raise ValueError(f"{name} is Mixpanel's own property and names no account")
        return name

    @field_validator("project_time_zone")
    @classmethod
    def zone_exists(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"{zone} is no time zone")
        return zone

    def binds(self, currency: str) -> dict[str, object]:  # noqa: ARG002 - usage has no amounts
        return {"not_features": list(self.not_features)}
