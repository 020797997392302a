from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
import requests

from include.errors import FixConfig, RejectData, RetryLater
from include.settings import Credentials
from include.sources import open_source
from include.sources.base import end_of
from include.sources.chargebee_lists import next_offset, rows_decoder, spans
from include.vendor_settings import Chargebee
from sandbox.state import State
from sandbox.vendors.chargebee import Settings, build
from tests.sandbox.stage import StillClock, staged
from tests.unit.sources.conftest import END, QUICK, SECRET, Reply

LATER = END + timedelta(days=20)
EMPTY = Reply({"list": []})
NEWEST = 1_789_000_000


def settings(**changes):
    return Chargebee(vendor="chargebee", name="chargebee", connection="c", **changes)


def opened_at(url, secret="k", **changes):
    return open_source(settings(**changes), Credentials(url, secret), wire=QUICK)


def opened_in(sandbox, **changes):
    reach = sandbox.vendors["chargebee"]
    return opened_at(reach["base_url"], reach["token"], **changes)


def read(source, stream, state=None, as_of=END):
    pages = list(source.pages(stream, state=state, as_of=as_of))
    records = [row for page in pages for row in page.records]
    decoded = [row if isinstance(row, dict) else orjson.loads(bytes(row)) for row in records]
    return decoded, [page.state for page in pages if page.state][-1]


def page(*records, resource="customer", following=None):
    body = {"list": [{resource: record} for record in records]}
    return Reply(body | ({"next_offset": following} if following else {}))


def asked(sandbox):
    rows = [row for row in sandbox.requests() if row["vendor"] == "chargebee"]
    return sum(row["count"] for row in rows)


@pytest.mark.parametrize("a_minute", [150, 3_500])
def test_all_of_the_world_comes_once_whatever_the_plan(served, world, a_minute):
    source = opened_in(served, requests_per_minute=a_minute)
    for stream in ("customers", "subscriptions", "invoices"):
        found = [one["id"] for one in read(source, stream)[0]]
        assert len(found) == len(set(found))
        assert set(found) == set(world[stream][f"{stream.removesuffix('s')}_id"])
    tries, _ = read(source, "transactions")
    assert {one["status"] for one in tries} >= {"success"}


def test_the_key_is_the_user_of_basic(vendor):
    vendor.answer(EMPTY)
    read(opened_at(vendor.url, "key"), "customers")
    assert {one.headers["authorization"] for one in vendor.asked} == {"Basic a2V5Og=="}


def test_a_later_run_asks_for_what_changed_with_an_overlap_and_in_order(vendor):
    newest = {"id": "c2", "updated_at": NEWEST}
    vendor.answer(page(newest), page({"id": "c1"}, following='["1","2"]'), page(newest))
    state = {"since": NEWEST - 5_000, "walked": END.isoformat()}
    records, following = read(opened_at(vendor.url), "customers", state)
    assert [one["id"] for one in records] == ["c1", "c2"]
    assert following == {"since": NEWEST, "walked": END.isoformat()}
    first, second, third = (one.query for one in vendor.asked)
    assert (first["sort_by[desc]"], first["limit"]) == (["updated_at"], ["1"])
    assert int(second["updated_at[after]"][0]) <= NEWEST - 5_000 - 60
    assert second["sort_by[asc]"] == ["updated_at"]
    assert {tuple(one["include_deleted"]) for one in (first, second, third)} == {("true",)}
    assert third == {**second, "offset": ['["1","2"]']}


def test_a_stamp_from_the_future_is_not_where_the_next_run_starts(vendor):
    """A test site on a time machine: what it changes for real must not be skipped."""
    vendor.answer(page({"id": "c1", "updated_at": end_of(END) + 90 * 86_400}), EMPTY)
    _, state = read(opened_at(vendor.url), "customers")
    assert state["since"] == end_of(END)


