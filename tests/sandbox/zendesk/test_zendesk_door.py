"""Who may enter, at which rate (vendor documentation and issue threads, checked Nov 2026)."""

import requests


def bare(desk, path, **options):
    return requests.Session().request("GET", f"{desk.url}/api/v2{path}", timeout=120, **options)


def test_a_wrong_or_missing_token_cannot_authenticate(desk):
    body = {"error": "Couldn't authenticate you"}
    user = "sandbox@kite.example/token"
    for options in (
        {},
        {"auth": (user, "wrong")},
        {"auth": ("sandbox@kite.example", "password")},
        {"headers": {"Authorization": "Bearer wrong"}},
        {"headers": {"Authorization": "Basic not-base64"}},
    ):
        answer = bare(desk, "/tickets", **options)
        assert (answer.status_code, answer.json()) == (401, body)


def test_a_bearer_token_is_as_good_as_basic(desk):
    token = desk.state.doors["zendesk"].secret
    answer = bare(desk, "/tickets", headers={"Authorization": f"Bearer {token}"})
    assert answer.json() == desk.get("/tickets")


def test_users_me_answers_a_visitor_with_nobody(desk):
    visitor = bare(desk, "/users/me.json")
    assert visitor.status_code == 200
    assert visitor.json()["user"]["id"] is None
    assert bare(desk, "/users/me.json", auth=("a@b.example/token", "wrong")).status_code == 401


def test_every_answer_says_what_is_left_of_the_minute(serve):
    with serve(tickets=[{}], limits=True) as desk:
        headers = [desk.ask("/tickets").headers for _ in range(2)]
        assert [h["X-Rate-Limit"] for h in headers] == ["700", "700"]
        assert [h["X-Rate-Limit-Remaining"] for h in headers] == ["699", "698"]
        assert headers[0]["ratelimit-remaining"] == "699"
        assert int(headers[0]["ratelimit-reset"]) <= 60


def test_the_account_has_700_requests_a_minute(serve):
    with serve(limits=True) as desk:
        for _ in range(700):
            assert desk.ask("/organization_fields").status_code == 200
        refused = desk.ask("/organization_fields")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert refused.json() == {
            "error": "APIRateLimitExceeded",
            "description": "Number of allowed API requests per minute exceeded",
        }


def test_exports_have_ten_requests_a_minute_of_their_own(serve):
    with serve(tickets=[{}], limits=True) as desk:
        path = "/incremental/tickets/cursor?start_time=1"
        told = [desk.ask(path).headers["Zendesk-RateLimit-incremental-exports"] for _ in range(10)]
        assert told[0].startswith("total=10; remaining=9; resets=")
        assert told[9].startswith("total=10; remaining=0; resets=")
        refused = desk.ask("/incremental/users/cursor?start_time=1")
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.json()["error"] == "APIRateLimitExceeded"
        assert desk.ask("/tickets").status_code == 200


def test_with_the_high_volume_add_on_exports_have_thirty(serve):
    with serve(tickets=[{}], limits=True, high_volume=True) as desk:
        headers = desk.ask("/incremental/tickets/cursor?start_time=1").headers
        assert headers["Zendesk-RateLimit-incremental-exports"].startswith("total=30; remaining=29")
        assert headers["X-Rate-Limit"] == "2500"


def test_without_limits_nothing_is_counted(serve):
    with serve(tickets=[{}]) as desk:
        answers = [desk.ask("/incremental/tickets/cursor?start_time=1") for _ in range(11)]
        assert {answer.status_code for answer in answers} == {200}
        assert "X-Rate-Limit" not in answers[-1].headers
