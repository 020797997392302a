"""Intercom against its twin, and against answers written down: good days and bad ones."""

import logging
from datetime import UTC, datetime

import orjson
import pytest

from include.errors import FixConfig, RejectData, RetryLater
from include.settings import Credentials
from include.sources import open_source
from include.sources.base import NotShown
from include.sources.http.session import Wire
from include.sources.intercom_refusals import until_reset
from include.sources.intercom_search import Window, next_number, search_after, windows_between
from include.vendor_settings import Intercom
from tests.unit.sources.conftest import END, QUICK, Reply

DATE = "Fri, 20 Nov 2026 03:00:00 GMT"
NOW = int(datetime(2026, 11, 20, 3, tzinfo=UTC).timestamp())
SETTINGS = Intercom(vendor="intercom", name="intercom", connection="c")
PLAN = {"type": "error.list", "errors": [{"code": "api_plan_restricted", "message": "No."}]}


def opened_at(vendor, wire=QUICK):
    return open_source(SETTINGS, Credentials(vendor.url, "tok"), wire=wire)


def read(source, stream, state=None):
    """Return the ids in the order they came and the state."""
    pages = list(source.pages(stream, state=state, as_of=END))
    states = [page.state for page in pages if page.state]
    return ids_of(pages), states[-1] if states else None


def ids_of(pages):
    records = [record for page in pages for record in page.records]
    return [decoded(record).get("id") for record in records]


def decoded(record):
    return record if isinstance(record, dict) else orjson.loads(bytes(record))


def scrolled(*ids, param="s1", **reply):
    return Reply({"data": [{"id": one} for one in ids], "scroll_param": param}, **reply)


def refused(status, code, **headers):
    body = {"type": "error.list", "errors": [{"code": code, "message": "No."}]}
    return Reply(body, status, headers)


def found(*stamps, following=None, name="conversations"):
    rows = [{"id": str(at), "created_at": at, "updated_at": at} for at in stamps]
    pages = {"next": {"starting_after": following}} if following else {}
    return Reply({name: rows, "pages": pages, "total_count": len(rows)})


def records_of(source, stream, state=None):
    pages = source.pages(stream, state=state, as_of=END)
    return [
        record if isinstance(record, dict | None) else orjson.loads(bytes(record))
        for page in pages
        for record in page.records
    ]


# against the twin


def test_what_the_world_holds_comes_in_full(opened, world):
    source = opened("intercom")
    tickets = world["tickets"]
    living = tickets[tickets["status"] != "deleted"]
    assert len(read(source, "conversations")[0]) == len(living) > 0
    assert len(read(source, "tickets")[0]) == sum(living["type"] == "incident") > 0
    users = world["people"]["is_user"] | world["people"]["is_requester"]
    assert len(read(source, "contacts")[0]) == users.sum() > 0


def test_every_request_names_the_version_and_the_token(vendor):
    vendor.answer(scrolled("c1"), scrolled(param=None))
    read(opened_at(vendor), "companies")
    assert vendor.asked[0].headers["intercom-version"] == "2.16"
    assert vendor.asked[0].headers["authorization"] == "Bearer tok"


def test_a_later_run_asks_for_what_changed_since_and_nothing_else(opened, served):
    source = opened("intercom")
    _, state = read(source, "conversations")
    served.reset_requests()
    again, following = read(source, "conversations", state)
    assert following == state
    assert 0 < len(again) < 20
    assert sum(row["count"] for row in served.requests()) == 2


def test_a_check_finds_everything_in_order_and_a_name_that_is_not_there(opened):
    source = opened("intercom", account_key="crm_ids")
    found = list(source.check(datetime(2026, 9, 21, 3, 0, 30, tzinfo=UTC)))
    wrong = [one for one in found if not one.works]
    assert [(one.what, one.words) for one in wrong] == [
        ("field account_key", "the vendor has no crm_ids; did you mean crm_id?")
    ]
    assert {f"stream {name}" for name in source.streams} < {one.what for one in found}


def test_a_check_ends_with_a_refused_credential(vendor):
    vendor.answer(refused(401, "unauthorized"))
    (only,) = opened_at(vendor).check(datetime.now(UTC))
    assert (only.what, only.works) == ("credential", False)


