"""What people get wrong, and the whole message that each mistake gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import FixConfig
from include.scoring.scorecard import parse_scorecard
from include.scoring.series import SERIES

GOOD = """\
name: demo
version: 1
title: Demo
outcome: retention
charter: [adopt, renew]
owner: Ops
approvers: [Success]
min_coverage: 0.5
bands:
  - {name: red, from: 0, colour: red, action: Call.}
  - {name: green, from: 60, colour: "#00ff00", action: Enjoy.}
categories:
  - name: use
    weight: 2
    measures:
      - name: days
        label: Days of use
        weight: 3
        unit: days
        why: Use shows worth.
        good: twenty
        reading: {op: active_days, series: events, window: 28}
        curve: [[0, 0], [20, 100]]
      - name: seats
        label: Seats in use
        weight: 1
        unit: share
        why: Seats cost money.
        good: all
        reading:
          op: divide
          top: {op: level, series: active_users_28d}
          bottom: {op: level, series: seats}
        curve: [[0, 0], [0.5, 60], [1, 100]]
"""
SERIES_NAMES = ", ".join(SERIES)
OPS = (
    "sum, active_days, mean_per_day, mean_per_active_day, level, active_users, days_since_last, "
    "days_since_oldest, days_without, days_at_zero, days_above_zero, latest, days_to_first, "
    "divide, ratio_to_previous, milestone"
)
NOT_USED = (
    "this is not valid YAML: anchors (&), aliases (*) and tags (!) are not used here: write it out."
)
AT = "categories[0].measures"

# (what stands in the good file, what stands there instead, the message without the file's name)
TABLE = [
    (
        "        weight: 3",
        "        weigt: 3",
        f'line 18, {AT}[0].weigt: there is no such key; did you mean "weight"?',
    ),
    ("owner: Ops", "ownr: Ops", 'line 6, ownr: there is no such key; did you mean "owner"?'),
    ("from: 60", "form: 60", 'line 11, bands[1].form: there is no such key; did you mean "from"?'),
    (
        "window: 28",
        "windw: 28",
        f'line 22, {AT}[0].reading.windw: there is no such key; did you mean "window"?',
    ),
    (
        "series: seats}",
        "series: seats, lagg: 2}",
        f'line 33, {AT}[1].reading.bottom.lagg: there is no such key; did you mean "lag"?',
    ),
    (
        "owner: Ops\n",
        "owner: Ops\nzzzz: 1\n",
        (
            "line 7, zzzz: there is no such key; valid here: name, version, title, outcome, "
            "charter, owner, approvers, min_coverage, unknown_when_straddling, review_on, points, "
            "applies_to, confirm_bands_after, bands, categories, rules, overrides."
        ),
    ),
    ("owner: Ops\n", "", "line 1, owner: this key is missing."),
    ("        unit: days\n", "", f"line 16, {AT}[0].unit: this key is missing."),
    ("op: active_days, ", "", f"line 22, {AT}[0].reading.op: this key is missing."),
    (
        "op: active_days",
        "op: active_day",
        f'line 22, {AT}[0].reading.op: "active_day" is not valid; did you mean "active_days"?',
    ),
    (
        "op: active_days",
        "op: median",
        f'line 22, {AT}[0].reading.op: "median" is not valid; valid here: {OPS}.',
    ),
    (
        "series: events",
        "series: event",
        f'line 22, {AT}[0].reading.series: there is no series "event"; did you mean "events"?',
    ),
    (
        "series: seats}",
        "series: zzz}",
        (
            f'line 33, {AT}[1].reading.bottom.series: there is no series "zzz"; '
            f"valid here: {SERIES_NAMES}."
        ),
    ),
    (
        "outcome: retention",
        "outcome: retenton",
        'line 4, outcome: "retenton" is not valid; did you mean "retention"?',
    ),
    (
        "charter: [adopt, renew]",
        "charter: [adopt, grow]",
        'line 5, charter[1]: "grow" is not valid; valid here: land, adopt, expand, renew.',
    ),
    (
        "charter: [adopt, renew]",
        "charter: [adopt, adopt]",
        'line 5, charter[1]: there are two of the stage "adopt"; names must be unique.',
    ),
    (
        "charter: [adopt, renew]",
        "charter: []",
        "line 5, charter: must be a list of at least 1, but is a list of 0.",
    ),
    (
        "charter: [adopt, renew]",
        "charter: adopt",
        'line 5, charter: must be a list, but is "adopt".',
    ),
    (
        "[[0, 0], [20, 100]]",
        "[[0, 0], [0, 100]]",
        f"line 23, {AT}[0].curve[1]: x must increase from corner to corner, but 0 follows 0.",
    ),
    (
        "[0.5, 60], [1, 100]]",
        "[0.5, 60],\n          [0.4, 100]]",
        f"line 35, {AT}[1].curve[2]: x must increase from corner to corner, but 0.4 follows 0.5.",
    ),
    (
        "[20, 100]",
        "[20, 101]",
        f"line 23, {AT}[0].curve[1][1]: must be at most 100, but is 101.",
    ),
    (
        "[20, 100]",
        "[20, -1]",
        f"line 23, {AT}[0].curve[1][1]: must be at least 0, but is -1.",
    ),
    ("[20, 100]", "[20]", f"line 23, {AT}[0].curve[1][1]: a number is missing."),
    (
        "[[0, 0], [20, 100]]",
        "[[0, 0]]",
        f"line 23, {AT}[0].curve: must be a list of at least 2, but is a list of 1.",
    ),
    (
        "[20, 100]",
        "[.nan, 100]",
        f"line 23, {AT}[0].curve[1][0]: must be a finite number, but is nan.",
    ),
    (
        "        weight: 3",
        "        weight: -3",
        f"line 18, {AT}[0].weight: must be at least 0, but is -3.",
    ),
    (
        "        weight: 3",
        "        weight: heavy",
        (f'line 18, {AT}[0].weight: must be a number or a percentage like "30%", but is "heavy".'),
    ),
    (
        "        weight: 3",
        "        weight: yes",
        f"line 18, {AT}[0].weight: must be a number, but is True.",
    ),
    (
        "        weight: 3",
        "        weight: 0.1234567",
        f"line 18, {AT}[0].weight: at most six decimals are allowed here, but this is 0.1234567.",
    ),
    (
        "    weight: 2",
        "    weight: 0",
        "line 12, categories: all weights of the categories are 0.",
    ),
    (
        "name: seats",
        "name: days",
        f'line 24, {AT}[1].name: there are two of the measure "days"; names must be unique.',
    ),
    (
        "name: green",
        "name: red",
        'line 11, bands[1].name: there are two of the band "red"; names must be unique.',
    ),
    (
        "name: red, from: 0",
        "name: red, from: 10",
        "line 10, bands[0].from: the first band must begin at 0, so that every score has one.",
    ),
    (
        "from: 60",
        "from: 0",
        'line 11, bands[1].from: bands go upwards, but "green" (0) follows "red" (0).',
    ),
    ("from: 60", "from: 101", "line 11, bands[1].from: must be at most 100, but is 101."),
    (
        '"#00ff00"',
        "'#0f0'",
        (
            'line 11, bands[1].colour: must be a colour like "#2e7d32" or a name like green, '
            'but is "#0f0".'
        ),
    ),
    (
        "name: green",
        "name: unknown",
        (
            'line 11, bands[1].name: "unknown" is what an account without a band is in; '
            "choose another name."
        ),
    ),
    (
        "min_coverage: 0.5",
        "min_coverage: 50",
        "line 8, min_coverage: must be at most 1, but is 50.",
    ),
    ("version: 1", "version: 0", "line 2, version: must be at least 1, but is 0."),
    ("version: 1", "version: 1.5", "line 2, version: must be a whole number, but is 1.5."),
    (
        "name: demo",
        "name: Demo card",
        (
            "line 1, name: must be lower-case letters, digits and underscores, beginning with a "
            'letter, but is "Demo card".'
        ),
    ),
    ("title: Demo", "title: no", "line 3, title: must be text, but is False."),
    ("window: 28", "window: 0", f"line 22, {AT}[0].reading.window: must be at least 1, but is 0."),
    (
        "top: {op: level, series: active_users_28d}",
        "top: 5",
        f"line 32, {AT}[1].reading.top: must be a mapping of keys to values, but is 5.",
    ),
    (
        "bands:\n  - {name: red, from: 0, colour: red, action: Call.}",
        "bands:",
        "line 9, bands: must be a list of at least 2, but is a list of 1.",
    ),
    (
        "owner: Ops",
        "title: Ops",
        'line 6: this is not valid YAML: the key "title" stands twice, first on line 3.',
    ),
    (
        "owner: Ops",
        "owner: [Ops",
        (
            "line 7: this is not valid YAML: while parsing a flow sequence, expected ',' or ']', "
            "but got ':'."
        ),
    ),
    (
        "owner: Ops",
        "owner: &a Ops",
        f"line 6: {NOT_USED}",
    ),
    (
        "owner: Ops",
        "on: Ops",
        "line 6: this is not valid YAML: a key must be text, not on; put it in quotes.",
    ),
    (
        "owner: Ops",
        "owner: !!python/object:os.system Ops",
        f"line 6: {NOT_USED}",
    ),
    (
        "version: 1",
        f"version: {'9' * 5000}",
        "line 2: this is not valid YAML: this cannot be read as a number (5000 characters).",
    ),
    (
        "from: 60",
        f"from: {'9' * 400}",  # an integer, but no float
        "line 11: this is not valid YAML: this cannot be read as a number (400 characters).",
    ),
    (
        "owner: Ops",
        "owner: O\x07ps",
        "line 6: the character U+0007 must not stand in a YAML file; remove it.",
    ),
    (
        "approvers: [Success]",
        f"approvers: {'[' * 30}{']' * 30}",
        "line 7: this is not valid YAML: nested more than 20 deep.",
    ),
    (
        "        weight: 3\n",
        "        weight: 1.0e+300\n",
        f"line 18, {AT}[0].weight: must be at most 1,000,000, but is 1e+300.",
    ),
    (
        "Days of use",
        "D" * 81,
        f'line 17, {AT}[0].label: must be text of at most 80 characters, but is "{"D" * 56}....',
    ),
    (
        "why: Use shows worth.",
        'why: ""',
        f'line 20, {AT}[0].why: must be text of at least 1 character, but is "".',
    ),
]


@pytest.mark.parametrize(("good", "bad", "message"), TABLE)
def test_the_message_says_where_and_what(good, bad, message):
    assert GOOD.count(good) >= 1, "the table must change the file"
    with pytest.raises(FixConfig) as caught:
        parse_scorecard(GOOD.replace(good, bad, 1), "demo.v1.yaml")
    assert str(caught.value) == f"demo.v1.yaml, {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ", line 1: a scorecard is a mapping of keys to values."),
        ("- name: demo", ", line 1: a scorecard is a mapping of keys to values."),
        ("just words", ", line 1: a scorecard is a mapping of keys to values."),
        (
            f"{GOOD}---\nname: second\n",
            (
                ", line 35: this is not valid YAML: expected a single document in the stream, "
                "but found another document."
            ),
        ),
        (
            GOOD.replace("weight: 3", "weight: 0").replace("weight: 1", "weight: 0"),
            f', line 15, {AT}: all weights in the category "use" are 0.',
        ),
        (
            GOOD + GOOD[GOOD.index("  - name: use") :],
            (
                ', line 35, categories[1].name: there are two of the category "use"; '
                "names must be unique."
                f"\ndemo.v1.yaml, line 38, {AT.replace('0', '1')}[0].name: there are two of the "
                'measure "days"; names must be unique.'
                f"\ndemo.v1.yaml, line 46, {AT.replace('0', '1')}[1].name: there are two of the "
                'measure "seats"; names must be unique.'
            ),
        ),
        ("x" * 262_145, ": a scorecard has at most 256 KB; this is larger."),
    ],
)
def test_a_whole_file_can_be_wrong(text, message):
    with pytest.raises(FixConfig) as caught:
        parse_scorecard(text, "demo.v1.yaml")
    assert str(caught.value) == f"demo.v1.yaml{message}"


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file():
    text = GOOD.replace("owner: Ops", "ownr: Ops").replace("weight: 3", "weight: -3")
    text = text.replace("series: seats", "series: seat")
    with pytest.raises(FixConfig) as caught:
        parse_scorecard(text, "demo.v1.yaml")
    places = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert places == [
        "demo.v1.yaml, line 6, ownr",
        f"demo.v1.yaml, line 18, {AT}[0].weight",
        f"demo.v1.yaml, line 33, {AT}[1].reading.bottom.series",
    ]


def test_the_good_file_is_good():
    assert parse_scorecard(GOOD, "demo.v1.yaml").measure_names == ("days", "seats")


def test_dates_stay_text():
    assert parse_scorecard(GOOD.replace("Demo", "2026-01-01"), "x").title == "2026-01-01"


SCRAPS = st.sampled_from(
    [
        *("[", "]", "{", "}", "x", "0", '"', "\n", "\t", "|", ": ", "- ", "-1", "1e9", ".inf"),
        *("null", "yes", "    ", "*a", "!!int x", "op: sum", "reading:", "{op: latest}"),
    ]
)


def message_of(text):
    """What is wrong with a scorecard; empty when nothing is."""
    try:
        parse_scorecard(text, "demo.v1.yaml")
    except FixConfig as error:
        return str(error)
    return ""


@given(st.integers(0, len(GOOD)), st.integers(0, 40), SCRAPS)
def test_a_damaged_file_is_accepted_or_explained_but_never_a_crash(start, length, scrap):
    message = message_of(GOOD[:start] + scrap + GOOD[start + length :])
    for line in message.splitlines():
        assert line.startswith("demo.v1.yaml, line ")
        assert line.endswith((".", "?"))


@given(st.text(max_size=200))
def test_any_text_is_explained_but_never_a_crash(text):
    assert message_of(text).startswith("demo.v1.yaml, line ")