def test_a_site_whose_clock_went_back_is_walked_again(vendor):
    vendor.answer(page({"id": "c1", "updated_at": NEWEST - 86_400}), EMPTY)
    state = {"since": NEWEST, "walked": END.isoformat()}
    _, following = read(opened_at(vendor.url), "customers", state)
    assert following["since"] == NEWEST - 86_400
    assert vendor.asked[1].query["sort_by[asc]"] == ["created_at"]


def test_records_without_a_stamp_come_with_the_next_walk(vendor):
    newest = {"id": "i1", "updated_at": NEWEST}
    vendor.answer(page(newest, resource="invoice"))
    state = {"since": NEWEST - 60, "walked": END.isoformat()}
    source = opened_at(vendor.url, full_walk_days=10)
    read(source, "invoices", state, END + timedelta(days=9))
    assert "updated_at[after]" in vendor.asked[-1].query
    _, following = read(source, "invoices", state, END + timedelta(days=10))
    assert "updated_at[after]" not in vendor.asked[-1].query
    assert vendor.asked[-1].query["sort_by[asc]"] == ["date"]
    assert following["walked"] == (END + timedelta(days=10)).isoformat()


def test_without_any_stamp_the_next_run_walks_again(vendor):
    vendor.answer(EMPTY)
    source = opened_at(vendor.url)
    _, state = read(source, "customers")
    assert state == {"since": None, "walked": END.isoformat()}
    assert read(source, "customers", state)[1] == state


@pytest.mark.parametrize("days", [3, 60])
def test_a_run_that_ended_early_goes_on_where_it_was(served, days):
    """Three days later with the changes, after two months with the walk."""
    source = replace(opened_in(served), page=7)
    before = {"since": 1, "walked": (END - timedelta(days)).isoformat()}
    whole = list(source.pages("invoices", state=before, as_of=END))
    assert len(whole) > 6
    kept = whole[:5]
    rest = list(source.pages("invoices", state=kept[-1].resume, as_of=END))
    first = {bytes(row) for page in kept for row in page.records}
    again = {bytes(row) for page in rest for row in page.records}
    assert first | again == {bytes(row) for page in whole for row in page.records}
    assert len(first & again) < len(first)
    states = [[page.state for page in pages if page.state][-1] for pages in (whole, rest)]
    assert states[0] == states[1]


def test_spans_leave_no_second_out_and_take_none_twice():
    def lets_through(span, moment):
        ((name, asked),) = span.items()
        if name.endswith("[before]"):
            return moment < asked
        if name.endswith("[after]"):
            return moment > asked
        first, last = orjson.loads(asked)
        return first <= moment <= last

    for first, last, count in ((100, 100, 4), (100, 117, 4), (100, 103, 9)):
        cut = list(spans("date", first, last, count))
        for moment in range(90, 130):
            assert sum(lets_through(span, moment) for span in cut) == 1


def test_the_offset_goes_back_as_it_came():
    body = rows_decoder("customer")(b'{"list":[{"customer":{"id":"1"}}],"next_offset":"[\\"9\\"]"}')
    assert next_offset({"limit": 1}, body) == {"limit": 1, "offset": '["9"]'}
    assert next_offset({}, rows_decoder("customer")(b'{"list":[]}')) is None


def test_a_row_without_its_resource_is_left_for_landing_to_set_aside():
    rows = rows_decoder("invoice")(
        b'{"list":[{"customer":{"id":"1"}},null,{"invoice":{"id":"2"}}]}'
    )
    assert [bytes(row) for row in rows["rows"]] == [b"null", b"null", b'{"id":"2"}']


def test_long_invoices_are_read_to_the_end_of_their_lines(world):
    state = State(world, StillClock(world.end), limits=False)
    with staged(build(state, settings=Settings(seats_a_line=2, lines_a_page=3))) as url:
        source = opened_at(url, state.doors["chargebee"].secret)
        invoices, _ = read(source, "invoices")
    seats = dict(zip(world["invoices"]["invoice_id"], world["invoices"]["seats"], strict=True))
    assert max(len(one["line_items"]) for one in invoices) > 3
    for one in invoices:
        assert sum(line["quantity"] for line in one["line_items"]) == seats[one["id"]]
        assert "line_items_next_offset" not in one


