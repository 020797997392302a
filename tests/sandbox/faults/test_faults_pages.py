from urllib.parse import urlsplit

import pytest

RULE = {"fault": "empty_page"}


def walk_list(vendor, path="/list"):
    """Ids page by page, as a client that trusts paging.next.after would see them."""
    pages, after = [], None
    for _ in range(10):
        answer = vendor.get(path if after is None else f"{path}?after={after}")
        pages.append(answer.ids)
        if "paging" not in answer.json:
            return pages
        after = answer.json["paging"]["next"]["after"]
    raise AssertionError(f"the list does not end: {pages}")


def test_without_faults_every_record_comes_once(vendor):
    assert walk_list(vendor) == [["0", "1"], ["2", "3"], ["4"]]


def test_an_empty_page_says_more_and_loses_nothing(vendor):
    vendor.order({**RULE, "after": 1})
    assert walk_list(vendor) == [["0", "1"], [], ["2", "3"], ["4"]]
    assert vendor.fired == [1]


def test_even_the_first_and_the_last_page_can_be_held_back(vendor):
    vendor.order(RULE, {**RULE, "after": 3})
    assert walk_list(vendor) == [[], ["0", "1"], ["2", "3"], [], ["4"]]


def test_a_page_that_was_held_back_is_there_until_it_has_arrived(vendor):
    vendor.order(RULE, {"fault": "truncated_json", "after": 1})
    after = vendor.get("/list").json["paging"]["next"]["after"]
    assert vendor.get(f"/list?after={after}").body.startswith(b'{"results"')
    assert vendor.get(f"/list?after={after}").ids == ["0", "1"]
    assert vendor.fired == [1, 1]


def test_an_empty_search_page_is_brought_back_by_its_own_cursor(vendor):
    vendor.order(RULE)
    pages, after = [], 0
    for _ in range(4):
        answer = vendor.ask("POST", "/search", {"after": after, "limit": 2})
        pages.append(answer.ids)
        after = answer.json.get("paging", {}).get("next", {}).get("after")
    assert pages == [[], ["0", "1"], ["2", "3"], ["4"]]


@pytest.mark.parametrize(
    "fault", [{"fault": "duplicate"}, {"fault": "repeated_cursor", "after": 2}]
)
def test_what_a_search_leads_to_is_no_page_of_another_search(vendor, fault):
    vendor.order(fault, {**RULE, "after": 1})
    newest, listed = {"limit": 1}, {"limit": 2}
    led = vendor.ask("POST", "/search", {"after": 0, **newest}).json["paging"]["next"]["after"]
    empty = vendor.ask("POST", "/search", {"after": 0, **listed})
    assert (empty.ids, empty.json["paging"]["next"]["after"]) == ([], led)
    assert vendor.ask("POST", "/search", {"after": led, **listed}).ids == ["0", "1"]


def test_an_empty_export_page_keeps_the_stream_open(vendor):
    vendor.order({**RULE, "after": 1})
    pages, cursor, url = [], "0", None
    for _ in range(4):
        answer = vendor.get(f"/export?cursor={cursor}")
        pages.append(answer.ids)
        if not answer.ids:
            assert answer.json["end_of_stream"] is False
            url = urlsplit(answer.json["after_url"])
        cursor = answer.json["after_cursor"]
    assert pages == [["0", "1"], [], ["2", "3"], ["4"]]
    assert (url.hostname, url.port, url.path) == ("127.0.0.1", vendor.port, "/export")


def test_an_empty_stripe_page_has_more(vendor):
    vendor.order(RULE)
    answer = vendor.get("/stripe")
    assert (answer.ids, answer.json["has_more"]) == ([], True)
    assert vendor.get("/stripe").ids == ["0", "1"]


def test_a_repeated_cursor_answers_the_page_before_once_more(vendor):
    vendor.order({"fault": "repeated_cursor"})
    first = vendor.get("/list")
    again = vendor.get("/list?after=2")
    assert again.body == first.body
    assert vendor.get("/list?after=2").ids == ["2", "3"]


def test_a_cursor_can_repeat_for_ever(vendor):
    vendor.order({"fault": "repeated_cursor", "times": -1})
    first = vendor.get("/list")
    assert all(vendor.get("/list?after=2").body == first.body for _ in range(3))


def test_a_duplicate_stands_on_both_sides_of_the_page_boundary(vendor):
    vendor.order({"fault": "duplicate"})
    assert walk_list(vendor) == [["0", "1"], ["1", "2", "3"], ["4"]]


def test_a_duplicate_can_stand_on_one_page(vendor):
    vendor.order({"fault": "duplicate", "where": "same"})
    assert walk_list(vendor) == [["0", "1", "1"], ["2", "3"], ["4"]]


def test_a_page_can_come_backwards(vendor):
    vendor.order({"fault": "reorder"})
    assert walk_list(vendor) == [["1", "0"], ["2", "3"], ["4"]]


def test_a_page_fault_waits_for_a_page_that_it_can_act_on(vendor):
    vendor.order({"fault": "status", "code": 500}, {"fault": "reorder"})
    assert vendor.get("/list").status == 500
    assert vendor.get("/nowhere").status == 404
    assert vendor.fired == [1, 0]
    assert vendor.get("/list").ids == ["1", "0"]
