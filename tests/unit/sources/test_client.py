"""What the one door to the network makes of each thing that a vendor can do."""

import gzip
import time
from codecs import BOM_UTF8

import pytest

from include.errors import FixConfig, NotSent, RejectData, RetryLater
from include.settings import Credentials
from include.sources.http import told
from include.sources.http.client import Client
from include.sources.http.pagination import hubspot_after, stripe_has_more
from include.sources.http.rate import Rate
from include.sources.http.session import Bearer, Wire
from tests.unit.sources.conftest import QUICK, SECRET, Reply

GOOD = Reply({"data": [1], "has_more": False})
HTML = Reply(b"<!DOCTYPE html><html>gone</html>", headers={"Content-Type": "text/html"})
DAILY = {
    "status": "error",
    "errorType": "RATE_LIMIT",
    "message": "You have reached your daily limit.",
    "policyName": "DAILY",
}


def test_a_request_carries_the_credential_the_query_and_our_name(vendor):
    vendor.answer(GOOD)
    assert vendor.client().get("/v1/x", {"types[]": ["a", "b"]}) == {"data": [1], "has_more": False}
    asked = vendor.asked[0]
    assert asked.headers["authorization"] == f"Bearer {SECRET}"
    assert asked.headers["user-agent"] == "customer-health-job"
    assert asked.query == {"types[]": ["a", "b"]}


def test_a_body_travels_as_json_and_a_post_is_not_repeated(vendor):
    vendor.answer(Reply({}, status=500), GOOD)
    with pytest.raises(RetryLater, match="POST /v1/x answered 500"):
        vendor.client().call("POST", "/v1/x", json={"a": "ä"})
    assert [asked.body for asked in vendor.asked] == [{"a": "ä"}]


def test_a_body_of_another_kind_travels_as_it_is_and_an_empty_201_is_an_answer(vendor):
    vendor.answer(Reply(b"", status=201))
    content = ("text/csv; charset=UTF-8", b"[7]")
    answer = vendor.client().call("PATCH", "/v1/x", content=content, accept=(201,))
    assert (answer.status, answer.body) == (201, None)
    asked = vendor.asked[0]
    assert (asked.headers["content-type"], asked.body) == ("text/csv; charset=UTF-8", [7])


def test_a_post_that_is_a_query_is_repeated(vendor):
    vendor.answer(Reply({}, status=500), GOOD)
    assert vendor.client().call("POST", "/q", json={}, retry=True).status == 200
    assert len(vendor.asked) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Reply({}, status=429, headers={"Retry-After": "1"}),
        Reply({}, status=429),
        Reply({}, status=500),
        Reply(b"upstream", status=502),
        Reply({}, status=503, headers={"Retry-After": "2"}),
        Reply(b'{"data": [1], "has', length=25),
        Reply(b'{"data": [1], "has'),
        Reply(b'{"results": [NaN,, '),
        Reply(b""),
        HTML,
    ],
    ids=lambda reply: f"{reply.status} {reply.content[:12].decode()}",
)
def test_what_passes_is_survived(vendor, fault):
    vendor.answer(fault, fault, GOOD)
    assert vendor.client().get("/v1/x") == {"data": [1], "has_more": False}
    assert len(vendor.asked) == 3


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (Reply({}, status=429), "GET /v1/x answered 429: too many requests"),
        (Reply({}, status=503), "answered 503: the vendor has trouble of its own"),
        (Reply(b'{"data": [1', length=90), "broke in the middle of the answer"),
        (Reply(b'{"data": [1'), "answered 200 with JSON that is cut short"),
        (Reply(b""), "answered 200 with an empty body"),
        (Reply(b"moved"), "answered 200 with text instead of JSON"),
        (HTML, "answered 200 with an HTML page instead of JSON"),
        (
            Reply(b'{"errors": [{"co', status=400),
            "answered 400: its reason came as JSON that is cut",
        ),
    ],
)
def test_what_does_not_pass_ends_in_retry_later_that_names_it(vendor, fault, complaint):
    vendor.answer(fault)
    with pytest.raises(RetryLater, match=complaint):
        vendor.client().get("/v1/x")
    assert len(vendor.asked) == QUICK.tries


