"""Intercom: what names the account, what priorities mean, which ratings are good."""

import json
from typing import Annotated, Literal

from pydantic import Field, model_validator

from include.vendor_settings.base import ApiSource

Priority = Literal["low", "normal", "high", "urgent"]


class Intercom(ApiSource):
    vendor: Literal["intercom"]
    role: Literal["support"] = "support"
    # A company's own id for you (`company_id`), or the custom attribute that holds the account's
    # key; companies without a value of that attribute go by their company_id.
    account_key: Annotated[str, Field(min_length=1)] = "company_id"
    # Our priority: Intercom's words for it, in any case; all others mean none. Before API version
    # 2.16 a conversation was marked `priority` or not.
    priorities: dict[Priority, tuple[str, ...]] = {
        "low": ("low",),
        "normal": ("medium", "normal"),
        "high": ("high", "priority"),
        "urgent": ("urgent",),
    }
    # On the scale from 1 to 5: from here on an answer counts as good.
    good_from: Annotated[int, Field(ge=2, le=5)] = 4
    # New and changed conversations show in searches some minutes late.
    look_back_minutes: Annotated[int, Field(ge=10)] = 15

    @model_validator(mode="after")
    def words_mean_one_priority(self) -> "Intercom":
        words = [word.lower() for listed in self.priorities.values() for word in listed]
        doubled = sorted({word for word in words if words.count(word) > 1})
        if doubled:
            raise ValueError(f"priorities: {', '.join(doubled)} cannot mean two of them")
        return self

    def binds(self, currency: str) -> dict[str, object]:  # noqa: ARG002 - no amount is read
        words = {word.lower(): ours for ours, listed in self.priorities.items() for word in listed}
        return {
            "account_key": self.account_key,
            "priorities": json.dumps(words),
            "good_from": self.good_from,
        }
