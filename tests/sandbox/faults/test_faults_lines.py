"""Faults in answers that are no JSON document: JSON Lines of Mixpanel, Amplitude's archives."""

import gzip
import io
import json
import zipfile
import zlib

import pytest
import requests

from sandbox.serve import running
from sandbox.world.simulate import simulate
from tests.unit.sources.conftest import END, START

EXPORTS = {
    "mixpanel": ("/api/2.0/export", {"from_date": "2026-09-18", "to_date": "2026-09-18"}),
    "amplitude": ("/api/2/export", {"start": "20260918T00", "end": "20260918T23"}),
}


@pytest.fixture(scope="module")
def sandbox():
    with running(simulate(accounts=14, seed=3, start=START, end=END), limits=False) as one:
        yield one


@pytest.fixture
def broken(sandbox):
    """Order one fault and export: broken(vendor, fault=…) gives the answer."""

    def ask(vendor, *rules, **rule):
        path, query = EXPORTS[vendor]
        sandbox.faults = rules or [{"vendor": vendor, "path": path, **rule}]
        reach = sandbox.vendors[vendor]
        auth = (reach["user"], reach["token"])
        params = {**query, **reach.get("extra", {})}
        address = f"{reach['base_url']}{path}"
        return requests.Session().get(address, params=params, auth=auth, timeout=120)

    yield ask
    sandbox.faults = []


def test_a_field_of_an_exported_event_can_be_lost_or_changed(broken):
    whole = lines_of(broken("mixpanel", fault="status", code=503, after=9))
    lines = lines_of(broken("mixpanel", fault="drop_field", field="properties.time", n=0))
    assert "time" not in lines[0]["properties"]
    assert lines[1:] == whole[1:] != []
    doubled = lines_of(broken("mixpanel", fault="duplicate", where="same"))
    assert doubled == [*whole, whole[-1]]


def test_an_export_can_end_early_and_say_so(broken):
    whole = lines_of(broken("mixpanel", fault="status", code=503, after=9))
    *lines, last = broken("mixpanel", fault="terminated_early").text.splitlines()
    assert last == "terminated early"
    assert [json.loads(line) for line in lines] == whole[: len(whole) // 2] != []


def test_an_export_can_lose_lines_and_not_say_so(broken):
    whole = lines_of(broken("mixpanel", fault="status", code=503, after=9))
    assert lines_of(broken("mixpanel", fault="lost_lines")) == whole[: len(whole) // 2]


@pytest.mark.parametrize("vendor", EXPORTS)
def test_an_export_has_no_page_to_come_and_is_never_emptied(broken, sandbox, vendor):
    assert len(broken(vendor, fault="empty_page").content) > 200
    assert sandbox.faults[0]["fired"] == 0


def test_faults_of_records_come_before_those_of_the_body(broken, sandbox):
    whole = lines_of(broken("mixpanel", fault="status", code=503, after=9))
    rule = {"vendor": "mixpanel", "path": EXPORTS["mixpanel"][0]}
    both = [{"fault": "terminated_early"}, {"fault": "reorder"}, {"fault": "lost_lines"}]
    *lines, last = broken("mixpanel", *({**rule, **one} for one in both)).text.splitlines()
    assert last == "terminated early"
    assert [json.loads(line) for line in lines] == whole[::-1][: len(whole) // 2]
    assert [one["fired"] for one in sandbox.faults] == [1, 1, 0]


def test_an_event_can_be_split_over_two_lines(broken):
    whole = broken("mixpanel", fault="status", code=503, after=9).text.splitlines()
    lines = broken("mixpanel", fault="split_line", n=1).text.splitlines()
    assert [lines[0], lines[1] + lines[2], *lines[3:]] == whole


def lines_of(answer):
    return [json.loads(line) for line in answer.text.splitlines()]


def test_an_archive_can_be_cut(broken):
    whole = broken("amplitude", fault="status", code=503, after=9)
    assert zipfile.ZipFile(io.BytesIO(whole.content)).namelist()
    answer = broken("amplitude", fault="truncated_json")
    assert 0 < len(answer.content) < len(whole.content)
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(answer.content))


@pytest.mark.parametrize("how", ["bytes", "cut"])
def test_an_archive_can_be_broken(broken, how):
    answer = broken("amplitude", fault="broken_archive", how=how)
    with pytest.raises((zipfile.BadZipFile, OSError, EOFError, zlib.error)):
        events_of(answer)


def test_a_file_of_an_archive_can_be_no_gzip(broken):
    answer = broken("amplitude", fault="broken_archive", how="file")
    with pytest.raises(gzip.BadGzipFile):
        events_of(answer)


def test_faults_of_records_reach_into_archives(broken):
    whole = events_of(broken("amplitude", fault="status", code=503, after=9))
    assert events_of(broken("amplitude", fault="reorder")) == whole[::-1] != []
    late = events_of(broken("amplitude", fault="late", n=2, requests=1))
    assert late == whole[:2] + whole[3:]
    known = events_of(broken("amplitude", fault="new_field", field="mood", value=1))
    assert known == [{**event, "mood": 1} for event in whole]


def events_of(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = [gzip.decompress(archive.read(name)) for name in archive.namelist()]
    return [json.loads(line) for file in files for line in file.splitlines()]


@pytest.mark.parametrize("vendor", EXPORTS)
def test_errors_have_the_vendors_own_bodies(broken, vendor):
    for code in (403, 429, 500):
        answer = broken(vendor, fault="status", code=code)
        assert (answer.status_code, "error" in answer.json()) == (code, True)
