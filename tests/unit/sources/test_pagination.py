import pytest

from include.errors import RetryLater
from include.sources.http.pagination import (
    hubspot_after,
    hubspot_search,
    stripe_has_more,
    zendesk_cursor,
    zendesk_end_time,
    zendesk_has_more,
)

SINCE = {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": "1"}
SEARCH = {"filterGroups": [{"filters": [SINCE]}], "limit": 200, "after": "0"}


def found(*ids, after="200"):
    return {"results": [{"id": one} for one in ids], "paging": {"next": {"after": after}}}


def test_hubspot_lists_go_on_by_after_and_end_without_paging():
    assert hubspot_after({"limit": 100}, found("1", after="7")) == {"limit": 100, "after": "7"}
    assert hubspot_after({"after": "7"}, {"results": [{"id": "9"}]}) is None


def test_hubspot_search_goes_on_behind_the_largest_id_and_never_by_offset():
    following = hubspot_search(SEARCH, found("9", "10"))
    behind = {"propertyName": "hs_object_id", "operator": "GT", "value": "10"}
    assert following == {**SEARCH, "filterGroups": [{"filters": [behind, SINCE]}], "after": "0"}


def test_hubspot_search_replaces_the_place_that_it_was_at():
    following = hubspot_search(hubspot_search(SEARCH, found("10")), found("20"))
    filters = following["filterGroups"][0]["filters"]
    assert [one["value"] for one in filters] == ["20", "1"]


def test_hubspot_search_is_not_at_its_end_on_an_empty_page_that_claims_more():
    assert hubspot_search(SEARCH, found(after="200")) == {**SEARCH, "after": "200"}
    assert hubspot_search(SEARCH, {"total": 0, "results": []}) is None


def test_hubspot_search_passes_over_a_record_without_id():
    page = found("10")
    page["results"] += [{"properties": {}}, None, "11"]
    assert hubspot_search(SEARCH, page)["filterGroups"][0]["filters"][0]["value"] == "10"


def test_zendesk_cursor_exports_end_by_their_own_mark_only():
    page = {"tickets": [], "after_cursor": "abc", "end_of_stream": False}
    first = {"start_time": 1, "include": "metric_sets"}
    assert zendesk_cursor(first, page) == {"include": "metric_sets", "cursor": "abc"}
    assert zendesk_cursor(first, {**page, "end_of_stream": True}) is None


def test_zendesk_time_exports_start_where_the_last_page_ended():
    page = {"end_time": 500, "end_of_stream": False, "count": 2}
    assert zendesk_end_time({"start_time": 1}, page) == {"start_time": 500}
    assert zendesk_end_time({"start_time": 1}, {**page, "end_of_stream": True}) is None


def test_a_zendesk_time_export_that_cannot_advance_is_given_up():
    with pytest.raises(RetryLater, match="does not get past 500"):
        zendesk_end_time({"start_time": 500}, {"end_time": 500, "end_of_stream": False})


def test_zendesk_lists_go_on_while_there_is_more():
    page = {"meta": {"has_more": True, "after_cursor": "x"}}
    assert zendesk_has_more({"page[size]": 100}, page) == {"page[size]": 100, "page[after]": "x"}
    assert zendesk_has_more({}, {"meta": {"has_more": False, "after_cursor": "x"}}) is None


def test_stripe_goes_on_behind_the_last_row_that_has_an_id():
    page = {"has_more": True, "data": [{"id": "a"}, {"id": "b"}, {"object": "invoice"}, None]}
    assert stripe_has_more({"limit": 100}, page) == {"limit": 100, "starting_after": "b"}
    assert stripe_has_more({}, {**page, "has_more": False}) is None


def test_stripe_asks_the_same_again_after_an_empty_page_that_claims_more():
    assert stripe_has_more({"limit": 100}, {"has_more": True, "data": []}) == {"limit": 100}
