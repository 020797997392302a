"""The scores of a workbook, computed by another program, are the kernel's."""

import numpy as np
import pytest

from include.export.score_columns import EQUAL
from include.export.score_sheet import ScoredBy, sheet_names, write_scored
from include.export.sheets import Book
from include.scoring.circumstances import Circumstances, Codes
from include.scoring.score import score
from include.scoring.scorecard import Scorecard, load_scorecard, parse_scorecard
from include.settings import ROOT
from tests.database.scores.circumstances.conftest import CARD
from tests.unit.export.calculate import calculate, change

EXAMPLES = sorted((ROOT / "scorecards" / "examples").glob("*.yaml"))
ACCOUNTS = 12
MORE_RULES = """
  - { name: lifted, kind: floor, at: 31.25, why: Test., when: [{ measure: pulse, above: 3 }] }
  - name: together
    kind: interaction
    add: -7.5
    why: Test.
    when: [{ measure: events, above: 3 }, { measure: tickets, above: 1 }]
"""
RULED = CARD.replace("overrides:", f"{MORE_RULES.strip(chr(10))}\noverrides:")
CARDS = {
    **{path.stem: load_scorecard(path) for path in EXAMPLES},
    "ruled": parse_scorecard(RULED, "ruled"),
    "straddling": parse_scorecard(
        RULED.replace("min_coverage: 0.2", "min_coverage: 0.2\nunknown_when_straddling: true"),
        "ruled",
    ),
}


def made(card, seed=1):
    """Readings about the corners of the curves, a third of them unknown; nobody knows nothing."""
    generator = np.random.default_rng(seed)
    columns = [
        generator.uniform(one.curve[0][0] - 1, one.curve[-1][0] * 1.2 + 1, ACCOUNTS)
        for one in card.measures
    ]
    readings = np.column_stack(columns).round(2)
    readings[generator.random(readings.shape) < 0.35] = np.nan
    readings[0] = np.nan
    names = ("segment", "tier", "size")
    words = ("Enterprise", "Small", "watch")
    to = np.where(generator.random(ACCOUNTS) < 0.4, 61.5, np.nan)
    at = Circumstances(
        month=generator.integers(0, 14, ACCOUNTS), override_to=to,
        override_factor=np.where(np.isnan(to) & (generator.random(ACCOUNTS) < 0.4), 0.87, np.nan),
        may_raise=~np.isnan(to) & (generator.random(ACCOUNTS) < 0.5),
        attributes={
            name: Codes(generator.integers(-1, 3, ACCOUNTS).astype(np.intp), words)
            for name in names
        },
    )  # fmt: skip
    return readings, at


def write(path, card, readings, at):
    """Write a workbook as an export does; return the kernel's scores."""
    scores = score(readings, card, at)
    rows = [row_of(card, readings, at, scores, n) for n in range(len(readings))]
    book = Book(path, sheet_names(""))
    write_scored(book, ScoredBy(card, lambda: rows, lambda: rows))
    book.close()
    return scores


def row_of(card, readings, at, scores, n):
    """One row as the store gives it: points that only stand in for the unknown are left out."""
    apart = {one.name: one for one in card.measures}
    bare = replace_policies(card)
    points = score(readings[n : n + 1], bare, at.of(slice(n, n + 1))).points[0]
    zero = [j for j, name in enumerate(apart) if apart[name].when_unknown == "zero"]
    points[zero] = scores.points[n, zero]
    return {
        "account_id": n + 1, "crm_id": f"00{n}", "name": f"=Company {n}",
        "is_thinned": False,
        "points": [known(one) for one in points], "fired": int(scores.fired[n]),
        "undecided": int(scores.undecided[n]), "override_to": known(at.override_to[n]),
        "override_factor": known(at.override_factor[n]), "may_raise": bool(at.may_raise[n]),
        "score": known(scores.score[n]), "floor": known(scores.floor[n]),
        "ceiling": known(scores.ceiling[n]), "band": band_of(card, scores, n),
    }  # fmt: skip


