"""health.yaml: read strictly, every mistake named with its place, no secret shown."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from include.errors import FixConfig
from include.settings import ROOT, Credentials, load_settings, parse_settings
from include.vendor_settings import HubSpot

GOOD = """
scorecards: [card.yaml]
sources:
  - {name: crm, vendor: hubspot, connection: hubspot_default}
"""
BOMB = (
    "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 8))
    + "last: {? *l7 : 1}\n"
)


def complaint(text: str) -> str:
    with pytest.raises(FixConfig) as refused:
        parse_settings(text, where="test.yaml")
    return str(refused.value)


def test_the_file_we_ship_is_valid_and_names_every_vendor():
    settings = load_settings(ROOT / "health.yaml")
    assert [source.role for source in settings.sources] == ["crm", "support", "billing", "usage"]
    assert settings.crm_source.name == "hubspot"
    assert settings.history_days >= 180, "trends show on the first run"
    assert all((ROOT / card).suffix == ".yaml" for card in settings.scorecards)


def test_what_is_not_written_has_the_value_of_the_file_we_ship():
    smallest = parse_settings(GOOD, where="test.yaml")
    shipped = load_settings(ROOT / "health.yaml")
    for part in (
        "time_zone", "runs_at", "currency", "history_days", "checks", "crm", "identity", "peers",
    ):  # fmt: skip
        assert getattr(smallest, part) == getattr(shipped, part)


@pytest.mark.parametrize(
    ("entered", "cron"), [("00:00", "0 0 * * *"), ("03:00", "0 3 * * *"), ("08:59", "59 8 * * *")]
)
def test_the_hour_of_the_daily_run_is_a_cron_expression(entered, cron):
    assert parse_settings(GOOD + f"runs_at: '{entered}'", where="x").daily_schedule == cron


def test_settings_cannot_be_changed_by_the_way():
    settings = parse_settings(GOOD, where="test.yaml")
    with pytest.raises(ValidationError, match="frozen"):
        settings.time_zone = "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + "histroy_days: 30", ["histroy_days", "did you mean history_days?"]),
        (GOOD + "checks: {max_age_day: 1}", ["checks.max_age_day", "did you mean max_age_days?"]),
        (GOOD + "zebra: 1", ["zebra: no such setting."]),
        (GOOD + "time_zone: Europe/Berln", ["Europe/Berln is no time zone", "Europe/Berlin?"]),
        (GOOD + "currency: USD", ["currency"]),
        (GOOD + "runs_at: 14:30", ["runs_at", "in quotes"]),  # YAML reads the number 870
        (GOOD + "runs_at: '24:00'", ["runs_at", "hours and minutes"]),
        (GOOD + "runs_at: '09:00'", ["checks.published_by_hour (9)", "later than runs_at (09:00)"]),
        (GOOD + "history_days: -1", ["history_days", "greater than or equal to 0"]),
        (GOOD + "history_days: soon", ["history_days", "valid integer"]),
        (GOOD + "checks: {max_quarantined_share: 5}", ["max_quarantined_share", "less than"]),
        (GOOD + "checks: {max_quarantined_share: .nan}", ["max_quarantined_share"]),
        (GOOD + "crm: {prefix: 'Cs'}", ["crm.prefix"]),
        (GOOD + "crm: {dead_band: 21}", ["crm.dead_band"]),
        (GOOD + "history_days: 1\nhistory_days: 2", ["history_days stands there twice", "line 6"]),
        (GOOD + "history_days: &a [1]\n? *a\n: 2", ["a key is one word", "line 5"]),
        (GOOD + BOMB, ["a key is one word"]),  # as text it is a gigabyte
        (GOOD + "  - {name: crm, vendor: stripe, connection: c}", ["two sources are named crm"]),
        (GOOD + "  - {name: b, vendor: hubspot, connection: c}", ["exactly one source", "CRM"]),
        (GOOD + "  - {name: b, vendor: pipedrive, connection: c}", ["sources.1", "'hubspot'"]),
        (GOOD + "  - {name: B!, vendor: stripe, connection: c}", ["sources.1", "name"]),
        (GOOD + "  - {vendor: stripe}", ["sources.1.stripe.name", "sources.1.stripe.connection"]),
        (GOOD.replace("hubspot_default", "x, fields: {arrr: a}"), ["arrr", "did you mean arr?"]),
        (GOOD + "  - {name: b, vendor: chargebee, connection: c, account_key: x}",
         ["account_key: no", "did you mean account_keys?"]),
        (GOOD + "  - {name: b, vendor: intercom, connection: c, account_keys: x}",
         ["account_keys: no", "did you mean account_key?"]),
        (GOOD + "  - {name: b, vendor: stripe, connection: c, host: x}", ["host: no such"]),
        (GOOD + "crm: {fields: {score: {nam: x}}}", ["score.nam", "did you mean name?"]),
        (GOOD + "crm: {receipt_url: 'https://x/{account}'}", ["crm.receipt_url", "{record}"]),
        (GOOD + "crm: {receipt_url: 'https://x/{day'}", ["crm.receipt_url", "no other braces"]),
        (GOOD + "history_days: 2026-02-30", ["history_days", "valid integer"]),
        (GOOD.replace("[card.yaml]", "[]"), ["scorecards", "at least 1"]),
        ("scorecards: [a.yaml]\nsources: []", ["sources", "at least 1"]),
        ("", ["the file"]),
        ("just words", ["the file"]),
        ("a: [", ["not valid YAML", "line 1"]),
        ("a: !!python/object/apply:os.getcwd []", ["not valid YAML"]),
        ("[" * 5000, ["not valid YAML"]),
        ("#" * 1_000_001, ["larger than 1,000,000"]),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(text, words):
    said = complaint(text)
    assert said.startswith("test.yaml")
    assert [word for word in words if word not in said] == []


def test_all_mistakes_are_told_at_once():
    said = complaint(GOOD + "time_zone: Mars/Olympus\nhistory_days: -1\nzebra: 1")
    assert all(word in said for word in ("Mars/Olympus", "history_days", "zebra"))


def test_a_value_that_is_wrong_is_not_repeated_in_the_message():
    assert "hunter2" not in complaint(GOOD + "history_days: hunter2")


def test_a_file_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    with pytest.raises(FixConfig, match=r"missing\.yaml: No such file"):
        load_settings(tmp_path / "missing.yaml")
    odd = tmp_path / "odd.yaml"
    odd.write_bytes(b"time_zone: \xff")
    with pytest.raises(FixConfig, match=r"odd\.yaml: it is not UTF-8"):
        load_settings(odd)
    monkeypatch.setenv("HEALTH_SETTINGS", str(tmp_path / "elsewhere.yaml"))
    with pytest.raises(FixConfig, match=r"elsewhere\.yaml"):
        load_settings()


def test_a_source_is_found_by_name_or_the_names_are_told():
    settings = parse_settings(GOOD, where="test.yaml")
    assert isinstance(settings.source("crm"), HubSpot)
    with pytest.raises(FixConfig, match="no source billing; it has crm"):
        settings.source("billing")


def test_credentials_do_not_show_their_secret():
    credentials = Credentials("https://api.example.com", "s3cret", "user")
    assert "s3cret" not in repr(credentials) + str(credentials)
    assert "api.example.com" in repr(credentials)


def test_no_secret_stands_in_the_file_we_ship():
    shipped = yaml.safe_load(Path(ROOT / "health.yaml").read_text(encoding="utf-8"))
    keys = {key for source in shipped["sources"] for key in source}
    assert keys
    assert not {"token", "secret", "password", "api_key"} & keys