@pytest.mark.parametrize(
    ("status", "complaint"),
    [
        (400, "does not accept the request"),
        (401, "credential is wrong, expired or revoked"),
        (403, "lacks a permission"),
        (404, "nothing at this path"),
        (302, "points elsewhere"),
        (418, "no use for"),
    ],
)
def test_what_a_person_must_mend_is_not_repeated(vendor, status, complaint):
    vendor.answer(Reply({"message": "body"}, status=status, headers={"Location": "http://x.y/"}))
    with pytest.raises(FixConfig, match=f"stripe: GET /v1/x answered {status}: .*{complaint}"):
        vendor.client().get("/v1/x")
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("status", [200, 401, 403, 429, 500])
def test_no_message_holds_query_body_headers_or_secret(vendor, status):
    vendor.answer(Reply(f"<html>{SECRET} in body</html>".encode(), status=status))
    with pytest.raises((FixConfig, RetryLater)) as caught:
        vendor.client().get("/v1/x", {"email": "a@kite.example"})
    shown = f"{caught.value!r} {caught.value.__cause__!r}"
    assert all(text not in shown for text in (SECRET, "kite", "body", "127.0.0.1"))


def test_a_refused_connection_may_be_there_later(vendor):
    client = Client(
        Credentials("http://127.0.0.1:1", SECRET), vendor="zendesk", auth=Bearer(SECRET), wire=QUICK
    )
    with pytest.raises(RetryLater, match="zendesk: GET /api/v2/x: no connection"):
        client.get("/api/v2/x", {"email": "a@kite.example"})


@pytest.mark.parametrize("secret", ["two\nlines", "snow☃man"])
def test_a_malformed_secret_is_named_and_not_shown(vendor, secret):
    client = Client(Credentials(vendor.url, secret), vendor="stripe", auth=Bearer(secret))
    with pytest.raises(FixConfig, match="secret is malformed") as caught:
        client.get("/v1/x")
    assert secret[:3] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_wait_that_the_vendor_asks_for_is_waited(vendor):
    vendor.answer(Reply({}, status=429, headers={"Retry-After": "20"}), GOOD)
    started = time.monotonic()
    vendor.client(wire=Wire(pace=0.01)).get("/v1/x")
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(
    ("told", "asked_s"),
    [
        ({"Retry-After": "3600"}, 3600),
        ({"Retry-After": "3600.5"}, 3600.5),
        ({"Retry-After": "Thu, 01 Oct 2026 01:00:00 GMT"}, 3600),
    ],
)
def test_a_long_wait_is_left_to_the_caller(vendor, told, asked_s):
    now = {"Date": "Thu, 01 Oct 2026 00:00:00 GMT"}
    vendor.answer(Reply({}, status=429, headers=told | now))
    with pytest.raises(RetryLater) as caught:
        vendor.client().get("/v1/x")
    assert caught.value.wait_s == pytest.approx(asked_s)
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("header", ["soon", "-5", "", "1e9"])
def test_a_wait_that_cannot_be_read_is_as_none(vendor, header):
    vendor.answer(Reply({}, status=429, headers={"Retry-After": header}))
    with pytest.raises(RetryLater) as caught:
        vendor.client().get("/v1/x")
    assert caught.value.wait_s is None


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "0"}])
def test_zendesk_without_a_wait_means_a_minute(vendor, headers):
    vendor.answer(Reply({"error": "APIRateLimitExceeded"}, status=429, headers=headers))
    with pytest.raises(RetryLater) as caught:
        vendor.client("zendesk").get("/api/v2/x")
    assert caught.value.wait_s == 60


@pytest.mark.parametrize(("policy", "wait_s"), [("SECONDLY", 1), ("TEN_SECONDLY_ROLLING", 10)])
def test_hubspot_names_its_limit_in_the_body(vendor, policy, wait_s):
    vendor.answer(Reply({**DAILY, "policyName": policy}, status=429))
    with pytest.raises(RetryLater) as caught:
        vendor.client("hubspot").get("/crm/v3/x")
    assert caught.value.wait_s == wait_s
    assert len(vendor.asked) == QUICK.tries


def test_hubspots_daily_limit_is_left_until_midnight(vendor):
    vendor.answer(Reply(DAILY, status=429, headers={"Date": "Thu, 01 Oct 2026 22:30:00 GMT"}))
    with pytest.raises(RetryLater, match="quota of requests is used up") as caught:
        vendor.client("hubspot").get("/crm/v3/x")
    assert caught.value.wait_s == 90 * 60
    assert len(vendor.asked) == 1


def test_stripe_may_say_whether_to_ask_again(vendor):
    vendor.answer(Reply({}, status=500, headers={"Stripe-Should-Retry": "false"}))
    with pytest.raises(RetryLater):
        vendor.client().get("/v1/x")
    assert len(vendor.asked) == 1
    vendor.answer(Reply({}, status=409, headers={"Stripe-Should-Retry": "true"}), GOOD)
    assert vendor.client().get("/v1/x")["data"] == [1]


