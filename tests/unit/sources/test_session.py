import pytest
import requests

from include.errors import FixConfig, RejectData
from include.settings import Credentials
from include.sources.http.session import Bearer, checked_base, full_url, open_session

BASE = "https://acme.zendesk.com"


def test_a_next_page_may_be_a_path_or_a_url_on_our_own_host():
    assert full_url(BASE, "/api/v2/users", "zendesk") == f"{BASE}/api/v2/users"
    assert full_url(BASE, f"{BASE}:443/api/v2/users?page=2", "zendesk").endswith("page=2")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/api/v2/users",
        "http://acme.zendesk.com/api/v2/users",
        "https://acme.zendesk.com:8443/api/v2/users",
        "https://acme.zendesk.com@evil.example/",
        "//evil.example/api",
        "https://acme.zendesk.com.evil.example/",
        "http://[broken/",
    ],
)
def test_a_next_page_elsewhere_is_refused_and_not_named(url):
    with pytest.raises(RejectData, match="zendesk: the next page points to another host") as caught:
        full_url(BASE, url, "zendesk")
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize(
    ("base_url", "complaint"),
    [
        ("acme.zendesk.com", "is no http"),
        ("ftp://acme.zendesk.com", "is no http"),
        ("https://", "is no http"),
        ("https://user:pass@acme.zendesk.com", "plain address"),
        ("https://acme.zendesk.com?x=1", "plain address"),
        ("http://acme.zendesk.com", "must be called by https"),
    ],
)
def test_a_base_url_that_must_not_get_a_secret_is_refused(base_url, complaint):
    with pytest.raises(FixConfig, match=complaint) as caught:
        checked_base(base_url, "zendesk")
    assert "pass" not in str(caught.value)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:9000/", "http://[::1]:9", "http://sandbox"])
def test_plain_http_is_for_this_machine_and_our_own_network(base_url):
    assert checked_base(base_url, "stripe") == base_url.rstrip("/")


def test_the_machine_does_not_change_the_way_to_a_vendor_nearby(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    session = open_session("http://127.0.0.1:9000", Bearer("secret"))
    assert not session.trust_env
    assert dict(session.proxies) == {}


def test_the_machines_proxy_holds_on_the_way_out(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/company.pem")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    session = open_session(BASE, Bearer("secret"))
    assert session.proxies["https"] == "http://proxy.example:3128"
    assert session.verify == "/etc/company.pem"


def test_certificates_are_checked(monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    assert open_session(BASE, Bearer("secret")).verify is True


def test_no_repr_shows_the_secret():
    auth = Bearer("secret-one")
    request = requests.Request("GET", BASE, auth=auth)
    shown = repr(auth) + repr(request) + repr(Credentials(BASE, "secret-one", "user"))
    assert "secret-one" not in shown
