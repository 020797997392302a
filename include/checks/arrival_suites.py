"""Checks on what arrived as a whole: volume against the runs before, silence, bad shares."""

from include.checks.suite import BETWEEN, IN_SET, ROW_COUNT, STOP, WARN, Check, Suite

TRUE = {"value_set": [True]}
FALSE = {"value_set": [False]}
USUAL = {"min_value": {"$PARAMETER": "least_change"}, "max_value": {"$PARAMETER": "largest_change"}}
TOLERATED = {"max_value": {"$PARAMETER": "max_quarantined_share"}}
RECENT = {"max_value": {"$PARAMETER": "max_age_days"}}

STREAMS = (
    Check(IN_SET, "has_landed", TRUE, WARN, "the stream was not read in this run"),
    Check(IN_SET, "has_gone_silent", FALSE, STOP, "nothing came where every run brought many"),
    Check(BETWEEN, "change", USUAL, WARN, "far fewer or far more are new or changed than usual"),
    Check(BETWEEN, "set_aside_share", TOLERATED, STOP, "too many new records had to be set aside"),
)
SOURCES = (
    Check(ROW_COUNT, None, {"min_value": 1}, STOP, "health.yaml names no source"),
    Check(IN_SET, "has_landed", TRUE, STOP, "the source was not extracted in this run"),
    Check(BETWEEN, "days_quiet", RECENT, WARN, "the source has brought nothing new for days"),
)

ARRIVALS = (
    Suite("raw", "streams", ("summary",), STREAMS, example="summary"),
    Suite("raw", "sources", ("record_id",), SOURCES),
)