def test_a_place_in_the_list_that_was_deleted_needs_a_new_reading(vendor):
    error = {"code": "resource_missing", "param": "starting_after", "message": "No such customer"}
    vendor.answer(Reply({"error": error}, status=400))
    with pytest.raises(RetryLater, match="was deleted meanwhile"):
        vendor.client().get("/v1/customers", {"starting_after": "cus_1"})
    assert len(vendor.asked) == 1


def test_an_accepted_status_is_an_answer(vendor):
    vendor.answer(Reply({"category": "OBJECT_ALREADY_EXISTS"}, status=409, headers={"X-A": "1"}))
    answer = vendor.client().call("POST", "/p", json={}, accept=(201, 409))
    assert (answer.status, answer.body["category"]) == (409, "OBJECT_ALREADY_EXISTS")
    assert answer.headers["x-a"] == "1"


def test_an_answer_without_content_is_none(vendor):
    vendor.answer(Reply(b"", status=204))
    assert vendor.client().call("POST", "/p", json={}, accept=(204,)).body is None


def test_a_compressed_answer_is_unpacked_and_its_size_counts_unpacked(vendor):
    packed = Reply(gzip.compress(b'{"a": "' + b"x" * 3_000_000 + b'"}'))
    vendor.answer(Reply(packed.content, headers={"Content-Encoding": "gzip"}))
    assert len(vendor.client().get("/v1/x")["a"]) == 3_000_000
    with pytest.raises(RejectData, match="more than 1,000,000 bytes"):
        vendor.client(wire=Wire(longest_body=1_000_000)).get("/v1/x")


def test_a_byte_order_mark_before_json_is_no_part_of_it(vendor):
    page = GOOD.content
    vendor.answer(Reply(BOM_UTF8 + page))
    assert vendor.client().get("/v1/x") == GOOD.body
    vendor.answer(Reply(BOM_UTF8 + b'{"policyName":"DAILY"}', status=429))
    with pytest.raises(RetryLater, match="day's quota"):
        vendor.client("hubspot").get("/v1/x")


def test_half_a_surrogate_pair_does_not_spoil_the_page(vendor):
    vendor.answer(Reply(rb'{"name": "cut \ud83d", "whole": "\ud83d\ude00", "path": "\\ud83d"}'))
    body = vendor.client().get("/v1/x")
    assert body == {"name": "cut �", "whole": "😀", "path": "\\ud83d"}


def test_an_answer_that_drips_for_ever_is_given_up(vendor):
    vendor.answer(Reply({"data": "x" * 1_000_000}))
    with pytest.raises(RetryLater, match="took more than 0 s"):
        vendor.client(wire=Wire(answer_s=0.0, tries=1)).get("/v1/x")


def test_pages_end_at_the_vendors_mark_and_an_empty_one_is_no_end(vendor):
    vendor.answer(
        Reply({"results": [1], "paging": {"next": {"after": "a"}}}),
        Reply({"results": [], "paging": {"next": {"after": "b"}}}),
        Reply({"results": [2]}),
    )
    pages = list(vendor.client("hubspot").pages("/x", {"limit": 1}, hubspot_after))
    assert [page["results"] for page in pages] == [[1], [], [2]]
    assert [asked.query.get("after") for asked in vendor.asked] == [None, ["a"], ["b"]]


@pytest.mark.parametrize("circle", [["a"], ["a", "b"], ["a", "b", "c", "d", "e"]])
def test_a_circle_of_cursors_is_left(vendor, circle):
    turns = [Reply({"results": [], "paging": {"next": {"after": one}}}) for one in circle * 20]
    vendor.answer(*turns)
    with pytest.raises(RetryLater, match="led back to one that was read already"):
        list(vendor.client("hubspot").pages("/x", {}, hubspot_after))
    assert len(vendor.asked) <= 4 * len(circle) + 2


def test_an_answer_without_the_way_on_is_rejected(vendor):
    vendor.answer(Reply({"data": [{"id": "a"}]}))
    with pytest.raises(RejectData, match=r"stripe: GET /v1/x: .*leads to the next page"):
        list(vendor.client().pages("/v1/x", {}, stripe_has_more))


def test_a_hold_is_meant_for_every_thread(vendor):
    vendor.answer(Reply({}))
    client = vendor.client("hubspot")
    client.hold(10_000)
    with pytest.raises(NotSent):
        client.get("/x")
    assert vendor.asked == []


def test_a_rate_is_taken_over_from_hubspots_answers(vendor):
    vendor.answer(Reply({}, headers={"X-HubSpot-RateLimit-Max": "40"}))
    client = Client(
        Credentials(vendor.url, SECRET), vendor="hubspot", auth=Bearer(SECRET),
        rate=Rate(2, 60.0, learn=told.hubspot),
    )  # fmt: skip
    for _ in range(10):  # the third one would wait a minute
        client.get("/x")
    assert len(vendor.asked) == 10
