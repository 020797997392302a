"""The folder: which files are taken, which are left, and what is moved only when it is right."""

import threading
from datetime import date

import pytest

from include.errors import FixConfig
from include.sources.inputs_files import open_inputs
from include.sources.inputs_folder import MOST_BYTES, look, look_for_whole
from include.sources.inputs_overview import overview
from include.sources.inputs_return import hand_back
from include.vendor_settings import Inputs
from tests.patience import wait_until
from tests.unit.inputs.conftest import HEAD

AS_OF = date(2026, 3, 31)
ROW = "ann,2026-03-01,100,fit,4,"
CALLED = {"100": [("100", "Kite")]}


@pytest.fixture
def source(tmp_path):
    settings = Inputs(name="inputs", vendor="inputs", folder=tmp_path, quiet_s=0.05)
    return open_inputs(settings, root=tmp_path, time_zone="UTC")


def extract(source, state=None):
    pages = list(source.pages("rows", state=state, as_of=AS_OF))
    return [record for page in pages for record in page.records], pages[-1].state


def test_what_is_no_file_of_people_is_not_looked_at(tmp_path, source):
    (tmp_path / "done").mkdir()
    (tmp_path / "link.csv").symlink_to("/etc/hostname")
    for name in ("~$a.xlsx", ".~lock.a.csv#", ".hidden.csv", "a.csv.part", "a.rejected.csv",
                 "a.rejected-2.xlsx", "a.csv.cannot-be-read.txt"):  # fmt: skip
        (tmp_path / name).write_text("x")
    (tmp_path / "A.CSV").write_text(f"{HEAD}\n{ROW}")
    assert [file.name for file in look(tmp_path)] == ["A.CSV"]
    assert len(extract(source)[0]) == 1


def test_a_file_that_is_being_copied_is_left_for_the_next_run(tmp_path):
    path = tmp_path / "big.csv"
    path.write_text(HEAD)
    stop = threading.Event()

    def copy():
        with path.open("a") as file:
            while not stop.wait(0.01):
                file.write(f"\n{ROW}")
                file.flush()

    thread = threading.Thread(target=copy)
    thread.start()
    wait_until(lambda: path.stat().st_size > len(HEAD), "the copying to begin")
    whole, copied = look_for_whole(tmp_path, 0.5)
    stop.set()
    thread.join()
    assert (whole, [file.name for file in copied]) == ([], ["big.csv"])
    assert [file.name for file in look_for_whole(tmp_path, 0.05)[0]] == ["big.csv"]


def test_a_file_that_somebody_changed_after_it_landed_is_not_put_away(tmp_path, source):
    path = tmp_path / "fit.csv"
    path.write_text(f"{HEAD}\n{ROW}")
    _, state = extract(source)
    path.write_text(f"{HEAD}\n{ROW.replace('4', '5')}")
    assert hand_back(source, state, lambda _: CALLED)["files_done"] == 0
    records, state = extract(source, state)
    assert [record["value"] for record in records] == [5.0]
    assert hand_back(source, state, lambda _: CALLED)["files_done"] == 1


def test_until_it_has_landed_nothing_is_moved(tmp_path, source):
    (tmp_path / "fit.csv").write_text(f"{HEAD}\n{ROW}")
    extract(source)
    assert hand_back(source, {}, lambda _: CALLED)["files_done"] == 0
    assert (tmp_path / "fit.csv").exists()


def test_rows_that_went_back_before_stay_beside_those_that_go_back_now(tmp_path, source):
    for row in (ROW.replace("100", "no one"), ROW.replace("100", "nobody")):
        (tmp_path / "fit.csv").write_text(f"{HEAD}\n{row}")
        _, state = extract(source)
        hand_back(source, state, lambda _: CALLED)
    texts = [(tmp_path / f"fit.{mark}.csv").read_text() for mark in ("rejected", "rejected-2")]
    assert ["no one" in text for text in texts] == [True, False]
    shown = list(overview(source))
    assert [(seen.file, seen.state) for seen in shown] == [
        ("fit.rejected-2.csv", "went back"), ("fit.rejected.csv", "went back")
    ]  # fmt: skip
    assert shown[0].faults[0][1].startswith("no account of the CRM has 'nobody' as its id")


def test_a_returned_row_that_lost_its_reason_is_shown_without_one(tmp_path, source):
    (tmp_path / "fit.rejected.csv").write_text(f"{HEAD},reason\n{ROW}\n{ROW},\n{ROW},no\n")
    assert [seen.faults for seen in overview(source)] == [((2, ""), (3, ""), (4, "no"))]


def test_a_file_of_another_kind_or_too_large_is_named_and_left(tmp_path, source):
    (tmp_path / "a.ods").write_text("x")
    with (tmp_path / "b.csv").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    records, state = extract(source)
    assert records == []
    assert state["unreadable"] == {
        "a.ods": "It is neither .csv nor .xlsx.",
        "b.csv": "It is larger than 20,000,000 bytes; split it.",
    }  # fmt: skip
    assert {seen.state for seen in overview(source)} == {"cannot be read"}


def test_the_file_changed_last_counts_most(tmp_path, source):
    import os

    for name, value, at in (("z.csv", 4, 1_000_000_000), ("a.csv", 5, 2_000_000_000)):
        (tmp_path / name).write_text(f"{HEAD}\n{ROW.replace('4', str(value))}")
        os.utime(tmp_path / name, (at, at))
    assert [record["value"] for record in extract(source)[0]] == [4.0, 5.0]


def test_a_folder_that_is_not_there_is_for_a_person_to_mend(tmp_path):
    settings = Inputs(name="inputs", vendor="inputs", folder="nowhere")
    source = open_inputs(settings, root=tmp_path, time_zone="UTC")
    with pytest.raises(FixConfig, match=r"nowhere: No such file or directory\. Create it"):
        extract(source)
