"""Stripe's door: key, version, parameters, limits, and the errors they end in."""

import re
from base64 import b64encode

import pytest

from sandbox.vendors.stripe import Settings


def test_the_key_is_taken_as_bearer_or_as_basic_user(account):
    key = account.state.doors["stripe"].secret
    basic = b64encode(f"{key}:".encode()).decode()
    for sent in (f"Bearer {key}", f"Basic {basic}"):
        assert account.ask("GET", "/customers", headers={"Authorization": sent}).ok


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (None, "You did not provide an API key."),
        ("Basic ?", "You did not provide an API key."),
        ("Bearer sk_test_51WrongWrongWrongWrong9999", "Invalid API Key provided: sk_test_*"),
    ],
)
def test_a_wrong_key_is_a_401_that_does_not_repeat_it(account, sent, message):
    answer = account.ask("GET", "/customers", headers={"Authorization": sent})
    error = answer.json()["error"]
    assert answer.status_code == 401
    assert error["type"] == "invalid_request_error"
    assert error["message"].startswith(message)
    assert "WrongWrong" not in answer.text
    assert answer.headers["Request-Id"].startswith("req_")


def test_every_reply_has_a_request_id_of_its_own_and_the_version(account):
    answers = [
        account.ask("GET", "/customers"),
        account.ask("GET", "/customers/cus_No"),
        account.ask("GET", "/customers", headers={"Stripe-Version": "2025-03-31.basil"}),
    ]
    ids = {answer.headers["Request-Id"] for answer in answers}
    assert len(ids) == 3
    assert all(re.fullmatch(r"req_\w{14}", one) for one in ids)
    versions = [answer.headers["Stripe-Version"] for answer in answers]
    assert versions == ["2026-10-28.endive", "2026-10-28.endive", "2025-03-31.basil"]
    bad = account.ask("GET", "/customers", headers={"Stripe-Version": "newest"})
    assert (bad.status_code, bad.json()["error"]["message"]) == (
        400,
        "Invalid Stripe API version: newest",
    )


@pytest.mark.parametrize("kind", ["customer", "subscription", "invoice", "price", "product"])
def test_an_unknown_id_is_a_404_resource_missing(account, kind):
    status, error = account.refused(f"/{kind}s/xx_No")
    assert status == 404
    assert error.pop("request_log_url").startswith("https://dashboard.stripe.com/test/logs/req_")
    assert error == {
        "type": "invalid_request_error",
        "code": "resource_missing",
        "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
        "message": f"No such {kind}: 'xx_No'",
        "param": "id",
    }


def test_an_unknown_url_or_method_is_a_404_that_names_it(account):
    status, error = account.refused("/unicorns")
    assert status == 404
    assert error["message"].startswith("Unrecognized request URL (GET: /v1/unicorns).")
    assert account.refused("/customers", method="POST")[0] == 404


@pytest.mark.parametrize(
    ("name", "value", "code", "param"),
    [
        ("colour", "red", "parameter_unknown", "colour"),
        ("created[after]", "1", "parameter_unknown", "created[after]"),
        ("limit", "ten", "parameter_invalid_integer", "limit"),
        ("limit", "101", "parameter_invalid_integer", "limit"),
        ("created", "yesterday", "parameter_invalid_integer", "created"),
        ("created[gte]", "1.5", "parameter_invalid_integer", "created[gte]"),
        ("email", "", "parameter_invalid_empty", "email"),
        ("starting_after", "", "parameter_invalid_empty", "starting_after"),
        ("expand", "data.default_source", None, "expand"),
        ("email[0]", "a@b.example", None, "email"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(account, name, value, code, param):
    status, error = account.refused("/customers", (name, value))
    assert status == 400
    assert (error.get("code"), error["param"]) == (code, param)


def test_flags_are_true_or_false(account):
    status, error = account.refused("/prices", active="yes")
    assert (status, error["message"]) == (400, "Invalid boolean: yes")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (Settings(a_second=2), "global-rate"),
        (Settings(endpoint_a_second=2), "endpoint-rate"),
    ],
)
def test_one_request_too_many_is_a_429_that_says_why(serve, settings, reason):
    with serve(customers=[{}], limits=True, settings=settings) as account:
        good = [account.ask("GET", "/customers").status_code for _ in range(2)]
        answer = account.ask("GET", "/customers")
    assert good == [200, 200]
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "rate_limit"
    assert answer.headers["Stripe-Rate-Limited-Reason"] == reason
    assert not {"Retry-After", "Stripe-Should-Retry"} & answer.headers.keys()


def test_endpoints_have_limits_of_their_own(serve):
    with serve(customers=[{}], limits=True, settings=Settings(endpoint_a_second=1)) as account:
        paths = ("/customers", "/customers/cus_Kite", "/events", "/customers/cus_No")
        statuses = [account.ask("GET", path).status_code for path in paths]
    assert statuses == [200, 200, 200, 429]


def test_the_documented_limit_of_an_endpoint_holds(serve):
    with serve(customers=[{}], limits=True) as account:
        statuses = [account.ask("GET", "/events").status_code for _ in range(26)]
    assert statuses == [200] * 25 + [429]


def test_a_sandbox_without_limits_counts_nothing(serve):
    with serve(customers=[{}], settings=Settings(a_second=1)) as account:
        assert [account.ask("GET", "/events").status_code for _ in range(3)] == [200] * 3
