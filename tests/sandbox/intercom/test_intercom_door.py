"""Who may enter, in which version, at which rate (vendor documentation, checked Nov 2026)."""

import pytest
import requests


def test_a_wrong_or_missing_token_is_invalid_and_told_nothing_of_limits(client):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic abc"}):
        answer = requests.Session().get(f"{client.url}/me", headers=headers, timeout=120)
        assert answer.status_code == 401
        errors = [{"code": "unauthorized", "message": "Access Token Invalid"}]
        assert answer.json() == {
            "type": "error.list",
            "request_id": answer.headers["X-Request-Id"],
            "errors": errors,
        }
        assert "X-RateLimit-Limit" not in answer.headers


def test_the_version_is_echoed_and_the_apps_own_is_the_usual_one(client):
    told = {given: client.ask("/me", headers=given and {"Intercom-Version": given}).headers
            for given in (None, "2.14", "Unstable")}  # fmt: skip
    assert [one["Intercom-Version"] for one in told.values()] == ["2.16", "2.14", "Unstable"]
    status, code = client.refused("/me", headers={"Intercom-Version": "9.9"})
    assert (status, code) == (400, "intercom_version_invalid")


@pytest.mark.parametrize("version", ["2.10", "2.15"])
def test_older_versions_show_older_shapes(client, version):
    old = {"Intercom-Version": version}
    new, shown = (
        client.get("/conversations/8801"),
        client.ask("/conversations/8801", headers=old).json(),
    )
    assert (new["priority"], shown["priority"]) == ("high", "priority")
    assert client.ask("/conversations/8802", headers=old).json()["priority"] == "not_priority"
    assert ("company" in shown) == (version == "2.15")
    assert ("updated_at" in shown["conversation_rating"]) == (version == "2.15")
    assert client.refused("/conversations/deleted", headers=old)[1] == "intercom_version_invalid"


def test_an_unknown_path_and_a_wrong_method_are_not_found(client):
    assert client.refused("/nothing") == (404, "not_found")
    assert client.refused("/me", "DELETE") == (404, "not_found")


def test_the_window_of_ten_seconds_ends_at_a_full_ten(serve):
    with serve() as client:
        first, second = (client.ask("/tags").headers for _ in range(2))
        assert [one["X-RateLimit-Limit"] for one in (first, second)] == ["1666", "1666"]
        assert [one["X-RateLimit-Remaining"] for one in (first, second)] == ["1665", "1664"]
        now = client.state.clock.now().timestamp()
        assert first["X-RateLimit-Reset"] == str((int(now) // 10 + 1) * 10)


def test_over_the_limit_requests_are_refused_until_the_window_ends(serve):
    with serve(limits=True) as client:
        for _ in range(1_666):
            assert client.ask("/tags").status_code == 200
        refused = client.ask("/tags")
        assert refused.status_code == 429
        assert refused.json()["errors"] == [
            {"code": "rate_limit_exceeded", "message": "Exceeded rate limit of 1666 in 10_seconds"}
        ]
        assert "Retry-After" not in refused.headers
        client.state.clock.skip(10)
        assert client.ask("/tags").headers["X-RateLimit-Remaining"] == "1665"
