"""Lost answers, failures, limits and kills: in the end the CRM shows the plan, written once."""

import pytest

from include.errors import FixConfig, RetryLater
from include.settings import Credentials
from include.sources.http.client import Client
from include.sources.http.rate import Rate, Window
from include.sources.http.session import Bearer
from tests.database.crm.desks import both_crms


@both_crms
@pytest.mark.parametrize("is_sent", [False, True])
@pytest.mark.parametrize("n", [1, 2])
def test_a_killed_push_is_finished_by_the_next_one_and_nothing_is_written_twice(
    bad_day, n, is_sent
):
    bad_day.push_and_die(n, is_sent=is_sent)
    left_open = bad_day.ledger()["sent"]
    assert left_open in bad_day.sizes
    counts = bad_day.push()
    assert counts["settled"] == left_open
    assert bad_day.ledger()["missed"] == (0 if is_sent else left_open)
    bad_day.check_settled()
    assert bad_day.most_often_written() == 1


@both_crms
@pytest.mark.parametrize(
    "lost",
    [
        {"fault": "cut"},
        {"fault": "truncated_json"},
        {"fault": "invalid_json"},
        {"fault": "status", "code": 500, "applied": True},
        {"fault": "html", "code": 502, "applied": True},
    ],
)
def test_a_lost_answer_is_looked_up_and_the_write_not_repeated(bad_day, lost):
    bad_day.order(lost)
    counts = bad_day.push()
    assert bad_day.desk.sandbox.faults[0]["fired"] == 1
    assert counts["acknowledged"] == len(bad_day.ids)
    assert counts["requests"] == bad_day.desk.batches
    bad_day.check_settled()
    assert bad_day.most_often_written() == 1


@both_crms
@pytest.mark.parametrize(
    "kind",
    [
        {"fault": "status", "code": 500},
        {"fault": "status", "code": 503},
        {"fault": "html", "code": 502},
    ],
)
def test_a_failed_call_is_looked_up_and_sent_again_after_two_seconds(bad_day, kind):
    bad_day.order(kind)
    counts = bad_day.push()
    assert counts["acknowledged"] == len(bad_day.ids)
    assert counts["requests"] == bad_day.desk.batches + 1
    assert max(bad_day.desk.held) >= 1.9
    bad_day.check_settled()
    assert bad_day.most_often_written() == 1


@both_crms
def test_a_crm_that_stays_down_is_retried_later_and_settled_then(bad_day):
    bad_day.order({"fault": "status", "code": 503, "times": -1})
    with pytest.raises(RetryLater, match="503"):
        bad_day.push()
    assert bad_day.desk.calls()[503] <= 12
    assert bad_day.ledger()["sent"] > 0
    bad_day.order()
    bad_day.push()
    bad_day.check_settled()
    assert bad_day.most_often_written() == 1


@both_crms
def test_a_crm_that_cannot_even_be_read_back_leaves_the_rows_open(bad_day):
    reading = bad_day.desk.reading
    bad_day.order({"fault": "cut"}, {"fault": "status", "path": reading, "code": 500, "times": -1})
    with pytest.raises(RetryLater):
        bad_day.push()
    left_open = bad_day.ledger()["sent"]
    assert left_open in bad_day.sizes
    bad_day.order()
    assert bad_day.push()["settled"] == left_open
    bad_day.check_settled()
    assert bad_day.most_often_written() == 1


@pytest.mark.parametrize(("policy", "wait_s"), [("SECONDLY", 1.0), ("TEN_SECONDLY_ROLLING", 10.0)])
def test_a_rate_limit_is_waited_out(bad_day, policy, wait_s):
    body = {"status": "error", "errorType": "RATE_LIMIT", "policyName": policy}
    bad_day.order({"fault": "status", "code": 429, "body": body})
    assert bad_day.push()["acknowledged"] == len(bad_day.ids)
    assert bad_day.desk.held == [wait_s]
    bad_day.check_settled()
    assert bad_day.most_often_written() == 1


def test_the_daily_limit_ends_the_run_and_the_next_one_goes_on(bad_day):
    body = {"status": "error", "errorType": "RATE_LIMIT", "policyName": "DAILY"}
    bad_day.order({"fault": "status", "code": 429, "body": body, "after": 1, "times": -1})
    with pytest.raises(RetryLater, match="daily limit"):
        bad_day.push()
    assert bad_day.ledger()["sent"] == 0
    assert bad_day.ledger()["missed"] > 0
    bad_day.order()
    counts = bad_day.push()
    assert counts["settled"] == 0
    assert counts["changed"] < len(bad_day.ids)
    bad_day.check_settled()
    assert bad_day.most_often_written() == 1


def test_a_day_that_is_used_up_before_a_call_leaves_no_doubt_about_its_rows(bad_day):
    there = bad_day.desk.sandbox.vendors["hubspot"]
    client = Client(
        Credentials(there["base_url"], there["token"]), vendor="hubspot",
        auth=Bearer(there["token"]), rate=Rate(100, 10.0, Window(2, 86_400.0, "day")),
    )  # fmt: skip
    with pytest.raises(RetryLater, match="2 requests in 86,400 s"):
        bad_day.push(client=client)
    assert bad_day.ledger()["sent"] == 0
    assert bad_day.ledger()["missed"] > 0
    assert bad_day.push()["settled"] == 0
    bad_day.check_settled()
    assert bad_day.most_often_written() == 1


@both_crms
def test_an_expired_token_is_a_matter_of_configuration_and_leaves_no_doubt(bad_day):
    bad_day.order({"fault": "expire_token", "times": -1})
    with pytest.raises(FixConfig, match="401"):
        bad_day.push()
    assert bad_day.ledger()["sent"] == 0
    bad_day.order()
    bad_day.push()
    bad_day.check_settled()


def test_a_locked_record_is_written_again_later(bad_day):
    bad_day.order({"fault": "status", "code": 423, "times": 2})
    assert bad_day.push()["acknowledged"] == len(bad_day.ids)
    bad_day.check_settled()
    assert bad_day.most_often_written() == 1
