"""Keys, costs and concurrency (AMPLITUDE.md parts 1 and 4)."""

import requests

LIST = "/api/2/events/list"


def test_wrong_keys_are_forbidden_like_keys_of_another_region(amplitude):
    def status(**options):
        return requests.Session().get(f"{amplitude.url}{LIST}", timeout=120, **options).status_code

    assert status(auth=("x", "y")) == 403
    assert status(auth=(amplitude.door.user, "y")) == 403
    assert status(headers={"Authorization": "Basic §§".encode()}) == 403
    assert status() == 401
    assert status(auth=(amplitude.door.user, amplitude.door.secret)) == 200


def test_unknown_paths_and_methods_are_told(amplitude):
    assert amplitude.ask("/api/2/nothing").status_code == 404
    assert amplitude.ask(LIST, "POST").status_code == 405


def test_queries_cost_days_times_conditions(serve):
    """A year costs 365: two fit into the five minutes' thousand, a third does not."""
    with serve(limits=True) as busy:
        year = {"start": "20251120", "end": "20261119"}
        answers = [busy.ask("/api/2/users", params=year) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json()["error"]["type"] == "too_many_requests"
        assert "Retry-After" not in answers[2].headers
        assert busy.ask(LIST).status_code == 200


def test_user_requests_are_limited_to_360_an_hour(serve):
    with serve(limits=True) as busy:
        search = {"user": "user_11"}
        answers = [busy.ask("/api/2/usersearch", params=search) for _ in range(361)]
        assert {answer.status_code for answer in answers[:360]} == {200}
        assert answers[360].status_code == 429
