"""Zendesk: nothing but where it is."""

from typing import Literal

from include.vendor_settings.base import ApiSource


class Zendesk(ApiSource):
    vendor: Literal["zendesk"]
    role: Literal["support"] = "support"
