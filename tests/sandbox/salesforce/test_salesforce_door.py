"""Tokens: which grants give one, and what is said to those without."""

import base64
import json
import time

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.doors import Door
from sandbox.state import Journal, State
from sandbox.vendors.salesforce import build
from sandbox.vendors.salesforce_key import private_key, private_key_pem
from sandbox.vendors.salesforce_org import Settings
from tests.sandbox.salesforce.conftest import END, Org, make_world
from tests.sandbox.stage import StillClock, staged

JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ADMIN = {"accounts": [{}]}


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def assertion(org, key=None, algorithm="RS256", **claims):
    told = {
        "iss": org.door.user,
        "sub": org.door.extra["username"],
        "aud": "https://login.salesforce.com",
        "exp": int(time.time()) + 180,
    }
    signed = part({"alg": algorithm}) + b"." + part(told | claims)
    signature = (key or private_key()).sign(signed, padding.PKCS1v15(), SHA256())
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def error(answer):
    assert answer.status_code == 400
    return answer.json()["error"], answer.json()["error_description"]


def test_client_credentials_give_a_token_and_say_where_to_go(org):
    answer = org.token(grant_type="client_credentials", **org.client).json()
    assert answer["instance_url"] == org.base
    assert answer["token_type"] == "Bearer"
    assert answer["issued_at"].isdigit()
    assert len(answer["issued_at"]) == 13
    assert answer["id"].startswith(f"{org.base}/id/00D")
    assert "expires_in" not in answer


def test_client_credentials_may_come_as_basic(org):
    assert org.token(grant_type="client_credentials", auth=(*org.client.values(),)).ok


def test_the_instance_is_where_the_client_came_even_through_a_proxy(org):
    url = f"{org.base}/services/oauth2/token"
    headers = {"Host": "kite.my.salesforce.com", "X-Forwarded-Proto": "https"}
    form = {"grant_type": "client_credentials", **org.client}
    answer = requests.request("POST", url, data=form, headers=headers, timeout=120)
    assert answer.json()["instance_url"] == "https://kite.my.salesforce.com"


def test_errors_of_the_token_endpoint_are_an_object(org):
    wrong = org.client | {"client_secret": "guessed"}
    assert error(org.token(grant_type="client_credentials", **wrong))[0] == "invalid_client"
    other = org.client | {"client_id": "guessed"}
    assert error(org.token(grant_type="client_credentials", **other))[0] == "invalid_client_id"
    assert error(org.token(grant_type="magic"))[0] == "unsupported_grant_type"


def test_an_assertion_signed_with_the_sandboxs_key_gives_a_token(org):
    answer = org.token(grant_type=JWT, assertion=assertion(org, exp=str(int(time.time()) + 60)))
    assert answer.ok
    assert "refresh_token" not in answer.json()
    assert "BEGIN PRIVATE KEY" in private_key_pem()


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"iss": "somebody"}, "client identifier invalid"),
        ({"sub": "somebody@else.example"}, "user hasn't approved this consumer"),
        ({"aud": "https://elsewhere.example"}, "audience is invalid"),
        ({"exp": 1_700_000_000}, "expired authorization code"),
        ({"algorithm": "none"}, "invalid assertion"),
    ],
)
def test_an_assertion_for_something_else_is_refused(org, claims, said):
    assert error(org.token(grant_type=JWT, assertion=assertion(org, **claims)))[1] == said


def test_an_assertion_of_a_strangers_key_is_refused(org):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signed = assertion(org, key)
    assert error(org.token(grant_type=JWT, assertion=signed)) == (
        "invalid_grant",
        "invalid assertion",
    )


def test_a_key_of_the_doors_own_is_taken_instead():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    state = State(make_world(**ADMIN), StillClock(END), Journal())
    before = state.doors["salesforce"]
    extra = {**before.extra, "certificate": pem}
    state.doors["salesforce"] = Door(before.secret, before.user, extra)
    with staged(build(state)) as base:
        org = Org(base, state)
        assert org.token(grant_type=JWT, assertion=assertion(org, key)).ok
        assert not org.token(grant_type=JWT, assertion=assertion(org)).ok


def test_the_refresh_token_gives_tokens_again_and_again(org):
    form = {"grant_type": "refresh_token", "refresh_token": org.door.extra["refresh_token"]}
    for _ in range(2):
        assert org.token(**form, **org.client).ok
    form["refresh_token"] = "stale"
    assert error(org.token(**form, **org.client)) == (
        "invalid_grant",
        "expired access/refresh token",
    )


def test_a_rotated_refresh_token_used_twice_ends_the_grant(serve):
    with serve(settings=Settings(rotate=True), **ADMIN) as org:
        first = org.door.extra["refresh_token"]
        form = {"grant_type": "refresh_token", **org.client}
        second = org.token(refresh_token=first, **form).json()["refresh_token"]
        assert second != first
        assert error(org.token(refresh_token=first, **form))[0] == "invalid_grant"
        assert error(org.token(refresh_token=second, **form))[0] == "invalid_grant"


