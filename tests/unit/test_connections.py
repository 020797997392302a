"""Connections as Airflow keeps them, read by commands that run without Airflow."""

import json

import pytest

from include.connections import credentials_at_hand, read_fields, to_credentials
from include.errors import FixConfig
from include.settings import load_settings

SECRET = "tok-keep-me-out-of-messages"


def credentials(entered):
    return to_credentials("hubspot_default", "hubspot", read_fields(entered, "AIRFLOW_CONN_X"))


@pytest.mark.parametrize(
    ("entered", "base_url", "login"),
    [
        ({"host": "https://api.hubapi.com/"}, "https://api.hubapi.com", ""),
        ({"host": "api.kite.example", "login": "ann"}, "https://api.kite.example", "ann"),
        ({"host": "twin", "schema": "http", "port": 8101}, "http://twin:8101", ""),
    ],
)
def test_a_connection_is_read_as_json(entered, base_url, login):
    found = credentials(json.dumps({"conn_type": "http", "password": SECRET, **entered}))
    assert (found.base_url, found.user, found.secret) == (base_url, login, SECRET)


@pytest.mark.parametrize("extra", [{"project_id": 7}, '{"project_id": "7"}'])
def test_extra_fields_come_as_text_however_they_are_written(extra):
    found = credentials(json.dumps({"host": "https://x.example", "password": "p", "extra": extra}))
    assert found.extra == {"project_id": "7"}


def test_a_connection_is_read_as_a_uri():
    found = credentials("http://ann%40kite.example:p%2Fw@twin:8101/http?project_id=7")
    assert found.base_url == "http://twin:8101"
    assert (found.user, found.secret, found.extra) == (
        "ann@kite.example",
        "p/w",
        {"project_id": "7"},
    )


@pytest.mark.parametrize("entered", ['{"host": ', f"http://x:{SECRET}@host:no-port"])
def test_what_is_no_connection_is_named_by_its_variable_and_not_shown(entered):
    with pytest.raises(FixConfig, match="AIRFLOW_CONN_X") as raised:
        credentials(entered)
    assert SECRET not in str(raised.value)


def test_a_connection_without_a_password_is_a_mistake():
    with pytest.raises(FixConfig, match="hubspot_default needs a host and a password"):
        credentials('{"host": "https://api.hubapi.com"}')


def test_a_private_key_stands_for_a_password():
    given = credentials('{"host": "https://a.example", "extra": {"private_key_file": "/k.pem"}}')
    assert (given.secret, given.extra) == ("", {"private_key_file": "/k.pem"})


def test_the_environment_comes_first_then_others_then_an_explanation(monkeypatch):
    settings = load_settings()
    variable = "AIRFLOW_CONN_HUBSPOT_DEFAULT"
    one, other = (
        json.dumps({"host": f"https://{name}.example", "password": "p"}) for name in ("one", "two")
    )
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(FixConfig, match=variable):
        credentials_at_hand(settings, "hubspot")
    others = {"hubspot_default": other}
    assert credentials_at_hand(settings, "hubspot", others).base_url == "https://two.example"
    monkeypatch.setenv(variable, one)
    assert credentials_at_hand(settings, "hubspot", others).base_url == "https://one.example"
