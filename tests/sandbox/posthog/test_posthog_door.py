"""Keys, projects and throttles (vendor documentation, checked Nov 2026)."""

import pytest
import requests


def bare(analytics, path="projects/1/groups_types/", **headers):
    session = requests.Session()
    return session.request("GET", f"{analytics.url}/api/{path}", headers=headers, timeout=120)


@pytest.mark.parametrize("key", ["phx_wrong", "phc_SandboxSandboxSandboxSandboxSandbox0001"])
def test_a_wrong_key_and_the_capture_key_are_refused(analytics, key):
    answer = bare(analytics, Authorization=f"Bearer {key}")
    assert answer.status_code == 401
    assert answer.json() == {
        "type": "authentication_error",
        "code": "invalid_personal_api_key",
        "detail": "Invalid Personal API key.",
        "attr": None,
    }


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic eDp5"}])
def test_no_key_is_another_refusal(analytics, headers):
    answer = bare(analytics, **headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_another_project_and_an_unknown_path_are_not_found(analytics):
    other = analytics.ask(f"{analytics.url}/api/projects/2/groups_types/")
    assert (other.status_code, other.json()["detail"]) == (404, "Project not found.")
    nothing = analytics.ask("nothing/")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "not_found")
    assert analytics.ask("query/").status_code == 405


def test_the_project_and_its_user_describe_themselves(analytics):
    project = analytics.get("")
    assert (project["id"], project["timezone"]) == (1, "UTC")
    assert project["api_token"].startswith("phc_")
    assert analytics.get(f"{analytics.url}/api/projects/")["results"] == [project]
    me = analytics.get(f"{analytics.url}/api/users/@me/")
    assert me["team"]["id"] == 1
    assert analytics.get(f"{analytics.url}/api/environments/@current/")["id"] == 1


def test_queries_are_throttled_at_240_a_minute(serve):
    with serve(limits=True) as analytics:
        answers = [analytics.ask("query/", "POST", data=b"{}") for _ in range(241)]
        assert {answer.status_code for answer in answers[:240]} == {400}
        assert answers[240].status_code == 429
        wait_s = int(answers[240].headers["Retry-After"])
        assert 0 < wait_s <= 60
        assert answers[240].json() == {
            "type": "throttled_error",
            "code": "rate_limited",
            "detail": f"Request was throttled. Expected available in {wait_s} seconds.",
            "attr": None,
        }
        assert analytics.ask("groups_types/").status_code == 200  # other requests have their own


def test_without_limits_nothing_is_counted(serve):
    with serve() as analytics:
        answers = [analytics.ask("query/", "POST", data=b"{}") for _ in range(245)]
        assert {answer.status_code for answer in answers} == {400}