def test_ids_are_those_of_the_records_and_single_ones_are_fetched(opened):
    source = opened("intercom")
    for stream in ("companies", "contacts", "conversations", "tickets"):
        records, _ = read(source, stream)
        walked = [one for block in source.ids(stream, END) for one in block]
        assert sorted(walked) == sorted(records), stream
        wanted = records[:3]
        fetched = ids_of(source.fetch(stream, [*wanted, "none"], END))
        assert sorted(fetched) == sorted(wanted), stream
        assert stream in source.gone


@pytest.mark.parametrize("stream", ["contacts", "conversations", "tickets"])
@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "empty_page", "after": 3},
        {"fault": "duplicate", "after": 3, "where": "same"},
        {"fault": "reorder", "times": -1},
        {"fault": "status", "code": 429},
        {"fault": "status", "code": 200, "body": "", "after": 3},
        {"fault": "cut", "after": 3},
    ],
    ids=lambda fault: fault["fault"] + str(fault.get("code", "")),
)
def test_a_bad_day_loses_nothing(opened_own, sandbox, stream, fault):
    source = opened_own("intercom")
    whole = set(read(source, stream)[0])
    rule = {"vendor": "intercom", "path": f"/{stream}/search", **fault}
    sandbox.faults = [rule]
    assert set(read(source, stream)[0]) == whole
    assert sandbox.faults[0]["fired"] > 0


# the scroll


def test_the_scroll_ends_with_an_empty_page_that_is_confirmed(vendor):
    vendor.answer(scrolled("a", "b"), scrolled("c"), scrolled(), refused(404, "not_found"))
    assert read(opened_at(vendor), "companies") == (["a", "b", "c"], None)
    assert [asked.query.get("scroll_param") for asked in vendor.asked] == [None, *[["s1"]] * 3]


def test_an_empty_page_in_the_middle_of_the_scroll_is_not_believed(vendor):
    vendor.answer(scrolled("a"), scrolled(), scrolled("b"), scrolled(), scrolled())
    assert read(opened_at(vendor), "companies")[0] == ["a", "b"]


def test_companies_without_a_way_to_the_next_page_are_not_taken_for_all(vendor):
    vendor.answer(scrolled("a"), scrolled("b", param=None))
    with pytest.raises(RejectData, match="leads to the next"):
        read(opened_at(vendor), "companies")


@pytest.mark.parametrize(
    "trouble",
    [
        refused(500, "server_error"),
        refused(404, "not_found"),
        scrolled("b", length=5_000),
        Reply(b""),
        Reply(b"<html>", headers={"Content-Type": "text/html"}),
    ],
    ids=["500", "expired", "cut", "empty", "html"],
)
def test_a_scroll_that_breaks_is_begun_anew_and_its_questions_never_repeated(vendor, trouble):
    vendor.answer(scrolled("a"), trouble, scrolled("a"), scrolled("b"), scrolled(param=None))
    assert read(opened_at(vendor), "companies")[0] == ["a", "a", "b"]
    params = [asked.query.get("scroll_param") for asked in vendor.asked]
    assert params == [None, ["s1"], None, ["s1"], ["s1"]]


def test_the_rate_limit_does_not_break_a_scroll(vendor):
    vendor.answer(scrolled("a"), refused(429, "rate_limit_exceeded"), scrolled("b"), scrolled())
    assert read(opened_at(vendor), "companies")[0] == ["a", "b"]


def test_a_scroll_that_is_open_elsewhere_is_waited_for_a_minute(vendor):
    vendor.answer(refused(400, "scroll_exists"), scrolled("a"), scrolled())
    assert read(opened_at(vendor), "companies")[0] == ["a"]
    impatient = Wire(pace=0.001, longest_wait_s=60)
    vendor.answer(refused(400, "scroll_exists"))
    with pytest.raises(RetryLater, match="another scroll") as caught:
        read(opened_at(vendor, impatient), "companies")
    assert caught.value.wait_s > 60


