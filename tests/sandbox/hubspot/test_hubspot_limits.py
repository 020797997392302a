"""HubSpot's limits: a burst, searches a second, a day."""

import pytest

from sandbox.vendors.hubspot_portal import Settings

COMPANIES = "/crm/v3/objects/companies"
SEARCH = f"{COMPANIES}/search"


def test_replies_tell_the_limits_but_those_of_a_search_do_not(serve):
    with serve(accounts=[{}], limits=True) as portal:
        first = portal.ask("GET", COMPANIES).headers
        second = portal.ask("GET", COMPANIES).headers
        search = portal.ask("POST", SEARCH, json={}).headers
    limits = {name: value for name, value in second.items() if "ratelimit" in name.lower()}
    assert limits == {
        "x-hubspot-ratelimit-max": "190",
        "x-hubspot-ratelimit-remaining": "188",
        "x-hubspot-ratelimit-interval-milliseconds": "10000",
        "x-hubspot-ratelimit-daily": "650000",
        "x-hubspot-ratelimit-daily-remaining": "649998",
    }
    assert first["X-HubSpot-RateLimit-Remaining"] == "189"
    assert not [name for name in search if "ratelimit" in name.lower()]


@pytest.mark.parametrize(
    ("settings", "policy", "method", "path"),
    [
        (Settings(burst=2), "TEN_SECONDLY_ROLLING", "GET", COMPANIES),
        (Settings(searches_per_s=2), "SECONDLY", "POST", SEARCH),
        (Settings(daily=2), "DAILY", "GET", COMPANIES),
        (Settings(daily=2), "DAILY", "POST", SEARCH),
    ],
)
def test_one_request_too_many_is_a_429_that_names_its_policy(serve, settings, policy, method, path):
    with serve(accounts=[{}], limits=True, settings=settings) as portal:
        good = [portal.ask(method, path, json={}).status_code for _ in range(2)]
        answer = portal.ask(method, path, json={})
    body = answer.json()
    assert good == [200, 200]
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    assert (body["status"], body["errorType"]) == ("error", "RATE_LIMIT")
    assert body["policyName"] == policy
    assert body["message"] == f"You have reached your {policy.lower()} limit."
    assert body["correlationId"]
    assert body["requestId"]


def test_searches_do_not_use_up_the_burst_nor_the_other_way_round(serve):
    settings = Settings(burst=1, searches_per_s=1)
    with serve(accounts=[{}], limits=True, settings=settings) as portal:
        assert portal.ask("GET", COMPANIES).status_code == 200
        assert portal.ask("POST", SEARCH, json={}).status_code == 200
        assert portal.ask("GET", COMPANIES).status_code == 429


def test_the_documented_limits_hold(serve):
    with serve(accounts=[{}], limits=True) as portal:
        statuses = [portal.ask("GET", COMPANIES).status_code for _ in range(191)]
    assert statuses == [200] * 190 + [429]


def test_a_sandbox_without_limits_counts_nothing(serve):
    with serve(accounts=[{}], settings=Settings(burst=1)) as portal:
        answers = [portal.ask("GET", COMPANIES) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert not [name for name in answers[0].headers if "ratelimit" in name.lower()]