def other_card(card, **changes):
    """The same card but for what changes; a copy would keep what it has computed."""
    kept = {name: getattr(card, name) for name in Scorecard.model_fields}
    return Scorecard.model_construct(**kept | changes)


def replace_policies(card):
    """The same card, in which the unknown stays unknown."""
    categories = tuple(
        one.model_copy(
            update={
                "measures": tuple(
                    measure.model_copy(update={"when_unknown": "unknown"})
                    for measure in one.measures
                )
            }
        )
        for one in card.categories
    )
    return other_card(card, categories=categories)


def known(number):
    return None if np.isnan(number) else float(number)


def band_of(card, scores, n):
    return "unknown" if scores.band[n] < 0 else card.bands[scores.band[n]].name


@pytest.mark.parametrize("name", list(CARDS))
def test_every_score_and_band_is_the_stored_one(tmp_path, name):
    """Requirement 002-25."""
    card, path = CARDS[name], tmp_path / "book.xlsx"
    readings, at = made(card)
    scores = write(path, card, readings, at)
    rows = calculate(path)
    assert len(rows) == ACCOUNTS
    assert {row["check"] for row in rows} == {EQUAL}
    for n, row in enumerate(rows):
        assert row["coverage"] == pytest.approx(scores.coverage[n], abs=2e-9)
        assert row["band"] == band_of(card, scores, n)
        stored = known(scores.score[n])
        if stored is None:
            assert row["score"] is None
        else:
            assert row["score"] == pytest.approx(stored, abs=2e-8)
    assert np.isnan(scores.score).any()
    assert len({row["band"] for row in rows}) > 2
    if "ruled" in name:
        assert scores.fired.any()
        assert scores.undecided.any()


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_another_weight_gives_what_the_kernel_makes_of_that_weight(tmp_path, name):
    card, path = CARDS[name], tmp_path / "book.xlsx"
    readings, at = made(card, seed=2)
    before = write(path, card, readings, at).score
    category = card.categories[0]
    change(path, (category.name, category.measures[0].name), 7, column=4)
    heavier = category.measures[0].model_copy(update={"weight": 7.0})
    other = category.model_copy(update={"measures": (heavier, *category.measures[1:])})
    again = score(readings, other_card(card, categories=(other, *card.categories[1:])), at)
    rows = calculate(path)
    for n, row in enumerate(rows):
        assert row["score"] == pytest.approx(known(again.score[n]), abs=2e-8)
    moved = np.abs(again.score - before) > 1e-6
    assert moved.any()
    unequal = [row["check"] != EQUAL for row in rows]
    assert all(unequal[n] for n in np.flatnonzero(moved))


def test_other_bands_and_rules_are_followed_too(tmp_path):
    card, path = CARDS["ruled"], tmp_path / "book.xlsx"
    readings, at = made(card)
    write(path, card, readings, at)
    change(path, ("no_review", "penalty"), 0.5, column=4)
    change(path, ("green",), 60, column=2)
    rules = [one.model_copy(update={"factor": 0.5}) if one.name == "no_review" else one
             for one in card.rules]  # fmt: skip
    bands = (*card.bands[:2], card.bands[2].model_copy(update={"lower": 60.0}))
    other = other_card(card, rules=tuple(rules), bands=bands)
    scores = score(readings, other, at)
    for n, row in enumerate(calculate(path)):
        assert row["score"] == pytest.approx(known(scores.score[n]), abs=2e-8)
        assert row["band"] == band_of(other, scores, n)


def test_a_name_like_a_formula_stays_a_text(tmp_path):
    card, path = CARDS["ruled"], tmp_path / "book.xlsx"
    readings, at = made(card)
    write(path, card, readings, at)
    assert [row["name"] for row in calculate(path)][:2] == ["=Company 0", "=Company 1"]
