"""Faults on order, in Chargebee's envelopes."""

import pytest
import requests

from sandbox.serve import running


@pytest.fixture(scope="module")
def broken(world):
    with running(world, limits=False) as sandbox:
        yield sandbox


def pages(sandbox, path="invoices", **params):
    reach = sandbox.vendors["chargebee"]
    asked = {"limit": 40, **params}
    for _ in range(30):
        answer = requests.request(
            "GET", f"{reach['base_url']}/api/v2/{path}", params=asked, auth=(reach["token"], ""),
            timeout=120,
        )  # fmt: skip
        yield answer
        if answer.status_code != 200 or "next_offset" not in answer.json():
            return
        asked["offset"] = answer.json()["next_offset"]
    raise AssertionError("the list does not end")


def ids(answers):
    return [row["invoice"].get("id") for answer in answers for row in answer.json()["list"]]


def test_an_empty_page_says_more_and_loses_nothing(broken):
    broken.faults = []
    whole = ids(pages(broken))
    broken.faults = [{"vendor": "chargebee", "path": "/", "fault": "empty_page", "after": 1}]
    answers = list(pages(broken))
    assert [len(answer.json()["list"]) for answer in answers][1] == 0
    assert ids(answers) == whole


def test_record_faults_reach_into_the_rows(broken):
    broken.faults = [{"vendor": "chargebee", "path": "/", "fault": "no_id"}]
    found = ids(pages(broken))
    assert found.count(None) >= 1
    fault = {"fault": "drop_field", "field": "currency_code"}
    broken.faults = [{"vendor": "chargebee", "path": "/", **fault}]
    rows = next(iter(pages(broken))).json()["list"]
    assert rows
    assert not any("currency_code" in row["invoice"] for row in rows)


@pytest.mark.parametrize("code", [401, 403, 405, 429, 500, 503])
def test_errors_are_in_chargebees_words(broken, code):
    broken.faults = [{"vendor": "chargebee", "path": "/", "fault": "status", "code": code}]
    (answer,) = pages(broken)
    assert answer.status_code == code == answer.json()["http_status_code"]
    assert answer.json()["api_error_code"]
