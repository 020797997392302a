"""Fresh, cached and later answers (vendor documentation, checked Nov 2026)."""

import threading

import pytest

from tests.patience import wait_until

SQL = "select count() as n from events"


@pytest.fixture
def fresh(serve):
    with serve() as analytics:
        yield analytics


def poll(analytics, query_id):
    def answer():
        return analytics.ask(f"query/{query_id}/")

    wait_until(lambda: answer().status_code != 202, "the answer")
    return answer()


def test_by_default_the_same_query_is_answered_from_the_cache(fresh):
    body = {"query": {"kind": "HogQLQuery", "query": SQL}}
    first = fresh.ask("query/", "POST", json=body).json()
    second = fresh.ask("query/", "POST", json=body).json()
    assert (first["is_cached"], second["is_cached"]) == (False, True)
    assert second["results"] == first["results"]
    assert second["last_refresh"] == first["last_refresh"]


def test_other_values_are_another_query(fresh):
    sql = "select {v} as x"
    answers = [fresh.query(sql, {"v": v}, refresh="blocking") for v in (1, 2, 1)]
    assert [answer["is_cached"] for answer in answers] == [False, False, True]
    assert [answer["results"] for answer in answers] == [[[1]], [[2]], [[1]]]


@pytest.mark.parametrize("refresh", ["force_blocking", True])
def test_a_forced_answer_is_never_cached(fresh, refresh):
    assert fresh.query(SQL, refresh="blocking")["is_cached"] is False
    assert fresh.query(SQL, refresh=refresh)["is_cached"] is False


@pytest.mark.parametrize("refresh", ["async", "force_async"])
def test_a_later_answer_is_polled_until_it_is_complete(fresh, refresh):
    started = fresh.post(SQL, refresh=refresh)
    assert started.status_code == 202
    status = started.json()["query_status"]
    assert (status["complete"], status["error"]) == (False, False)
    done = poll(fresh, status["id"])
    assert done.status_code == 200
    finished = done.json()["query_status"]
    assert (finished["id"], finished["complete"], finished["error"]) == (status["id"], True, False)
    assert finished["results"]["results"] == [[7]]
    assert finished["results"]["columns"] == ["n"]


def test_a_later_answer_comes_at_once_when_it_is_cached(fresh):
    fresh.query(SQL)
    answer = fresh.post(SQL, refresh="async")
    assert (answer.status_code, answer.json()["is_cached"]) == (200, True)
    assert fresh.post(SQL, refresh="force_async").status_code == 202


def test_a_later_mistake_is_a_400_with_its_text(fresh):
    status = fresh.post("select nope from events", refresh="async").json()["query_status"]
    failed = poll(fresh, status["id"])
    assert failed.status_code == 400
    told = failed.json()["query_status"]
    assert (told["complete"], told["error"]) == (True, True)
    assert told["error_message"] == "Unable to resolve field: nope"


def test_the_client_may_name_its_query(fresh):
    started = fresh.post(SQL, refresh="force_async", client_query_id="mine-1").json()
    assert started["query_status"]["id"] == "mine-1"
    assert poll(fresh, "mine-1").status_code == 200


def test_an_unknown_query_is_not_found(fresh):
    answer = fresh.ask("query/2fbd/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_fourth_query_at_a_time_is_refused(serve):
    slow = (
        "select count() from events a cross join events b cross join events c where a.event > 'a'"
    )
    many = [("page_viewed", "2026-11-18T09:00:00", 11, "t-kite")] * 700
    with serve(many, limits=True) as analytics:
        statuses = []

        def ask():
            statuses.append(analytics.post(slow))

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = [answer for answer in statuses if answer.status_code == 429]
        assert refused
        assert "concurrency" in refused[0].json()["detail"]
        assert refused[0].json()["type"] == "throttled_error"
        assert int(refused[0].headers["Retry-After"]) >= 1
        assert [answer.status_code for answer in statuses].count(200) == 6 - len(refused)
