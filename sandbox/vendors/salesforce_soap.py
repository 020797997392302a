"""SOAP's login, which older clients begin with, and who a token belongs to.

Vendor facts: SOAP API developer guide on login(), checked Nov 2026; only this call is answered.
"""

from xml.sax.saxutils import escape

from defusedxml.ElementTree import ParseError, fromstring

from sandbox.vendors.salesforce_http import Call, Json, Reply
from sandbox.vendors.salesforce_oauth import Tokens, is_user
from sandbox.vendors.salesforce_world import INTEGRATION, ORG

PARTNER = "urn:partner.soap.sforce.com"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
SESSION_S = 7_200
XML = "text/xml; charset=utf-8"


def login(tokens: Tokens, call: Call) -> Reply:
    """A session id that is good as a bearer token, or a fault with status 500."""
    try:
        tree = fromstring(call.body)
    except ParseError:
        return _fault("INVALID_OPERATION", "the request is no XML")
    asked = tree.find(f".//{{{PARTNER}}}login")
    if asked is None:
        return _fault("INVALID_OPERATION", "only login() is answered here")
    username = asked.findtext(f"{{{PARTNER}}}username") or ""
    password = asked.findtext(f"{{{PARTNER}}}password") or ""
    if not is_user(tokens.door, username, password):
        message = "Invalid username, password, security token; or user locked out."
        return _fault("INVALID_LOGIN", message)
    address = f"{call.base}/services/Soap/u/{call.path['version']}/{ORG[:15]}"
    result = {
        "metadataServerUrl": address.replace("/u/", "/m/"),
        "passwordExpired": "false",
        "sandbox": "false",
        "serverUrl": address,
        "sessionId": tokens.give(),
        "userId": INTEGRATION,
    }
    told = {"organizationId": ORG, "sessionSecondsValid": str(SESSION_S), "userId": INTEGRATION} | {
        "userEmail": username,
        "userFullName": "Health Integration",
        "userName": username,
        "userType": "Standard",
    }
    inner = f"{_elements(result)}<userInfo>{_elements(told)}</userInfo>"
    return _envelope(
        200, f'<loginResponse xmlns="{PARTNER}"><result>{inner}</result></loginResponse>'
    )


def identity(tokens: Tokens, call: Call) -> Reply:
    """Who the running user is, as /services/oauth2/userinfo and the identity address tell it."""
    name = tokens.door.extra.get("username", "")
    told: Json = {
        "sub": f"{call.base}/id/{ORG}/{INTEGRATION}",
        "id": f"{call.base}/id/{ORG}/{INTEGRATION}",
        "user_id": INTEGRATION,
        "organization_id": ORG,
        "username": name,
        "preferred_username": name,
        "nick_name": "health",
        "display_name": "Health Integration",
        "name": "Health Integration",
        "email": name,
        "active": True,
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": "en_US",
        "urls": {
            "rest": f"{call.base}/services/data/v{{version}}/",
            "sobjects": f"{call.base}/services/data/v{{version}}/sobjects/",
            "query": f"{call.base}/services/data/v{{version}}/query/",
        },
    }
    return Reply(body=told)


def _fault(code: str, message: str) -> Reply:
    """What clients look for stands in elements of the prefix sf."""
    text = f"{code}: {escape(message)}"
    detail = (
        f"<sf:LoginFault><sf:exceptionCode>{code}</sf:exceptionCode>"
        f"<sf:exceptionMessage>{escape(message)}</sf:exceptionMessage></sf:LoginFault>"
    )
    return _envelope(
        500,
        f"<soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{text}</faultstring>"
        f"<detail>{detail}</detail></soapenv:Fault>",
    )


def _envelope(status: int, body: str) -> Reply:
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{ENVELOPE}" '
        f'xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>{body}</soapenv:Body>'
        "</soapenv:Envelope>"
    )
    return Reply(status, xml.encode(), media=XML)


def _elements(values: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
