"""What is told when scores adjust, and how a digest reads."""

import pytest

from include.plays.digest import Adjusted, events_of, is_quiet, write_digest

BANDS = ["red", "yellow", "green"]


def adjusted(**changes):
    known = {
        "account_id": 1, "score": 55.0, "band": "yellow", "band_then": "yellow", "move": 0.0,
        "flags": frozenset(), "flags_then": frozenset(), "plans": (),
    }  # fmt: skip
    return Adjusted(**(known | changes))


def told(at, told=frozenset()):
    return [(one.kind, one.sentence) for one in events_of(at, BANDS, 10.0, told)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        ({"band": "red"}, [("band_down", "fell from yellow to red, score 55.0")]),
        ({"band": "green"}, [("band_up", "rose from yellow to green, score 55.0")]),
        ({"band": "unknown"}, []),
        ({"band_then": None}, []),
        ({"move": -10.0}, [("drop", "lost 10.0 points in 7 days, now 55.0")]),
        ({"move": 12.5}, [("rise", "gained 12.5 points in 7 days, now 55.0")]),
        ({"move": -9.9}, []),
        ({"flags": frozenset({"no_use"})}, [("flag", "flag raised: no use")]),
        ({"flags": frozenset({"no_use"}), "flags_then": frozenset({"no_use"})}, []),
        ({"plans": ("Bring it back",)}, [("plan", "plan opened: Bring it back")]),
    ],
)
def test_002_24_each_adjustment_is_told_in_words(changes, said):
    assert told(adjusted(**changes)) == said


def test_what_was_told_is_not_told_again():
    at = adjusted(band="red", move=-20.0)
    assert [kind for kind, _ in told(at, {(1, "band_down", "red")})] == ["drop"]
    assert len(told(at, {(2, "band_down", "red"), (1, "band_down", "yellow")})) == 2


@pytest.mark.parametrize(
    ("hour", "span", "quiet"),
    [(3, (20, 7), True), (20, (20, 7), True), (7, (20, 7), False), (12, (20, 7), False),
     (2, (1, 4), True), (4, (1, 4), False), (0, (0, 0), False)],
)  # fmt: skip
def test_quiet_hours_may_go_over_midnight(hour, span, quiet):
    assert is_quiet(hour, *span) is quiet


def test_a_digest_has_each_account_once_the_worst_news_first():
    rows = [
        {"name": "B <&>", "crm_id": "1", "kind": "rise", "sentence": "gained"},
        {"name": "A", "crm_id": "2", "kind": "plan", "sentence": "plan opened: x"},
        {"name": "A\nBcc: x", "crm_id": "3", "kind": "band_down", "sentence": "fell"},
        {"name": "A", "crm_id": "4", "kind": "drop", "sentence": "lost"},
        {"name": "A", "crm_id": "2", "kind": "flag", "sentence": "flag raised"},
    ]
    rows = [{"as_of": "2026-03-02", **row} for row in rows]
    digest = write_digest("ann@example.com", rows)
    assert digest.subject == "Customer health: 4 accounts of yours moved"
    assert digest.text.startswith("A Bcc: x (3)\n  - fell (2026-03-02)\n\nA (4)\n  - lost")
    assert digest.text.count("A (2)\n  - flag raised (2026-03-02)\n  - plan opened") == 1
    assert "<b>B &lt;&amp;&gt; (1)</b>" in digest.html