def test_a_scroll_that_always_breaks_is_given_up(vendor):
    vendor.answer(*[scrolled("a"), refused(500, "server_error")] * 3)
    with pytest.raises(RetryLater, match="broke 3 times"):
        read(opened_at(vendor), "companies")


def test_a_refused_credential_in_a_scroll_is_for_a_person(vendor):
    vendor.answer(scrolled("a"), refused(401, "unauthorized"))
    with pytest.raises(FixConfig, match="credential"):
        read(opened_at(vendor), "companies")


# searches


def test_a_search_goes_on_by_the_cursor_and_asks_from_before_the_state(vendor):
    vendor.answer(
        found(NOW), found(NOW - 100, following="w1"), Reply(b""), found(NOW)
    )  # fmt: skip
    ids, state = read(opened_at(vendor), "conversations", {"since": NOW - 60})
    assert ids == [str(NOW - 100), str(NOW)]
    assert state == {"since": NOW - 60}  # the end of as_of lies before it
    first, second, again, last = (asked.body for asked in vendor.asked)
    assert first["sort"] == {"field": "updated_at", "order": "descending"}
    assert first["pagination"] == {"per_page": 1}
    since = NOW - 60 - 15 * 60
    filters = [{"field": "updated_at", "operator": one, "value": since} for one in (">", "=")]
    assert second["query"] == {"operator": "AND", "value": [{"operator": "OR", "value": filters}]}
    assert second["sort"] == {"field": "updated_at", "order": "ascending"}
    assert again == last == {**second, "pagination": {"per_page": 150, "starting_after": "w1"}}


def test_the_newest_record_is_looked_for_behind_a_page_that_lost_its_own(vendor):
    vendor.answer(found(following="w1"), found(NOW, following="w2"), found(NOW - 30))
    ids, _ = read(opened_at(vendor), "conversations", {"since": NOW - 60})
    assert ids == [str(NOW - 30)]
    assert vendor.asked[1].body["pagination"] == {"per_page": 1, "starting_after": "w1"}


@pytest.mark.parametrize("state", [None, {"since": NOW - 60}], ids=["first run", "later run"])
def test_pages_that_never_have_a_newest_record_are_no_empty_workspace(vendor, state):
    vendor.answer(found(following="w1"))
    with pytest.raises(RetryLater, match="a page led back"):
        read(opened_at(vendor), "conversations", state)
    vendor.answer(found())
    assert read(opened_at(vendor), "conversations", state) == ([], None)


@pytest.mark.parametrize("total", [400, None])
def test_records_without_a_way_to_the_next_page_are_not_taken_for_all(vendor, total):
    page = found(NOW, NOW + 1)
    vendor.answer(found(NOW), Reply({**page.body, "pages": None, "total_count": total}))
    with pytest.raises(RejectData, match="leads to the next"):
        read(opened_at(vendor), "conversations", {"since": NOW - 60})
    vendor.answer(found(NOW), Reply({**page.body, "pages": None}))  # and so says total_count
    assert len(read(opened_at(vendor), "conversations", {"since": NOW - 60})[0]) == 2


def test_contacts_are_asked_from_a_day_before_and_kept_by_the_full_stamp(vendor):
    state = {"since": NOW}
    vendor.answer(
        found(NOW, name="data"), found(NOW - 86_401, NOW - 86_400, NOW, name="data")
    )  # fmt: skip
    ids, _ = read(opened_at(vendor), "contacts", state)
    assert ids == [str(NOW - 86_400), str(NOW)]


def test_windows_cover_all_of_time_and_meet_at_their_ends():
    windows = windows_between(1_000, 9_000, 1_200, 300)
    assert len(windows) == 4
    assert (windows[0].first, windows[-1].end) == (None, None)
    assert [one.end for one in windows[:-1]] == [one.first for one in windows[1:]]
    assert windows_between(1_000, 9_000, None, 300) == [Window("created_at")]
    assert len(windows_between(5, 5, 10_000, 300)) == 1
    assert len(windows_between(0, 10**9, 10**7, 300)) == 256


@pytest.mark.parametrize(
    ("stamp", "held"), [(b"9", False), (b"10", True), (b"19", True), (b"20", False), (b'"x"', True)]
)
def test_a_window_holds_what_begins_in_it_and_what_has_no_stamp(stamp, held):
    record = b'{"created_at": ' + stamp + b"}"
    assert Window("created_at", 10, 20).holds(record) is held


