"""What can be found out about an org: what works, which records there are."""

from datetime import UTC, datetime

import pytest

from include.settings import Credentials
from include.sources.base import Checked, Reconciled
from include.vendor_settings import SalesforceFields
from sandbox.serve import running
from tests.unit.sources.conftest import END, Reply
from tests.unit.sources.salesforce.conftest import KEY, described, found, read, user
from tests.unit.sources.salesforce.test_twin import entered

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared(world):
    with running(world, limits=False) as sandbox:
        yield sandbox


def findings(source):
    return {one.what: one for one in source.check(datetime.now(UTC))}


def failing(source):
    return {what: one.words for what, one in findings(source).items() if not one.works}


def test_all_is_well_with_the_sandbox(shared):
    source = entered(shared)
    told = findings(source)
    assert isinstance(source, Checked)
    assert failing(source) == {}
    assert {"credential", "version", "clock", "limit calls", "field fields.arr"} <= told.keys()
    assert {f"stream {stream}" for stream in source.streams} <= told.keys()


def test_a_wrong_secret_is_all_that_is_said(org, opened):
    org.answers["POST token"] = Reply({"error": "invalid_client"}, status=401)
    source = opened(Credentials(org.url, "tok-wrong", KEY))
    assert list(findings(source)) == ["credential"]
    assert "consumer secret" in failing(source)["credential"]


def test_what_is_missing_is_named(org, opened):
    org.answers["GET /"] = {}
    org.answers["GET /sobjects/Account/describe"] = described(
        "IsDeleted", "Name", "OwnerId", "Type"
    )
    org.answers["GET /query"] = found()
    source = opened(fields=SalesforceFields(arr="Typ"))
    wrong = failing(source)
    assert wrong["field fields.arr"] == "the vendor has no Typ; did you mean Type?"
    assert "which we need" in wrong["stream contacts"]
    assert not {"stream accounts", "stream contact_roles"} & wrong.keys()


def test_calls_that_are_used_up_are_told(org, opened):
    spent = {"Sforce-Limit-Info": "api-usage=900/1000"}
    org.answers["GET /"] = Reply({}, headers=spent)
    assert "0 are left of 800" in failing(opened(budget_share=0.8))["limit calls"]


def test_the_ids_of_living_records_are_walked_and_fetched(shared):
    source = entered(shared)
    assert isinstance(source, Reconciled)
    for stream in source.gone:
        known = {one["Id"]: one for one in read(source, stream, as_of=END)[0]}
        living = {key for key, one in known.items() if not one["IsDeleted"]}
        ids = [one for block in source.ids(stream, END) for one in block]
        assert sorted(ids) == sorted(living) != []
        fetched = [row for page in source.fetch(stream, ids, END) for row in page.records]
        assert {row["Id"]: row for row in fetched} == {key: known[key] for key in living}


def test_ids_are_asked_for_a_few_hundred_at_a_time(org, opened):
    org.serve("Contact", "IsDeleted", "AccountId", records=[user("1")])
    ids = [f"003{number:012d}AAA" for number in range(450)]
    assert len(list(opened().fetch("contacts", ids, END))) == 3
    assert all(len(asked.soql) < 6_000 for asked in org.asked)
