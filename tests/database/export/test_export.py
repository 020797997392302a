"""Files hold what the views of health_bi show: days, numbers, unknown."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from openpyxl import load_workbook
from sqlalchemy.exc import DBAPIError

from include.errors import FixConfig
from include.export.export import format_of, kind_of
from include.export.kinds import KINDS
from include.export.measure_rows import with_causes
from include.export.rows import stream
from include.reports.one_account import account_day
from include.scoring.unknown import unknown_when
from include.warehouse.database import transaction
from tests.database.bi.conftest import TODAY, YESTERDAY, seen
from tests.unit.test_hostile_text import SHOWN


def parquet(path):
    found = duckdb.sql(f"from '{path}'")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def same(value, shown):
    """Whether a cell is what a view shows, decimals to their last digit."""
    if isinstance(value, Decimal) and isinstance(shown, float):
        return value == round(Decimal(repr(shown)), 9)
    return value == shown


@pytest.mark.parametrize("what", ["accounts", "movers", "plays", "sync", "coverage"])
def test_a_table_as_it_is_now_is_its_view(published, exported, what):
    """Requirement 002-25."""
    out, told = exported(published, what, "parquet")
    rows, wanted = parquet(out), seen(published, KINDS[what].view)
    assert told.rows == len(rows) == len(wanted)
    assert wanted or what in ("plays", "sync")
    if what == "coverage":
        wanted.sort(key=lambda row: (row["scorecard"], row["measure_id"]))
    for row, shown in zip(rows, wanted, strict=True):
        assert set(row) - set(KINDS[what].adds) <= set(shown)
        for name in set(row) & set(shown):
            assert same(row[name], shown[name]), name


def test_a_history_is_of_the_days_asked_for(published, exported):
    out, told = exported(published, "history", "parquet", first=YESTERDAY, last=TODAY)
    assert (told.first, told.last, told.rows) == (YESTERDAY, TODAY, 60)
    scores = {(row["account_id"], row["as_of"]): row["score"] for row in parquet(out)}
    for row in seen(published, "history"):
        assert same(scores[row["account_id"], row["as_of"]], row["score"])
    out, told = exported(published, "history", "parquet", as_of=YESTERDAY)
    assert {row["as_of"] for row in parquet(out)} == {YESTERDAY}
    assert told.rows == 30


def test_accounts_of_a_past_day_are_those_that_day_showed(published, exported):
    out, _ = exported(published, as_of=YESTERDAY, form="parquet")
    shown = {row["account_id"]: row for row in seen(published, "history", "as_of = '2026-03-30'")}
    rows = parquet(out)
    assert len(rows) == len(shown) == 30
    for row in rows:
        assert same(row["score"], shown[row["account_id"]]["score"])
        assert (row["as_of"], row["owner"]) == (YESTERDAY, "Ada")


def test_what_is_unknown_is_empty_and_says_why(world, exported):
    world.run(date(2026, 3, 12))
    out, _ = exported(world, "measures")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rules = {one.name: unknown_when(one) for one in world.card.measures}
    unknown = [row for row in rows if row["reading"] == ""]
    assert len(rows) == 48
    assert unknown
    for row in unknown:
        assert row["unknown_when"] == rules[row["measure"]]
        assert row["state"] in ("unknown", "neutral")
        assert row["points"] == ("60" if row["state"] == "neutral" else "")
    assert all(row["unknown_when"] == "" for row in rows if row["reading"] != "")
    out, _ = exported(world)
    with out.open(encoding="utf-8", newline="") as file:
        last = list(csv.DictReader(file))[-1]
    assert (last["score"], last["band"], last["coverage"]) == ("", "unknown", "0")
    assert last["band_unknown_because"] == "nothing that weighs is known"


def test_each_unknown_reading_has_the_cause_that_explain_gives(world, exported):
    world.execute("delete from core.term where account_id = 7")
    days = date(2026, 3, 2), date(2026, 3, 12)
    for day in days:
        world.run(day)
    out, _ = exported(world, "measures", "parquet", first=days[0])
    rows = parquet(out)
    told = {(row["account_id"], row["day"], row["measure"]): row["unknown_because"] for row in rows}
    explained = {}
    with transaction(world.engine) as connection:
        for account, day, _ in told:
            _, _, found = account_day(connection, [world.card], account, day)
            parts = [part for category in found.categories for part in category.measures]
            explained |= {(account, day, part.name): part.unknown_because for part in parts}
        binds = {"outcome": "retention", "first": days[0], "last": days[1]}
        again = stream(connection, "export/measures", binds, {})
        [(number,)] = world.rows("select scorecard_id from health.scorecard")
        in_pieces = [
            row[-1] for row in with_causes(connection, again, {number: world.card}, block=7).rows
        ]
    assert told == explained
    assert in_pieces == [row["unknown_because"] for row in rows], "accounts are cut in two"
    words = {words for words in told.values() if words}
    for said in ("never linked to this account", "the last pulse is of", "its target depends on"):
        assert any(said in one for one in words), words


def test_days_that_are_not_there_are_refused_with_those_that_are(published, exported, tmp_path):
    with pytest.raises(FixConfig, match=f"No scores of 2026-01-01.*days: {YESTERDAY}"):
        exported(published, as_of=date(2026, 1, 1))
    later = TODAY + timedelta(days=3)
    with pytest.raises(FixConfig, match=f"{later} to .* are published.*days: {TODAY}"):
        exported(published, "history", first=later, last=later + timedelta(days=1))
    with pytest.raises(FixConfig, match=r"ends .* before it begins"):
        exported(published, "history", first=TODAY, last=YESTERDAY)
    with pytest.raises(FixConfig, match="either --as-of"):
        exported(published, "history", first=YESTERDAY, as_of=TODAY)
    with pytest.raises(FixConfig, match="accounts are of one day"):
        exported(published, first=YESTERDAY, last=TODAY)
    with pytest.raises(FixConfig, match="movers are told as they are now"):
        exported(published, "movers", as_of=TODAY)
    assert list(tmp_path.glob("*.csv")) == []


def test_nothing_published_is_said_so(shop, exported):
    with pytest.raises(FixConfig, match="Nothing of the outcome retention is published yet"):
        exported(shop)


def test_what_and_how_are_named_or_refused_with_what_there_is(tmp_path):
    assert format_of(tmp_path / "out.PARQUET", None) == "parquet"
    assert format_of(tmp_path / "out.dat", "csv") == "csv"
    with pytest.raises(FixConfig, match=r"'dat' is no format.*parquet, csv, xlsx"):
        format_of(tmp_path / "out.dat", None)
    with pytest.raises(FixConfig, match="'people' to export; valid here: accounts, history"):
        kind_of("people")
    with pytest.raises(FixConfig, match=r"did you mean accounts\? Valid here: accounts, history"):
        kind_of("accountz")


def test_a_failure_in_mid_stream_keeps_the_old_file(published, exported):
    out, _ = exported(published)
    before = out.read_bytes()
    published.execute("update core.account_attribute set value = '1e40' where attribute = 'arr'"
                      " and account_id = 20")  # fmt: skip
    with pytest.raises(DBAPIError, match="numeric field overflow"):
        exported(published)
    assert out.read_bytes() == before
    assert [one.name for one in out.parent.glob(".*")] == []


def test_old_scores_say_so_in_the_file(published, exported):
    out, _ = exported(published, form="xlsx", stale="These scores are old.")
    about = load_workbook(out, read_only=True)["About"]
    assert [cell.value for cell in next(about.iter_rows())] == ["OLD", "These scores are old."]
    out, _ = exported(published, form="parquet", stale="These scores are old.")
    kept = dict(duckdb.sql(f"select decode(key), decode(value) from parquet_kv_metadata('{out}')")
                .fetchall())  # fmt: skip
    assert kept["OLD"] == "These scores are old."
    assert {name for name in kept if name.startswith("scorecard")} == {
        "scorecard key.v1", "scorecard everyone.v1",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_names_ids_and_owners_that_vendors_may_send_stay_texts(published, exported, form):
    texts = [text.replace("\x00", "") for text in SHOWN.values()]
    for account, said in enumerate(texts, start=1):
        published.execute(
            "update core.account set name = :said, source_account_id = :id"
            " where account_id = :account",
            said=said, id=f"{said[:40]}{account}", account=account,
        )  # fmt: skip
    published.execute("update core.owner set name = '=1+1'")
    out, _ = exported(published, form=form)
    if form == "parquet":
        rows = parquet(out)
        assert [row["name"] for row in rows][: len(texts)] == texts
        assert {row["owner"] for row in rows} == {"=1+1"}
    elif form == "csv":
        with out.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert len({len(row) for row in rows}) == 1
        signs = tuple("=+-@\t\r\n")
        assert not [cell for row in rows for cell in (row[2], row[3], row[6])
                    if cell.startswith(signs)]  # fmt: skip
    else:
        book = load_workbook(out)
        for sheet in ("About", "Accounts", "Measures 1", "Scores 1"):
            cells = [cell for row in book[sheet].iter_rows(max_col=7) for cell in row]
            formulas = [cell.value for cell in cells if cell.data_type == "f"]
            assert not [one for one in formulas if "cmd" in one or "1+1" in one], sheet
