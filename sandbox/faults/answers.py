"""Error bodies in each vendor's own words (vendor notes HUBSPOT, ZENDESK, STRIPE, POSTHOG)."""

from typing import Any

HTML_PAGE = b"""<!DOCTYPE html>
<html><head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>
"""
CORRELATION_ID = "00000000-0000-4000-8000-000000000000"


def own_body(vendor: str, code: int) -> Any:  # noqa: ANN401 - an object, or Salesforce's array
    """The body the vendor sends with that status; unlisted statuses get its server error."""
    bodies = BODIES[vendor]
    return bodies.get(code, bodies[500])


def _hubspot(message: str, **more: str) -> dict[str, Any]:
    return {"status": "error", "message": message, "correlationId": CORRELATION_ID, **more}


def _stripe(kind: str, message: str, **more: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message, **more}}


def _chargebee(status: int, code: str, message: str, **more: str) -> dict[str, Any]:
    return {
        "message": message,
        **more,
        "api_error_code": code,
        "error_code": code,
        "error_msg": message,
        "http_status_code": status,
    }


def _salesforce(code: str, message: str) -> list[dict[str, Any]]:
    return [{"message": message, "errorCode": code}]


def _intercom(code: str, message: str) -> dict[str, Any]:
    errors = [{"code": code, "message": message}]
    return {"type": "error.list", "request_id": CORRELATION_ID, "errors": errors}


def _posthog(kind: str, code: str, detail: str) -> dict[str, Any]:
    return {"type": kind, "code": code, "detail": detail, "attr": None}


def _mixpanel(error: str) -> dict[str, Any]:
    return {"error": error, "request": "", "status": "error"}


def _amplitude(code: int, kind: str, message: str) -> dict[str, Any]:
    return {"error": {"http_code": code, "type": kind, "message": message, "metadata": {}}}


BODIES: dict[str, dict[int, Any]] = {
    "hubspot": {
        401: _hubspot(
            "Authentication credentials not found. This API supports OAuth 2.0 authentication.",
            category="INVALID_AUTHENTICATION",
        ),
        403: _hubspot(
            "This app hasn't been granted all required scopes to make this call.",
            category="MISSING_SCOPES",
        ),
        429: _hubspot(
            "You have reached your ten_secondly_rolling limit.",
            errorType="RATE_LIMIT",
            policyName="TEN_SECONDLY_ROLLING",
        ),
        500: _hubspot("internal error"),
        503: _hubspot("Service Unavailable"),
    },
    "zendesk": {
        401: {"error": "Couldn't authenticate you"},
        403: {
            "error": {
                "title": "Forbidden",
                "message": "You do not have access to this page. Please contact the account owner.",
            }
        },
        429: {
            "error": "APIRateLimitExceeded",
            "description": "Number of allowed API requests per minute exceeded",
        },
        500: {"error": "InternalServerError", "description": "An unexpected error occurred"},
        503: {"error": "DatabaseUnavailable", "description": "Service temporarily unavailable"},
    },
    "intercom": {
        400: _intercom("scroll_exists", "scroll already exists for this workspace"),
        401: _intercom("unauthorized", "Access Token Invalid"),
        403: _intercom("api_plan_restricted", "Active subscription needed."),
        404: _intercom("not_found", "Resource Not Found"),
        429: _intercom("rate_limit_exceeded", "Exceeded rate limit of 1666 in 10_seconds"),
        500: _intercom(
            "server_error",
            "Request failed due to an internal network error. Please restart the scroll operation.",
        ),
        503: _intercom("service_unavailable", "Sorry, the API service is temporarily unavailable"),
    },
    "stripe": {
        401: _stripe("invalid_request_error", "Invalid API Key provided: sk_test_****"),
        403: _stripe(
            "invalid_request_error",
            "The provided key does not have the required permissions for this endpoint.",
            code="more_permissions_required",
        ),
        429: _stripe("invalid_request_error", "Request rate limit exceeded.", code="rate_limit"),
        500: _stripe("api_error", "An unknown error occurred"),
        503: _stripe("api_error", "The service is temporarily unavailable"),
    },
    "salesforce": {
        401: _salesforce("INVALID_SESSION_ID", "Session expired or invalid"),
        403: _salesforce("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
        404: _salesforce("NOT_FOUND", "The requested resource does not exist"),
        500: _salesforce("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
        503: _salesforce("SERVER_UNAVAILABLE", "The server is busy. Please try again later."),
    },
    "posthog": {
        401: _posthog(
            "authentication_error", "invalid_personal_api_key", "Invalid Personal API key."
        ),
        403: _posthog(
            "permission_denied",
            "permission_denied",
            "You do not have permission to perform this action.",
        ),
        429: _posthog(
            "throttled_error",
            "rate_limited",
            "Request was throttled. Expected available in 34 seconds.",
        ),
        500: _posthog("server_error", "error", "A server error occurred."),
        503: _posthog("server_error", "unavailable", "Service temporarily unavailable."),
    },
    "chargebee": {
        401: _chargebee(401, "api_authentication_failed", "Sorry, authentication failed."),
        403: _chargebee(
            403,
            "api_authorization_failed",
            "Sorry, the API key does not have the permission for this operation.",
        ),
        405: _chargebee(405, "site_not_ready", "The site is closed."),
        429: _chargebee(
            429,
            "api_request_limit_exceeded",
            "Sorry, the API request limit of your site has been reached.",
            type="invalid_request",
        ),
        500: _chargebee(500, "internal_error", "Sorry, something went wrong."),
        503: _chargebee(
            503,
            "internal_temporary_error",
            "Sorry, the server is currently unable to handle the request.",
        ),
    },
    "mixpanel": {
        400: _mixpanel("Unable to authenticate request"),
        401: _mixpanel("Invalid service account credentials"),
        402: _mixpanel("Payment Required"),
        403: _mixpanel("User does not have permission to access this project"),
        429: _mixpanel("Query rate limit exceeded"),
        500: _mixpanel("unknown error"),
        503: _mixpanel("Service Unavailable"),
    },
    "amplitude": {
        400: _amplitude(400, "invalid_argument", "The export is larger than 4GB"),
        401: _amplitude(401, "unauthenticated", "Unauthorized"),
        403: _amplitude(403, "permission_denied", "Forbidden"),
        429: _amplitude(429, "too_many_requests", "Exceeded rate limit with query cost"),
        500: _amplitude(500, "internal", "Internal Server Error"),
        503: _amplitude(503, "unavailable", "Service Unavailable"),
        504: _amplitude(504, "deadline_exceeded", "Gateway Timeout"),
    },
}