def test_lines_that_lead_back_are_no_invoice(vendor):
    cut = {"id": "i1", "line_items": [{"id": "l1"}], "line_items_next_offset": '["1"]'}
    vendor.answer(EMPTY, page(cut, resource="invoice"), Reply({"invoice": cut}))
    with pytest.raises(RetryLater, match="led back"):
        read(opened_at(vendor.url), "invoices")


def test_what_was_written_comes_with_the_next_run(sandbox):
    source, reach = opened_in(sandbox), sandbox.vendors["chargebee"]
    records, state = read(source, "customers")
    one = next(record["id"] for record in records if not record["deleted"])
    requests.request(
        "POST", f"{reach['base_url']}/api/v2/customers/{one}", data={"cf_health_score": "72"},
        auth=(reach["token"], ""), timeout=120,
    ).raise_for_status()  # fmt: skip
    sandbox.reset_requests()
    changed, following = read(source, "customers", state, LATER)
    assert [row["cf_health_score"] for row in changed if row["id"] == one] == ["72"]
    assert len(changed) < len(records)
    assert following["since"] > state["since"]
    assert asked(sandbox) == 2


def test_records_are_walked_by_id_and_fetched_one_by_one(served, world):
    source = opened_in(served)
    found = [one for block in source.ids("invoices", END) for one in block]
    assert sorted(found) == sorted(world["invoices"]["invoice_id"])
    (only,) = source.fetch("invoices", [found[0], "in_unknown"], END)
    assert orjson.loads(only.records[0])["id"] == found[0]


def test_a_check_tells_what_can_be_read(served, vendor):
    findings = list(opened_in(served).check(datetime.now(UTC)))
    assert [one.what for one in findings][:2] == ["credential", "stream customers"]
    assert all(one.works for one in findings if one.what != "clock")
    vendor.answer(Reply({"api_error_code": "api_authentication_failed"}, status=401))
    (refused,) = opened_at(vendor.url).check(datetime.now(UTC))
    assert (refused.what, refused.works) == ("credential", False)


TEXT = {"Content-Type": "text/plain"}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_gateways_that_answer_plain_text_are_asked_again(vendor, status):
    vendor.answer(Reply(b"upstream trouble", status, TEXT), EMPTY)
    assert read(opened_at(vendor.url), "customers")[0] == []


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (400, {"api_error_code": "configuration_incompatible"}, FixConfig, "product catalog"),
        (400, {"api_error_code": "invalid_request", "param": "offset"}, RetryLater, "read anew"),
        (400, {"api_error_code": "param_wrong_value"}, FixConfig, "400"),
        (401, {"api_error_code": "api_authentication_failed"}, FixConfig, "credential"),
        (403, {"api_error_code": "api_authorization_failed"}, FixConfig, "permission"),
        (404, {"api_error_code": "site_not_found"}, FixConfig, "base URL"),
        (405, {"api_error_code": "site_not_ready"}, FixConfig, "site is closed"),
        (409, {"api_error_code": "lock_timeout"}, RetryLater, "lock_timeout"),
        (200, {"nonsense": 1}, RejectData, "form"),
    ],
)
def test_refusals_say_what_to_do(vendor, status, body, error, words):
    vendor.answer(Reply({"message": SECRET, **body}, status=status))
    with pytest.raises(error, match=words) as caught:
        read(opened_at(vendor.url, SECRET), "customers")
    assert SECRET not in str(caught.value)


def test_a_limit_waits_as_long_as_it_says_and_a_minute_where_it_says_nothing(vendor):
    vendor.answer(Reply({}, 429, {"Retry-After": "7"}), Reply({}, 429), EMPTY)
    assert read(opened_at(vendor.url), "customers")[0] == []
    vendor.answer(Reply({}, 429, {"Retry-After": "3600"}))
    with pytest.raises(RetryLater) as caught:
        read(opened_at(vendor.url), "customers")
    assert caught.value.wait_s == 3600
