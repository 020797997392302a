"""The forms in which the first Bulk API asks and answers: JSON or XML, whichever the client uses.

Vendor facts: Bulk API developer guide, checked Nov 2026.
"""

from xml.sax.saxutils import escape

from defusedxml.ElementTree import ParseError, fromstring

from sandbox.vendors.salesforce_http import Call, Json, Reply

NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"
XML = "application/xml"
ASKED = ("operation", "object", "contentType", "externalIdFieldName", "state")


class Wrong(Exception):
    """A refusal in this API's own shape, always with status 400."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def asked_of(call: Call) -> dict[str, str]:
    """What the client wants of a job, from JSON or XML."""
    if asks_json(call):
        return {name: str(value) for name, value in call.fields().items() if value is not None}
    try:
        tree = fromstring(call.body.strip())
    except ParseError as error:
        raise Wrong("InvalidXML", "the request is no XML") from error
    found = {name: tree.findtext(f"{{{NAMESPACE}}}{name}") for name in ASKED}
    return {name: value for name, value in found.items() if value}


def asks_json(call: Call) -> bool:
    return "json" in call.headers.get("content-type", "")


def info(name: str, shown: Json, *, is_json: bool, status: int = 200) -> Reply:
    if is_json:
        return Reply(status, dict(shown), media="application/json")
    return page(element(name, shown, f' xmlns="{NAMESPACE}"'), status)


def element(name: str, values: Json, more: str = "") -> str:
    inner = "".join(f"<{key}>{escape(str(one))}</{key}>" for key, one in values.items())
    return f"<{name}{more}>{inner}</{name}>"


def page(xml: str, status: int = 200) -> Reply:
    text = f'<?xml version="1.0" encoding="UTF-8"?>{xml}'
    return Reply(status, text.encode(), media=XML)


def to_refusal(wrong: Wrong, call: Call) -> Reply:
    body: Json = {"exceptionCode": wrong.code, "exceptionMessage": str(wrong)}
    return info("error", body, is_json=asks_json(call), status=400)