def test_a_rotated_refresh_token_survives_a_restart(serve):
    journal = Journal()
    form = {"grant_type": "refresh_token"}
    with serve(settings=Settings(rotate=True), journal=journal, **ADMIN) as org:
        first = org.door.extra["refresh_token"]
        second = org.token(refresh_token=first, **form, **org.client).json()["refresh_token"]
    with serve(settings=Settings(rotate=True), journal=journal, **ADMIN) as org:
        assert org.token(refresh_token=second, **form, **org.client).ok


def test_username_and_password_give_a_token(org):
    form = {"grant_type": "password", "username": org.door.extra["username"], **org.client}
    assert org.token(password=org.door.secret, **form).ok
    assert error(org.token(password="guessed", **form)) == (
        "invalid_grant",
        "authentication failure",
    )


def test_no_token_and_a_wrong_one_are_told_apart(org):
    url = f"{org.base}/services/data/v66.0/limits"
    answer = requests.request("GET", url, timeout=120)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (401, "INVALID_AUTH_HEADER")
    answer = requests.request("GET", url, headers={"Authorization": "Bearer stale"}, timeout=120)
    assert answer.status_code == 401
    assert answer.json() == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]


def test_a_revoked_token_opens_nothing(serve):
    with serve(**ADMIN) as org:
        token = org.session.headers["Authorization"].removeprefix("Bearer ")
        revoke = f"{org.base}/services/oauth2/revoke"
        assert requests.request("POST", revoke, data={"token": token}, timeout=120).ok
        assert org.refused("GET", "/limits")[:2] == (401, "INVALID_SESSION_ID")


def test_versions_are_listed_to_everybody(org):
    told = requests.request("GET", f"{org.base}/services/data/", timeout=120).json()
    assert told[-1] == {"label": "Winter '27", "url": "/services/data/v68.0", "version": "68.0"}
    assert told[-3]["label"] == "Spring '26"


@pytest.mark.parametrize(
    ("version", "status"), [("66", 404), ("69.0", 404), ("x.0", 404), ("30.0", 410)]
)
def test_versions_that_are_not_there(org, version, status):
    assert org.refused("GET", f"/services/data/v{version}/limits")[0] == status


def test_an_address_that_is_too_long_is_not_answered_in_json(org):
    soql = "SELECT Id FROM Account WHERE Name = '" + "x" * 17_000 + "'"
    answer = org.ask("GET", "/query", params={"q": soql})
    assert answer.status_code == 414
    assert "json" not in answer.headers["Content-Type"]


def test_every_answer_tells_what_is_used_of_the_allowance(serve):
    with serve(**ADMIN) as org:
        for used in (1, 2):
            answer = org.ask("GET", "/limits")
            assert answer.headers["Sforce-Limit-Info"] == f"api-usage={used}/100000"
        assert answer.json()["DailyApiRequests"] == {"Max": 100_000, "Remaining": 99_998}


def test_a_used_up_allowance_is_a_403_without_retry_after(serve):
    with serve(limits=True, settings=Settings(daily_requests=1), **ADMIN) as org:
        org.get("/limits")
        answer = org.ask("GET", "/limits")
        assert answer.status_code == 403
        assert answer.json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
        assert "Retry-After" not in answer.headers
        assert answer.headers["Sforce-Limit-Info"] == "api-usage=1/1"


def test_soaps_login_gives_a_session_that_is_a_token(org):
    asked = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        '<login xmlns="urn:partner.soap.sforce.com"><username>{}</username>'
        "<password>{}</password></login></e:Body></e:Envelope>"
    )
    url = f"{org.base}/services/Soap/u/66.0"
    username = org.door.extra["username"]
    good = requests.request("POST", url, data=asked.format(username, org.door.secret), timeout=120)
    session = good.text.split("<sessionId>")[1].split("<")[0]
    assert f"<serverUrl>{org.base}/services/Soap/u/66.0/00D" in good.text
    headers = {"Authorization": f"Bearer {session}"}
    limits = f"{org.base}/services/data/v66.0/limits"
    assert requests.request("GET", limits, headers=headers, timeout=120).ok
    bad = requests.request("POST", url, data=asked.format(username, "guessed"), timeout=120)
    assert bad.status_code == 500
    assert "<sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode>" in bad.text
    assert requests.request("POST", url, data="no xml", timeout=120).status_code == 500


def test_names_of_headers_have_their_capitals(org):
    names = set(org.ask("GET", "/limits").raw.headers)
    assert {"Content-Type", "Sforce-Limit-Info"} <= names
