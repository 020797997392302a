"""Who is let in, and how often (MIXPANEL.md parts 1 and 4)."""

import base64

import requests


def bare(mixpanel, path="/api/query/cohorts/list", params=None, **options):
    return requests.Session().get(f"{mixpanel.url}{path}", params=params, timeout=120, **options)


def test_a_service_account_names_its_project(mixpanel):
    door = mixpanel.state.doors["mixpanel"]
    auth = (door.user, door.secret)
    assert bare(mixpanel, params={"project_id": "1"}, auth=auth).status_code == 200
    missing = bare(mixpanel, auth=auth)
    assert missing.status_code == 400
    assert "project_id is a required parameter" in missing.json()["error"]
    assert bare(mixpanel, params={"project_id": "2"}, auth=auth).status_code == 403
    assert bare(mixpanel, "/api/app/projects/1/annotations", auth=auth).status_code == 200


def test_a_project_secret_needs_no_project_with_or_without_a_colon(mixpanel):
    secret = mixpanel.state.doors["mixpanel"].secret
    assert bare(mixpanel, auth=(secret, "")).status_code == 200
    alone = base64.b64encode(secret.encode()).decode()
    assert bare(mixpanel, headers={"Authorization": f"Basic {alone}"}).status_code == 200


def test_wrong_credentials_are_a_400_that_says_so(mixpanel):
    for options in ({}, {"auth": ("x", "y")}, {"headers": {"Authorization": "Bearer x"}}):
        answer = bare(mixpanel, **options)
        assert answer.status_code == 400
        assert answer.json() == {
            "error": "Unable to authenticate request",
            "request": "/api/query/cohorts/list",
            "status": "error",
        }


def test_unknown_paths_and_methods_are_told_as_errors(mixpanel):
    assert bare(mixpanel, "/api/2.0/nothing").status_code == 404
    assert mixpanel.ask("/api/2.0/export", "POST").status_code == 405


def test_exports_are_limited_to_three_a_second(serve):
    with serve(limits=True) as busy:
        days = {"from_date": "2026-11-18", "to_date": "2026-11-18"}
        answers = [busy.ask("/api/2.0/export", params=days) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert "rate limit" in answers[3].json()["error"]
        assert int(answers[3].headers["Retry-After"]) == 1


def test_queries_are_limited_to_sixty_an_hour(serve):
    with serve(limits=True) as busy:
        answers = [busy.ask("/api/query/cohorts/list") for _ in range(61)]
        assert {answer.status_code for answer in answers[:60]} == {200}
        assert answers[60].status_code == 429
        assert 3500 < int(answers[60].headers["Retry-After"]) <= 3600
        days = {"from_date": "2026-11-18", "to_date": "2026-11-18"}
        assert busy.ask("/api/2.0/export", params=days).status_code == 200  # counted apart
