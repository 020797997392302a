"""What every Chargebee handler answers and refuses with: JSON without nulls, and error objects.

Vendor facts: Chargebee API v2 on errors, and its official clients, checked Nov 2026.
"""

from typing import Any

import orjson
from starlette.responses import Response

Json = dict[str, Any]
# The group of an error by its code; others bear no type.
INVALID = frozenset(
    {
        "param_wrong_value",
        "invalid_request",
        "resource_not_found",
        "configuration_incompatible",
        "http_method_not_supported",
        "api_request_limit_exceeded",
        "duplicate_entry",
    }
)


class Refused(Exception):
    """An answer in Chargebee's error shape."""

    def __init__(self, status: int, code: str, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param

    def body(self) -> Json:
        """The names of today, and those of the first API, which still come with them."""
        return present(
            {
                "message": str(self),
                "type": "invalid_request" if self.code in INVALID else None,
                "api_error_code": self.code,
                "param": self.param,
                "error_code": self.code,
                "error_msg": str(self),
                "error_param": self.param,
                "http_status_code": self.status,
            }
        )

    def answer(self) -> Response:
        return to_response(self.body(), self.status)


def wrong_value(param: str, message: str) -> Refused:
    return Refused(400, "param_wrong_value", f"{param} : {message}", param=param)


def not_found(object_id: str) -> Refused:
    return Refused(404, "resource_not_found", f"{object_id} not found", param="id")


def wrong_catalog() -> Refused:
    return Refused(
        400,
        "configuration_incompatible",
        "This API operation is not enabled for this site. Please contact support@chargebee.com to "
        "get this enabled",
    )


def present(values: Json) -> Json:
    """The values that there are: Chargebee leaves out what is null."""
    return {name: value for name, value in values.items() if value is not None}


def to_response(shown: Json, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        orjson.dumps(shown), status, headers, media_type="application/json;charset=utf-8"
    )
