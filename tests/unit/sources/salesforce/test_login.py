"""How the source enters an org, and what becomes of a login that is refused."""

from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from include.errors import FixConfig, RejectData, RetryLater
from include.settings import Credentials
from include.sources.salesforce_login import audience_of
from tests.unit.sources.conftest import Reply
from tests.unit.sources.salesforce.conftest import KEY, SECRET, USER, read, user

PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()


@pytest.fixture
def users(org):
    org.serve("User", *USER, records=[user("005")])


def form_of(org):
    login = next(asked for asked in org.asked if asked.path == "/services/oauth2/token")
    return {name: values[0] for name, values in parse_qs(login.body).items()}


def test_client_credentials_are_the_key_and_the_secret_of_the_app(org, users, opened):
    assert len(read(opened(), "users")[0]) == 1
    assert form_of(org) == {
        "grant_type": "client_credentials",
        "client_id": KEY,
        "client_secret": SECRET,
    }


@pytest.mark.parametrize("way", ["text", "one line", "file"])
def test_a_private_key_signs_a_token_for_three_minutes(org, users, opened, tmp_path, way):
    extra = {"username": "ann@seller.example", "private_key": PEM}
    if way == "one line":
        extra["private_key"] = PEM.replace("\n", "\\n")
    if way == "file":
        path = tmp_path / "key.pem"
        path.write_text(PEM)
        extra = {"username": "ann@seller.example", "private_key_file": str(path)}
    read(opened(Credentials(org.url, "", KEY, extra)), "users")
    form = form_of(org)
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    claims = jwt.decode(form["assertion"], PRIVATE.public_key(), ["RS256"], audience=org.url)
    assert (claims["iss"], claims["sub"]) == (KEY, "ann@seller.example")
    assert jwt.get_unverified_header(form["assertion"])["alg"] == "RS256"


@pytest.mark.parametrize(
    ("host", "audience"),
    [
        ("https://kite.my.salesforce.com", "https://login.salesforce.com"),
        ("https://kite--dev.sandbox.my.salesforce.com", "https://test.salesforce.com"),
        ("https://test.salesforce.com", "https://test.salesforce.com"),
    ],
)
def test_a_token_is_addressed_to_the_login_host(host, audience):
    assert audience_of(host) == audience


@pytest.mark.parametrize(
    ("user_name", "extra", "words"),
    [
        ("", {}, "needs the app's consumer key"),
        (KEY, {"private_key": PEM}, "needs username"),
        (KEY, {"private_key": "no key", "username": "a"}, "no RSA key as PEM"),
        (KEY, {"private_key_file": "/nowhere", "username": "a"}, "cannot be read"),
    ],
)
def test_a_connection_that_cannot_be_right_is_told(org, opened, user_name, extra, words):
    with pytest.raises(FixConfig, match=words) as caught:
        read(opened(Credentials(org.url, SECRET, user_name, extra)), "users")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Reply({"error": "invalid_grant"}, status=400), FixConfig, "does not let this app in"),
        (Reply({"error": "invalid_client"}, status=401), FixConfig, "consumer secret"),
        (Reply({"error": "something_new"}, status=400), FixConfig, "answered 400"),
        (Reply({"error": "rate_limit_exceeded"}, status=400), RetryLater, "too many logins"),
        (Reply(b"<html>", status=503), RetryLater, "trouble of its own"),
        (Reply({"access_token": "x"}), RejectData, "no instance_url"),
        (Reply(["x"]), RejectData, "no access_token"),
    ],
)
def test_a_refused_login_says_what_to_do(org, opened, answer, kind, words):
    org.answers["POST token"] = answer
    with pytest.raises(kind, match=words):
        read(opened(), "users")


@pytest.mark.parametrize("instance", ["http://evil.example", "ftp://kite.example", "nonsense"])
def test_a_token_is_not_taken_to_an_address_without_https(org, users, opened, instance):
    org.instance = instance
    with pytest.raises(FixConfig, match="must not get a token"):
        read(opened(), "users")


def test_an_expired_token_is_renewed_and_the_call_sent_again(org, users, opened):
    source = opened()
    read(source, "users")
    org.tokens.append("somebody revoked the first one")
    assert len(read(source, "users")[0]) == 1
    logins = [asked for asked in org.asked if asked.path == "/services/oauth2/token"]
    assert len(logins) == 2


def test_a_token_that_is_refused_twice_is_a_mistake(org, opened):
    org.answers["GET /sobjects/User/describe"] = Reply(
        [{"errorCode": "INVALID_SESSION_ID", "message": "x"}], status=401
    )
    with pytest.raises(FixConfig, match="401"):
        read(opened(), "users")
