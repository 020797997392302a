"""HubSpot's OAuth tokens, and what an account tells of itself."""

import pytest

TOKEN = "/oauth/v1/token"


def form_of(portal, **change):
    return {
        "grant_type": "refresh_token",
        "client_id": "an-app",
        "client_secret": "its-own",  # pragma: allowlist secret
        "refresh_token": portal.state.doors["hubspot"].secret,
    } | change


def granted(portal, path=TOKEN):
    answer = portal.ask("POST", path, data=form_of(portal), headers={"Authorization": None})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", [TOKEN, "/oauth/v3/token", "/oauth/2026-03/token"])
def test_a_refresh_token_gives_an_access_token(desk, path):
    grant = granted(desk, path)
    assert (grant["token_type"], grant["expires_in"]) == ("bearer", 1800)
    bearer = {"Authorization": f"Bearer {grant['access_token']}"}
    assert desk.ask("GET", "/crm/v3/owners", headers=bearer).status_code == 200


def test_an_access_token_ends_after_half_an_hour(desk):
    token = granted(desk)["access_token"]
    bearer, told = {"Authorization": f"Bearer {token}"}, f"/oauth/v1/access-tokens/{token}"
    desk.state.clock.skip(1799)
    assert desk.ask("GET", told).json()["expires_in"] == 1
    assert "crm.objects.companies.read" in desk.ask("GET", told).json()["scopes"]
    assert desk.ask("GET", "/crm/v3/owners", headers=bearer).status_code == 200
    desk.state.clock.skip(1)
    assert desk.ask("GET", told).status_code == 404
    assert desk.ask("GET", "/crm/v3/owners", headers=bearer).status_code == 401


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"refresh_token": "another"}, "BAD_REFRESH_TOKEN"),
        ({"grant_type": "password"}, "BAD_GRANT_TYPE"),
        ({"client_id": ""}, "BAD_CLIENT_ID"),
    ],
)
def test_a_wrong_form_is_refused_by_name(portal, change, status):
    answer = portal.ask("POST", TOKEN, data=form_of(portal, **change))
    assert (answer.status_code, answer.json()["status"]) == (400, status)


@pytest.mark.parametrize("bearer", ["", "Bearer ", "Bearer x", "Basic x"])
def test_other_tokens_do_not_pass(portal, bearer):
    headers = {"Authorization": bearer}
    assert portal.ask("GET", "/crm/v3/owners", headers=headers).status_code == 401


@pytest.mark.parametrize("version", ["v3", "2026-03"])
def test_an_account_tells_its_number_its_currency_and_its_zone(portal, version):
    details = portal.get(f"/account-info/{version}/details")
    assert (details["portalId"], details["accountType"]) == (145_300_000, "STANDARD")
    assert (details["companyCurrency"], details["timeZone"]) == ("USD", "UTC")
    assert "EUR" in details["additionalCurrencies"]
    assert portal.get("/integrations/v1/me")["portalId"] == details["portalId"]