@pytest.mark.parametrize(
    ("pages", "after"),
    [
        ({"next": {"page": 2, "starting_after": "w"}}, "w"),
        ({"next": "https://api.intercom.io/conversations?per_page=5&starting_after=w"}, "w"),
        ({"next": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_cursor_comes_as_an_object_or_in_an_address(pages, after):
    following = search_after({"pagination": {"per_page": 5}}, {"pages": pages})
    assert following == (after and {"pagination": {"per_page": 5, "starting_after": after}})


@pytest.mark.parametrize("body", [{}, [], {"conversations": None}, {"conversations": {}}])
def test_an_answer_of_another_form_is_rejected(vendor, body):
    vendor.answer(Reply(body))
    with pytest.raises(RejectData):
        read(opened_at(vendor), "conversations")


# deleted conversations, plans, limits


def test_deletions_are_read_back_to_a_day_before_the_state(vendor):
    def page(*stamps, is_last=False):
        rows = [{"id": str(at), "deleted_at": at} for at in stamps]
        return Reply({"conversations": rows, "pages": {"next": None if is_last else "…"}})

    vendor.answer(page(NOW, NOW - 10), page(NOW - 90_000, NOW - 90_001), page(1, is_last=True))
    ids, state = read(opened_at(vendor), "deleted_conversations", {"since": NOW - 5})
    assert (len(ids), state) == (4, {"since": NOW - 5})
    assert [asked.query["page"] for asked in vendor.asked] == [["1"], ["2"]]
    vendor.answer(page(1, 2), page(NOW, is_last=True))  # the oldest first: none may be left out
    assert len(read(opened_at(vendor), "deleted_conversations", {"since": NOW - 5})[0]) == 3
    assert next_number({"page": 2}, {"pages": {"next": "…"}}) == {"page": 3}


def test_a_record_that_is_none_is_left_to_landing_to_set_aside(vendor):
    edge, page = found(500), found(400, 500)
    edge.body["conversations"].insert(0, None)
    page.body["conversations"].insert(1, None)
    vendor.answer(edge, page)
    rows = records_of(opened_at(vendor), "conversations", {"since": 300})
    assert [row and row["id"] for row in rows] == ["400", None, "500"]
    gone = {"conversations": [None, {"id": "7", "deleted_at": 500}], "pages": {"next": None}}
    vendor.answer(Reply(gone))
    assert records_of(opened_at(vendor), "deleted_conversations") == gone["conversations"]


@pytest.mark.parametrize("stream", ["tickets", "deleted_conversations"])
def test_a_plan_without_tickets_is_no_failure_and_is_said(vendor, caplog, stream):
    vendor.answer(Reply(PLAN, 403))
    with caplog.at_level(logging.WARNING):
        assert read(opened_at(vendor), stream) == ([], None)
    assert f"no {stream} are read" in caplog.text


@pytest.mark.parametrize("stream", ["tickets", "deleted_conversations"])
def test_a_plan_without_tickets_tells_no_ids_rather_than_none(vendor, stream):
    """Or whoever repairs would mark as deleted all that came before the plan changed."""
    vendor.answer(Reply(PLAN, 403))
    with pytest.raises(NotShown, match="plan"):
        list(opened_at(vendor).ids(stream, END))


def test_a_plan_without_conversations_is_for_a_person(vendor):
    vendor.answer(Reply(PLAN, 403))
    with pytest.raises(FixConfig, match="plan"):
        read(opened_at(vendor), "conversations")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": str(NOW + 7), "Date": DATE}, 8),
        ({"X-RateLimit-Reset": str(NOW + 7)}, 11),
        ({"X-RateLimit-Reset": str(NOW + 7_000), "Date": DATE}, 11),
        ({"X-RateLimit-Reset": str(NOW - 1), "Date": DATE}, 11),
        ({}, 11),
    ],
)
def test_the_wait_after_a_refusal_is_until_the_windows_end_by_the_vendors_clock(headers, seconds):
    assert until_reset(headers) == seconds
