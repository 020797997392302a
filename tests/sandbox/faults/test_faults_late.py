"""Records that come late or are edited while a client reads, and fields that nobody knew."""

import pytest

LATE = {"fault": "late", "path": "/list"}


def ids(vendor, path="/list"):
    return vendor.get(path).ids


def test_a_late_record_appears_after_so_many_requests(vendor):
    vendor.order({**LATE, "n": 1, "requests": 2})
    assert [ids(vendor) for _ in range(4)] == [["0"], ["0"], ["0"], ["0", "1"]]
    assert vendor.fired == [1]


def test_a_late_record_is_missing_on_every_page_that_has_it(vendor):
    vendor.order({**LATE, "requests": 9})
    assert ids(vendor, "/list?after=0") == ["1"]
    assert ids(vendor, "/list?limit=3") == ["1", "2"]
    assert ids(vendor, "/list?after=2") == ["2", "3"]


def test_the_last_record_of_a_page_can_be_late(vendor):
    vendor.order({**LATE, "n": -1, "requests": 1})
    assert ids(vendor) == ["0"]


def test_a_late_record_can_wait_for_a_day_to_pass(vendor):
    vendor.order({**LATE, "days": 1})
    assert [ids(vendor) for _ in range(5)] == [["1"]] * 5
    vendor.let_days_pass(1)
    assert ids(vendor) == ["0", "1"]


def test_other_lists_are_whole_while_a_record_is_late(vendor):
    vendor.order({**LATE, "requests": 9})
    assert ids(vendor) == ["1"]
    assert ids(vendor, "/stripe") == ["0", "1"]


def test_an_edit_in_mid_walk_shows_both_versions_the_true_one_last(vendor):
    vendor.order({"fault": "edited", "field": "properties.name", "value": "before"})
    names = [row["properties"]["name"] for row in vendor.get("/list").json["results"]]
    assert names == ["n0", "before", "n1"]
    assert ids(vendor) == ["0", "1"]


@pytest.mark.parametrize("fault", [{"fault": "duplicate"}, {**LATE, "n": 7, "requests": 1}])
def test_a_fault_that_needs_what_the_last_page_has_not_stays_unfired(vendor, fault):
    vendor.order({**fault, "path": "/list"})
    assert ids(vendor, "/list?after=4") == ["4"]
    assert vendor.fired == [0]
    assert ids(vendor, "/list?after=2") == ["2", "3"]


def test_a_new_field_stands_in_every_record(vendor):
    vendor.order({"fault": "new_field", "field": "properties.mood", "value": {"is": "good"}})
    rows = vendor.get("/list").json["results"]
    assert [row["properties"]["mood"] for row in rows] == [{"is": "good"}] * 2


def test_a_new_field_of_a_query_is_a_column(vendor):
    vendor.order({"fault": "new_field", "field": "mood", "value": "good"})
    answer = vendor.ask("POST", "/query", {}).json
    assert answer["columns"] == ["key", "day", "events", "mood"]
    assert answer["types"][-1] == ["mood", "String"]
    assert answer["results"] == [["a", "2026-01-01", 3, "good"], ["b", "2026-01-02", 4, "good"]]


def test_a_token_can_be_refused_for_good_and_another_let_in(vendor):
    vendor.order({"fault": "expire_token", "for_good": True, "after": 1})
    assert [vendor.get("/list", token="old").status for _ in range(4)] == [200, 401, 401, 401]
    assert vendor.get("/list", token="new").status == 200
    assert vendor.get("/list", token="old").status == 401
