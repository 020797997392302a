"""Faults in the CSV of a bulk job's results."""

import csv
import io
from datetime import date

import pytest
import requests

from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.patience import wait_until

DATA = "/services/data/v66.0"
END = date(2026, 9, 20)


@pytest.fixture(scope="module")
def sandbox():
    world = simulate(accounts=14, seed=3, start=date(2026, 9, 1), end=END)
    with running(world, limits=False) as one:
        yield one


@pytest.fixture
def results(sandbox):
    """Read the accounts of a bulk job under one fault: results(fault=…) gives the answer."""

    def ask(**rule):
        sandbox.faults = []
        client = logged_in(sandbox.vendors["salesforce"])
        asked = {"operation": "query", "query": "select Id, Name from Account order by Id"}
        job = client(f"{DATA}/jobs/query", asked).json()["id"]
        address = f"{DATA}/jobs/query/{job}"
        wait_until(lambda: client(address).json()["state"] == "JobComplete", "the job")
        sandbox.faults = [{"vendor": "salesforce", "path": f"{DATA}/jobs/query/*/results", **rule}]
        return client(f"{DATA}/jobs/query/{job}/results")

    return ask


def logged_in(reach):
    session = requests.Session()
    grant = {
        "grant_type": "client_credentials",
        "client_id": reach["user"],
        "client_secret": reach["token"],
    }
    base = reach["base_url"]
    told = session.post(f"{base}/services/oauth2/token", data=grant, timeout=120).json()
    session.headers["Authorization"] = f"Bearer {told['access_token']}"

    def ask(path, body=None):
        method = "GET" if body is None else "POST"
        return session.request(method, base + path, json=body, timeout=120)

    return ask


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_an_unspoilt_table_is_passed_on_as_it_is(results):
    assert len(rows_of(results(fault="clock_skew", seconds=1))) > 3


def test_a_table_can_be_cut_in_mid_row(results):
    whole = results(fault="clock_skew", seconds=1).content
    answer = results(fault="truncated_json")
    assert answer.content == whole[: len(whole) // 2]
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_table_can_lose_rows_against_what_its_header_promises(results):
    answer = results(fault="lost_lines")
    assert 0 < len(rows_of(answer)) < int(answer.headers["Sforce-NumberOfRecords"])


def test_a_tables_columns_and_values_can_change(results):
    whole = rows_of(results(fault="clock_skew", seconds=1))
    renamed = rows_of(results(fault="rename_field", field="Name", to="Title"))
    assert [row["Title"] for row in renamed] == [row["Name"] for row in whole]
    wider = rows_of(results(fault="new_field", field="Mood__c", value='so "so"'))
    assert wider == [{**row, "Mood__c": 'so "so"'} for row in whole]
    spoilt = rows_of(results(fault="set", field="Name", value=None, n=1))
    assert [row["Name"] for row in spoilt[:2]] == [whole[0]["Name"], ""]
    assert rows_of(results(fault="duplicate", where="same")) == [*whole, whole[-1]]
