"""From a file that somebody drops to a series that scorecards read, and back to that person."""

from tests.database.inputs.conftest import COMPANIES, company, returned

DAY = "2026-03-01"


def names_in(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_001_12_a_dropped_file_becomes_a_series_and_is_put_away(drop, run_day, said, folder):
    drop("fit.csv", f"ann,{DAY},100,fit,4,met the sponsor", f"bob,{DAY},mast.example,Fit,2.5,")
    counts = run_day()
    assert said("manual_fit") == {("100", DAY): 4.0, ("101", DAY): 2.5}
    assert (counts["changed"], counts["files_done"], counts["rows_returned"]) == (2, 1, 0)
    assert names_in(folder) == []
    assert len(list((folder / "done").iterdir())) == 1


def test_an_account_is_found_by_id_tenant_key_domain_or_whole_name_and_never_guessed(
    drop, run_day, said, folder
):
    calls = ("100", "kite-prod", "KITE.example", "kite", "Twin", "103", "Kit")
    drop("a.csv", *(f"ann,{DAY},{call},m{nth},1," for nth, call in enumerate(calls)))
    assert run_day()["rows_returned"] == 2
    for nth, crm_id in enumerate(["100", "100", "100", "100", None, "103", None]):
        wanted = {(crm_id, DAY): 1.0} if crm_id else {}
        assert said(f"manual_m{nth}") == wanted, calls[nth]
    twin, kit = returned(folder / "a.rejected.csv")
    assert (twin["account"], twin["reason"]) == (
        "Twin", "'Twin' may be 102 (Twin), 103 (Twin); write the id"
    )  # fmt: skip
    assert kit["reason"].startswith("no account of the CRM has 'Kit' as its id")


def test_the_same_file_again_changes_nothing_and_an_edited_row_replaces(drop, run_day, said):
    rows = (f"ann,{DAY},100,fit,4,", f"ann,{DAY},101,fit,2,")
    drop("fit.csv", *rows)
    run_day()
    drop("again.csv", *rows)
    again = run_day()
    assert (again["changed"], again["entries"], again["files_done"]) == (0, 0, 1)
    drop("fit.csv", f"ann,{DAY},100,fit,5,", rows[1])
    assert run_day()["changed"] == 1
    assert said("manual_fit") == {("100", DAY): 5.0, ("101", DAY): 2.0}


def test_a_withdrawn_entry_holds_no_longer(drop, run_day, said):
    drop("fit.csv", f"ann,{DAY},100,fit,4,")
    run_day()
    drop("fit.csv", f"ann,{DAY},100,fit,withdraw,meant Mast")
    run_day()
    assert said("manual_fit") == {}


def test_an_entry_for_an_account_that_comes_later_counts_from_then_on(drop, run_day, said, folder):
    drop("fit.csv", f"ann,{DAY},Nova,fit,4,")
    assert run_day()["rows_returned"] == 1
    assert (folder / "fit.rejected.csv").exists()
    run_day([*COMPANIES, company("104", "Nova")])
    assert said("manual_fit") == {("104", DAY): 4.0}


def test_an_entry_that_became_ambiguous_is_nobodys_until_it_is_clear_again(drop, run_day, said):
    drop("fit.csv", f"ann,{DAY},Mast,fit,4,")
    run_day()
    run_day([*COMPANIES, company("104", "Mast")])
    assert said("manual_fit") == {}
    run_day([*COMPANIES[:1], *COMPANIES[2:], company("104", "Spar")])
    assert said("manual_fit") == {("101", DAY): 4.0}


def test_an_entry_stays_with_an_archived_account_unless_a_live_one_is_called_so(
    drop, run_day, said
):
    drop("a.csv", "ann,2026-03-01,kite,fit,4,", "ann,2026-03-02,mast.example,fit,5,")
    run_day()
    before = said("manual_fit")
    assert {account for account, _ in before} == {"100", "101"}
    gone = [one | {"archived": True, "archivedAt": "2026-03-25T00:00:00Z"} for one in COMPANIES[:2]]
    run_day(gone)
    assert said("manual_fit") == before
    run_day([company("104", "Kite")])
    assert {account for account, _ in said("manual_fit")} == {"101", "104"}


def test_a_pulse_from_a_file_is_a_pulse_like_the_crms(drop, run_day, said):
    drop("pulse.csv", f"ann,{DAY},100,pulse,2,the sponsor left")
    run_day()
    assert said("pulse") == {("100", DAY): 2.0}


def test_killed_before_it_was_put_away_a_file_is_put_away_by_the_next_run(
    drop, run_day, folder, said
):
    path = drop("fit.csv", f"ann,{DAY},100,fit,4,", f"ann,{DAY},Nobody,fit,4,")
    content = path.read_bytes()
    run_day()
    before = (folder / "fit.rejected.csv").read_bytes()
    path.write_bytes(content)  # as if the run had been killed between the two
    counts = run_day()
    assert (counts["received"], counts["files_done"]) == (0, 1)
    assert names_in(folder) == ["fit.rejected.csv"]
    assert (folder / "fit.rejected.csv").read_bytes() == before
    assert said("manual_fit") == {("100", DAY): 4.0}


def test_a_file_that_cannot_be_read_stays_with_a_note_until_it_can(drop, run_day, folder):
    drop("fit.csv", f"ann,{DAY},100,fit,4,Größe", encoding="cp1252")
    assert run_day()["files_unreadable"] == 1
    note = (folder / "fit.csv.cannot-be-read.txt").read_text()
    assert note == 'fit.csv: It is not UTF-8 text, as line 2 shows; save it as "CSV UTF-8".\n'
    drop("fit.csv", f"ann,{DAY},100,fit,4,Größe")
    assert run_day()["files_done"] == 1
    assert names_in(folder) == []


def test_what_goes_back_is_no_formula_and_may_be_dropped_again_once_it_is_right(
    drop, run_day, folder, said
):
    drop("fit.csv", f'ann,{DAY},Nobody,fit,4,"=HYPERLINK(""http://x"")"')
    run_day()
    back = folder / "fit.rejected.csv"
    assert returned(back)[0]["comment"] == '\'=HYPERLINK("http://x")'
    back.write_text(back.read_text(encoding="utf-8-sig").replace("Nobody", "100"))
    back.rename(folder / "mended.csv")
    assert run_day()["rows_returned"] == 0
    assert said("manual_fit") == {("100", DAY): 4.0}
