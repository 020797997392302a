import http.client
import json
import socket
from email.utils import parsedate_to_datetime

import pytest


@pytest.mark.parametrize("code", [401, 403, 429, 500, 503])
def test_an_ordered_status_comes_with_the_vendors_own_body_and_passes(vendor, code):
    vendor.order({"fault": "status", "code": code})
    answer = vendor.get("/list")
    assert answer.status == code
    assert answer.json["status"] == "error"
    assert answer.json["message"]
    assert vendor.get("/list").status == 200


def test_a_status_can_have_headers_and_a_body_of_its_own(vendor):
    rule = {"fault": "status", "code": 418, "headers": {"X-Why": "tea"}, "body": {"short": True}}
    vendor.order(rule)
    answer = vendor.get("/list")
    assert (answer.status, answer.headers["x-why"], answer.json) == (418, "tea", {"short": True})


def test_a_rule_waits_and_then_fires_as_often_as_it_says(vendor):
    vendor.order({"fault": "status", "code": 500, "after": 1, "times": 2})
    assert [vendor.get("/list").status for _ in range(5)] == [200, 500, 500, 200, 200]
    assert vendor.fired == [2]


def test_rules_are_tried_in_order_and_one_answer_hides_the_rest(vendor):
    vendor.order({"fault": "status", "code": 429, "times": 2}, {"fault": "status", "code": 500})
    assert [vendor.get("/list").status for _ in range(4)] == [429, 429, 500, 200]


def test_only_the_named_path_and_method_are_hit(vendor):
    vendor.order(
        {"fault": "status", "code": 500, "path": "/sea", "method": "post", "times": -1},
        {"fault": "status", "code": 503, "path": "/*port", "times": -1},
    )
    assert vendor.get("/list").status == 200
    assert vendor.ask("POST", "/search", {"after": 0}).status == 500
    assert vendor.get("/export").status == 503


def test_another_vendors_rule_does_nothing(vendor):
    vendor.order({"fault": "status", "code": 500, "vendor": "stripe", "times": -1})
    assert vendor.get("/list").status == 200


@pytest.mark.parametrize("seconds", [7, "Sun, 22 Nov 2026 07:28:00 GMT", 0])
def test_retry_after_is_sent_as_it_was_ordered(vendor, seconds):
    vendor.order({"fault": "retry_after", "seconds": seconds})
    answer = vendor.get("/list")
    assert (answer.status, answer.headers["retry-after"]) == (429, str(seconds))
    assert answer.json["policyName"] == "TEN_SECONDLY_ROLLING"


def test_an_expired_token_stays_refused_until_the_faults_are_cleared(vendor):
    vendor.order({"fault": "expire_token", "after": 2, "times": -1})
    assert [vendor.get("/list").status for _ in range(5)] == [200, 200, 401, 401, 401]
    vendor.order()
    assert vendor.get("/list").status == 200


def test_an_error_can_be_answered_after_the_write_was_done(vendor):
    vendor.order({"fault": "status", "code": 503, "applied": True}, {"fault": "html"})
    assert vendor.ask("POST", "/write", {"n": 1}).status == 503
    assert vendor.ask("POST", "/write", {"n": 2}).status == 502
    assert vendor.ask("POST", "/write", {"n": 3}).status == 200
    assert vendor.written == [{"n": 1}, {"n": 3}]


@pytest.mark.parametrize("code", [200, 502])
def test_an_html_page_stands_in_for_json(vendor, code):
    vendor.order({"fault": "html", "code": code})
    answer = vendor.get("/list")
    assert answer.status == code
    assert answer.headers["content-type"].startswith("text/html")
    with pytest.raises(json.JSONDecodeError):
        answer.json  # noqa: B018


@pytest.mark.parametrize("fault", ["truncated_json", "invalid_json"])
def test_a_spoilt_body_has_a_right_length_and_is_no_json(vendor, fault):
    vendor.order({"fault": fault})
    answer = vendor.get("/list")
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body) > 0
    with pytest.raises(json.JSONDecodeError):
        answer.json  # noqa: B018


def test_a_cut_connection_ends_in_the_middle_of_the_body(vendor):
    whole = vendor.get("/list").body
    vendor.order({"fault": "cut"})
    with pytest.raises(http.client.IncompleteRead) as error:
        vendor.get("/list")
    assert error.value.partial == whole[: len(whole) // 2]
    assert vendor.get("/list").body == whole


def test_a_slow_body_takes_its_time_after_the_headers(vendor, clock):
    vendor.order({"fault": "slow", "seconds": 0.3, "pieces": 3})
    assert clock(lambda: vendor.get("/list")) >= 0.3
    assert vendor.get("/list").ids == ["0", "1"]


def test_a_body_slower_than_the_clients_patience_times_out(vendor):
    vendor.order({"fault": "slow", "seconds": 60})
    with pytest.raises(TimeoutError):
        vendor.get("/list", timeout=0.3)


def test_the_date_header_is_world_time_and_can_be_skewed(vendor):
    def epoch():
        return parsedate_to_datetime(vendor.get("/list").headers["date"]).timestamp()

    assert epoch() == 1_790_000_000
    vendor.order({"fault": "clock_skew", "seconds": -3600})
    assert epoch() == 1_790_000_000 - 3600


def test_the_connection_can_be_used_again_after_a_fault(vendor):
    vendor.order({"fault": "status", "code": 500})
    connection = http.client.HTTPConnection("127.0.0.1", vendor.port, timeout=120)
    statuses = []
    for _ in range(2):
        connection.request("GET", "/list")
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
        assert isinstance(connection.sock, socket.socket)
    connection.close()
    assert statuses == [500, 200]
