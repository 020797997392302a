"""Checks on a day's scores before anybody sees them: where a `stop` fails, yesterday's stay."""

from include.checks.suite import (
    BETWEEN,
    IN_SET,
    ORDERED,
    ROW_COUNT,
    STOP,
    UNIQUE,
    WARN,
    Check,
    Suite,
)

TRUE = {"value_set": [True]}
SOME = {"min_value": 1}
SCORE = {"min_value": 0, "max_value": 100}
SHARE = {"min_value": 0, "max_value": 1}
NOT_ALL = {"max_value": 1, "strict_max": True}
CARDS = {"value_set": {"$PARAMETER": "bands"}}
ABOVE_FLOOR = {"column_B": "floor", "or_equal": True, "ignore_row_if": "either_value_is_missing"}
# 20 in 100 accounts may move further in a day: a price change, a product launch.
CALM = {"max_value": 30, "mostly": 0.8}

SCORES = (
    Check(ROW_COUNT, None, SOME, STOP, "no account was scored"),
    Check(UNIQUE, "record_id", {}, STOP, "the account has several newest scores"),
    Check(IN_SET, "is_scored", TRUE, STOP, "a live customer has no score"),
    Check(IN_SET, "is_due", TRUE, WARN, "there is a score of nobody who is a live customer"),
    Check(BETWEEN, "score", SCORE, STOP, "the score lies outside 0 to 100"),
    Check(BETWEEN, "floor", SCORE, STOP, "the floor lies outside 0 to 100"),
    Check(BETWEEN, "ceiling", SCORE, STOP, "the ceiling lies outside 0 to 100"),
    Check(ORDERED, "ceiling", ABOVE_FLOOR, STOP, "the floor is above the ceiling"),
    Check(BETWEEN, "coverage", SHARE, STOP, "the coverage lies outside 0 to 1"),
    Check(IN_SET, "band", CARDS, STOP, "the band is none of the scorecard's"),
    Check(IN_SET, "band_has_score", TRUE, STOP, "there is a band but no score"),
    Check(BETWEEN, "move", CALM, STOP, "more than 20 in 100 accounts moved by over 30 points"),
)
BANDS = (
    Check(BETWEEN, "unknown_share", NOT_ALL, STOP, "every account's band is unknown"),
    Check(BETWEEN, "share", {"max_value": 0.95}, WARN, "nearly all accounts are in one band"),
)

SCORED = (
    Suite("scores", "scores", ("record_id",), SCORES),
    Suite("scores", "bands", ("summary",), BANDS, example="summary"),
)
