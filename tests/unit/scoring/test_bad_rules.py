"""What people get wrong in targets, rules, levels and policies, and the message that each gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import FixConfig
from include.scoring.scorecard import parse_scorecard
from tests.unit.scoring.test_bad_scorecards import SCRAPS

RICH = """\
name: rich
version: 1
title: Rich
outcome: retention
charter: [adopt, renew]
owner: Ops
approvers: {Success: Ana, Product: Jonas}
review_on: 2027-03-31
applies_to: {segment: [smb]}
confirm_bands_after: 2
min_coverage: 0.5
bands:
  - {name: red, from: 0, colour: red, action: Call.}
  - {name: green, from: 60, colour: green, action: Enjoy.}
categories:
  - name: use
    weight: 70%
    measures:
      - name: seats
        label: Seats in use
        weight: 1
        unit: share
        why: Seats cost money.
        good: all
        reading: {op: level, series: seats}
        target: {default: 0.8, by: segment, values: {smb: 0.9}, months: [[1, 0.2], [6, 1]]}
        curve: [[0, 0], [1, 100]]
        when_unknown: {carry_days: 7}
        beside: [answers]
      - name: answers
        label: Answers
        weight: 0
        unit: ratings
        why: One answer is an anecdote.
        good: ten
        reading: {op: sum, series: ratings_answered}
        curve: [[0, 0], [10, 100]]
        when_unknown: {neutral: 50}
  - name: people
    weight: 30%
    measures:
      - name: pulse
        label: Pulse
        weight: 1
        unit: level
        why: People know.
        good: good
        reading: {op: latest, series: pulse}
        levels: {bad: 0, fair: 50, good: 100}
        when_unknown: zero
rules:
  - {name: narrow, kind: interaction, add: 5, why: So., when: [
      {measure: seats, below: 1}, {measure: pulse, at_least: 3}]}
  - name: no_review
    kind: penalty
    factor: 0.8
    why: No review.
    when:
      - {measure: answers, above: 6, by: segment, values: {key: 4, smb: 8}}
      - {attribute: segment, is: [key, smb]}
  - {name: hold, kind: cap, at: 40, why: Unpaid., when: [{measure: seats, at_most: 0}]}
  - {name: loyal, kind: floor, at: 40, why: So., when: [{measure: pulse, above: 2}]}
  - {name: leaving, kind: red, to: 10, why: They said so., when: [{measure: pulse, at_most: 1}]}
  - {name: silent, kind: flag, follow_up: Ask., owner: manager, within_days: 3, why: Quiet., when: [
      {measure: seats, below: 1}]}
overrides: {allow_raising: true, reasons: [acquired, other], expires_after_days: 60}
"""
AT = "categories[0].measures[0]"
PULSE = "categories[1].measures[0]"

# (what stands in the good file, what stands there instead, the message without the file's name)
TABLE = [
    (
        "confirm_bands_after: 2",
        "confirm_band_after: 2",
        ('line 10, confirm_band_after: there is no such key; did you mean "confirm_bands_after"?'),
    ),
    (
        "confirm_bands_after: 2",
        "confirm_bands_after: 0",
        "line 10, confirm_bands_after: must be at least 1, but is 0.",
    ),
    (
        "review_on: 2027-03-31",
        "review_on: 31.03.2027",
        'line 8, review_on: must be a day like 2027-03-31, but is "31.03.2027".',
    ),
    (
        "review_on: 2027-03-31",
        "review_on: 2027-02-30",
        'line 8, review_on: must be a day like 2027-03-31, but is "2027-02-30".',
    ),
    (
        "review_on: 2027-03-31",
        "review_on: true",
        'line 8, review_on: must be a day like 2027-03-31, but is "True".',
    ),
    (
        "min_coverage: 0.5",
        "min_coverage: 0.5\npoints: 5",
        "line 12, points: 5 is not valid; valid here: 10, 100.",
    ),
    (
        "approvers: {Success: Ana, Product: Jonas}",
        "approvers: {}",
        "line 7, approvers: must be a mapping of at least 1, but is a mapping of 0.",
    ),
    (
        "approvers: {Success: Ana, Product: Jonas}",
        "approvers: {Success: [Ana]}",
        "line 7, approvers.Success: must be text, but is a list of 1.",
    ),
    (
        "approvers: {Success: Ana, Product: Jonas}",
        "approvers: Ana",
        'line 7, approvers: must be a list, but is "Ana".',
    ),
    (
        "approvers: {Success: Ana, Product: Jonas}",
        'approvers: {Success: ""}',
        'line 7, approvers.Success: must be text of at least 1 character, but is "".',
    ),
    (
        "applies_to: {segment: [smb]}",
        "applies_to: {segment: smb}",
        'line 9, applies_to.segment: must be a list, but is "smb".',
    ),
    (
        "applies_to: {segment: [smb]}",
        "applies_to: {segment: []}",
        "line 9, applies_to.segment: must be a list of at least 1, but is a list of 0.",
    ),
    (
        "applies_to: {segment: [smb]}",
        "applies_to: {Segment: [smb]}",
        (
            "line 9, applies_to.Segment: must be lower-case letters, digits and underscores, "
            'beginning with a letter, but is "Segment".'
        ),
    ),
    (
        "applies_to: {segment: [smb]}",
        "applies_to: {segment: [5]}",
        "line 9, applies_to.segment[0]: must be text, but is 5.",
    ),
    (
        "applies_to: {segment: [smb]}",
        "applies_to: [smb]",
        "line 9, applies_to: must be a mapping of keys to values, but is a list of 1.",
    ),
    (
        "weight: 70%",
        "weight: 60%",
        "line 15, categories: these percentages must sum to 100%, but sum to 90%.",
    ),
    (
        "weight: 70%",
        "weight: 70",
        (
            "line 17, categories[0].weight: 70 stands beside percentages; write all of them "
            "in percent, or none."
        ),
    ),
    (
        "weight: 70%",
        "weight: 70 percent",
        (
            'line 17, categories[0].weight: must be a number or a percentage like "30%", but '
            'is "70 percent".'
        ),
    ),
    (
        "weight: 70%",
        "weight: 170%",
        "line 15, categories: these percentages must sum to 100%, but sum to 200%.",
    ),
    ("default: 0.8, ", "", f"line 26, {AT}.target.default: this key is missing."),
    (
        "default: 0.8",
        "dfault: 0.8",
        f'line 26, {AT}.target.dfault: there is no such key; did you mean "default"?',
    ),
    ("default: 0.8", "default: 0", f"line 26, {AT}.target.default: must be more than 0, but is 0."),
    (
        "by: segment, values: {smb: 0.9}",
        "by: segment",
        (
            f"line 26, {AT}.target.by: `by` needs values: a mapping of the attribute's values "
            "to numbers."
        ),
    ),
    (
        "by: segment, values: {smb: 0.9}",
        "values: {smb: 0.9}",
        (f"line 26, {AT}.target.values: values need `by`, the attribute that they are values of."),
    ),
    (
        "values: {smb: 0.9}",
        "values: {smb: high}",
        f'line 26, {AT}.target.values.smb: must be a number, but is "high".',
    ),
    (
        "values: {smb: 0.9}",
        "values: [0.9]",
        (f"line 26, {AT}.target.values: must be a mapping of keys to values, but is a list of 1."),
    ),
    ("[6, 1]]", "[1, 1]]", f"line 26, {AT}.target.months[1]: months go upwards, but 1 follows 1."),
    (
        "[6, 1]]",
        "[6.5, 1]]",
        f"line 26, {AT}.target.months[1][0]: must be a whole number, but is 6.5.",
    ),
    ("[6, 1]]", "[6, 0]]", f"line 26, {AT}.target.months[1][1]: must be more than 0, but is 0."),
    ("[6, 1]]", "[0, 1]]", f"line 26, {AT}.target.months[1][0]: must be at least 1, but is 0."),
    (
        "when_unknown: {carry_days: 7}",
        "when_unknown: {cary_days: 7}",
        (f'line 28, {AT}.when_unknown.cary_days: there is no such key; did you mean "carry_days"?'),
    ),
    (
        "when_unknown: {carry_days: 7}",
        "when_unknown: {carry_days: 0}",
        f"line 28, {AT}.when_unknown.carry_days: must be at least 1, but is 0.",
    ),
    (
        "when_unknown: {carry_days: 7}",
        "when_unknown: {neutrall: 7}",
        (f'line 28, {AT}.when_unknown.neutrall: there is no such key; did you mean "neutral"?'),
    ),
    (
        "when_unknown: {carry_days: 7}",
        "when_unknown: {neutral: 700}",
        f"line 28, {AT}.when_unknown.neutral: must be at most 100, but is 700.",
    ),
    (
        "when_unknown: {carry_days: 7}",
        "when_unknown: {neutral: 7, carry_days: 7}",
        (f"line 28, {AT}.when_unknown.carry_days: there is no such key; valid here: neutral."),
    ),
    (
        "when_unknown: {carry_days: 7}",
        "when_unknown: {}",
        f"line 28, {AT}.when_unknown.carry_days: this key is missing.",
    ),
    (
        "when_unknown: {carry_days: 7}",
        "when_unknown: unknowable",
        f'line 28, {AT}.when_unknown: "unknowable" is not valid; did you mean "unknown"?',
    ),
    (
        "when_unknown: {carry_days: 7}",
        "when_unknown: 50",
        (
            f"line 28, {AT}.when_unknown: 50 is not valid; valid here: unknown, zero, "
            "{carry_days: n}, {neutral: points}."
        ),
    ),
    (
        "when_unknown: {carry_days: 7}",
        "when_unknown: neutral",
        (
            f'line 28, {AT}.when_unknown: "neutral" is not valid; valid here: unknown, zero, '
            "{carry_days: n}, {neutral: points}."
        ),
    ),
    (
        "beside: [answers]",
        "beside: [answrs]",
        f'line 29, {AT}.beside[0]: there is no measure "answrs"; did you mean "answers"?',
    ),
    (
        "beside: [answers]",
        "beside: [pulse]",
        (
            f'line 29, {AT}.beside[0]: "pulse" has the weight 1; only measures of weight 0, '
            "which are in no score, are shown beside another."
        ),
    ),
    (
        "beside: [answers]",
        "beside: answers",
        f'line 29, {AT}.beside: must be a list, but is "answers".',
    ),
    (
        "levels: {bad: 0, fair: 50, good: 100}",
        "levels: {bad: 0, good: 100}",
        f"line 49, {PULSE}.levels: must be a mapping of at least 3, but is a mapping of 2.",
    ),
    (
        "levels: {bad: 0, fair: 50, good: 100}",
        "levels: {a: 0, b: 1, c: 2, d: 3, e: 4, f: 5}",
        f"line 49, {PULSE}.levels: must be a mapping of at most 5, but is a mapping of 6.",
    ),
    (
        "levels: {bad: 0, fair: 50, good: 100}",
        "levels: {bad: 0, fair: 50, good: 101}",
        f"line 49, {PULSE}.levels.good: must be at most 100, but is 101.",
    ),
    (
        "levels: {bad: 0, fair: 50, good: 100}",
        "levels: [0, 50, 100]",
        (f"line 49, {PULSE}.levels: must be a mapping of keys to values, but is a list of 3."),
    ),
    (
        "levels: {bad: 0, fair: 50, good: 100}",
        "levels: {bad: 0, fair: 50, good: 100}\n        curve: [[1, 0], [5, 100]]",
        (f"line 49, {PULSE}.levels: levels stand in place of a curve; remove one of the two."),
    ),
    (
        "levels: {bad: 0, fair: 50, good: 100}",
        "levels: {bad: 0, fair: 50, good: 100}\n        target: {default: 4}",
        f"line 50, {PULSE}.target: levels have no target; remove one of the two.",
    ),
    (
        "reading: {op: latest, series: pulse}",
        "reading: {op: level, series: seats}",
        (
            f"line 49, {PULSE}.levels: levels are for what people set, read by op latest, but "
            "this is level."
        ),
    ),
    (
        "        levels: {bad: 0, fair: 50, good: 100}\n",
        "",
        f"line 42, {PULSE}.curve: this key is missing.",
    ),
    (
        "        target: {default",
        "        family: worst\n        target: {default",
        (
            f"line 26, {AT}.family: whose points are fewest is decided before the target; "
            "valid here: own, sum, weighted."
        ),
    ),
    (
        "measure: answers, above",
        "measure: answrs, above",
        (
            'line 59, rules[1].when[0].measure: there is no measure "answrs"; did you mean '
            '"answers"?'
        ),
    ),
    (
        "measure: answers, above",
        "measur: answers, above",
        'line 59, rules[1].when[0].measur: there is no such key; did you mean "measure"?',
    ),
    (
        "above: 6, by",
        "abve: 6, by",
        'line 59, rules[1].when[0].abve: there is no such key; did you mean "above"?',
    ),
    (
        "above: 6, by",
        "by",
        (
            "line 59, rules[1].when[0]: one of above, at_least, below, at_most is needed; "
            "here is none."
        ),
    ),
    (
        "above: 6, by",
        "above: 6, below: 9, by",
        (
            "line 59, rules[1].when[0].below: one of above, at_least, below, at_most is "
            "needed; here are above and below."
        ),
    ),
    (
        "above: 6, by: segment, values: {key: 4, smb: 8}",
        "above: 6, by: segment",
        (
            "line 59, rules[1].when[0].by: `by` needs values: a mapping of the attribute's "
            "values to numbers."
        ),
    ),
    (
        "above: 6, by: segment, values: {key: 4, smb: 8}",
        "above: 6, values: {key: 4}",
        (
            "line 59, rules[1].when[0].values: values need `by`, the attribute that they are "
            "values of."
        ),
    ),
    (
        "values: {key: 4, smb: 8}",
        "values: {key: four}",
        'line 59, rules[1].when[0].values.key: must be a number, but is "four".',
    ),
    (
        "{attribute: segment, is: [key, smb]}",
        "{attributed: segment, is: [key, smb]}",
        ('line 60, rules[1].when[1].attributed: there is no such key; did you mean "attribute"?'),
    ),
    (
        "{attribute: segment, is: [key, smb]}",
        "{attribute: segment, is: key}",
        'line 60, rules[1].when[1].is: must be a list, but is "key".',
    ),
    (
        "{attribute: segment, is: [key, smb]}",
        "{attribute: segment}",
        "line 60, rules[1].when[1].is: this key is missing.",
    ),
    (
        "{attribute: segment, is: [key, smb]}",
        "segment",
        ('line 60, rules[1].when[1]: must be a mapping of keys to values, but is "segment".'),
    ),
    (
        "kind: penalty",
        "kind: penalt",
        'line 55, rules[1].kind: "penalt" is not valid; did you mean "penalty"?',
    ),
    (
        "kind: penalty",
        "kind: bonus",
        (
            'line 55, rules[1].kind: "bonus" is not valid; valid here: interaction, penalty, '
            "floor, cap, red, flag."
        ),
    ),
    ("    kind: penalty\n", "", "line 54, rules[1].kind: this key is missing."),
    ("factor: 0.8", "factor: 1.2", "line 56, rules[1].factor: must be less than 1, but is 1.2."),
    ("factor: 0.8", "factor: 0", "line 56, rules[1].factor: must be more than 0, but is 0."),
    (
        "factor: 0.8",
        "factor: 0.12345678",
        (
            "line 56, rules[1].factor: at most six decimals are allowed here, but this is "
            "0.12345678."
        ),
    ),
    (
        "factor: 0.8",
        "factr: 0.8",
        'line 56, rules[1].factr: there is no such key; did you mean "factor"?',
    ),
    (
        "kind: cap, at: 40",
        "kind: cap, at: 140",
        "line 61, rules[2].at: must be at most 100, but is 140.",
    ),
    (
        "kind: red, to: 10",
        "kind: red, to: 60",
        (
            'line 63, rules[4].to: a hard red ends in the lowest band, "red", so below 60, '
            "but this is 60."
        ),
    ),
    (
        "kind: interaction, add: 5",
        "kind: interaction, add: 500",
        "line 52, rules[0].add: must be at most 100, but is 500.",
    ),
    (
        "{measure: pulse, at_least: 3}]",
        "{measure: seats, at_least: 3}]",
        "line 52, rules[0].when: an interaction needs conditions on two measures.",
    ),
    ("follow_up: Ask., ", "", "line 64, rules[5].follow_up: this key is missing."),
    (
        "within_days: 3",
        "within_days: 0",
        "line 64, rules[5].within_days: must be at least 1, but is 0.",
    ),
    (
        "name: hold",
        "name: no_review",
        ('line 61, rules[2].name: there are two of the rule "no_review"; names must be unique.'),
    ),
    (
        "when: [{measure: seats, at_most: 0}]",
        "when: []",
        "line 61, rules[2].when: must be a list of at least 1, but is a list of 0.",
    ),
    (
        "when: [{measure: seats, at_most: 0}]",
        "when: {measure: seats, at_most: 0}",
        "line 61, rules[2].when: must be a list, but is a mapping of 2.",
    ),
    (
        "reasons: [acquired, other]",
        "reasons: []",
        "line 66, overrides.reasons: must be a list of at least 1, but is a list of 0.",
    ),
    (
        "reasons: [acquired, other]",
        "reasons: [Bought up]",
        (
            "line 66, overrides.reasons[0]: must be lower-case letters, digits and "
            'underscores, beginning with a letter, but is "Bought up".'
        ),
    ),
    (
        "expires_after_days: 60",
        "expires_after_day: 60",
        (
            "line 66, overrides.expires_after_day: there is no such key; did you mean "
            '"expires_after_days"?'
        ),
    ),
    (
        "expires_after_days: 60",
        "expires_after_days: never",
        'line 66, overrides.expires_after_days: must be a whole number, but is "never".',
    ),
]


@pytest.mark.parametrize(("good", "bad", "message"), TABLE)
def test_the_message_says_where_and_what(good, bad, message):
    assert good in RICH, "the table must change the file"
    with pytest.raises(FixConfig) as caught:
        parse_scorecard(RICH.replace(good, bad, 1), "rich.v1.yaml")
    assert str(caught.value) == f"rich.v1.yaml, {message}"


def test_the_rich_file_is_good():
    card = parse_scorecard(RICH, "rich.v1.yaml")
    assert [rule.kind for rule in card.rules] == [
        "interaction", "penalty", "cap", "floor", "red", "flag",
    ]  # fmt: skip


def test_mistakes_between_parts_are_told_beside_those_within_parts():
    text = RICH.replace("factor: 0.8", "factr: 0.8").replace("measure: answers", "measure: answer")
    text = text.replace("name: hold", "name: loyal").replace("from: 60", "from: 0")
    with pytest.raises(FixConfig) as caught:
        parse_scorecard(text, "rich.v1.yaml")
    places = [line.split(", ")[2].split(": ")[0] for line in str(caught.value).splitlines()]
    assert places == [
        "bands[1].from",
        "rules[1].factr",
        "rules[1].when[0].measure",
        "rules[3].name",
        "rules[4].to",
    ]


def test_percentages_that_nearly_sum_to_100_are_told_how_nearly():
    text = RICH.replace("weight: 70%", "weight: 69.999999%")
    with pytest.raises(FixConfig, match=r"must sum to 100%, but sum to 99\.999999%\."):
        parse_scorecard(text, "rich.v1.yaml")


def test_points_from_1_to_10_are_checked_item_by_item():
    with pytest.raises(FixConfig) as caught:
        parse_scorecard(RICH + "points: 10\n", "rich.v1.yaml")
    lines = str(caught.value).splitlines()
    assert len(lines) == 8
    assert lines[0] == (
        f"rich.v1.yaml, line 27, {AT}.curve[0][1]: this card counts points from 1 to 10, "
        "but this is 0."
    )
    assert lines[-1].startswith(f"rich.v1.yaml, line 49, {PULSE}.levels.good: ")


@given(st.integers(0, len(RICH)), st.integers(0, 40), SCRAPS)
def test_a_damaged_file_is_accepted_or_explained_but_never_a_crash(start, length, scrap):
    try:
        parse_scorecard(RICH[:start] + scrap + RICH[start + length :], "rich.v1.yaml")
    except FixConfig as error:
        for line in str(error).splitlines():
            assert line.startswith("rich.v1.yaml, line ")
            assert line.endswith((".", "?"))


@pytest.mark.parametrize("nothing", ["0", "0.0", "0.00", '"0%"', '"0 %"', '"0.0%"', "0.00 %"])
def test_a_weight_of_nothing_is_context_however_it_is_written(nothing):
    old = "label: Answers\n        weight: 0\n"
    assert old in RICH
    text = RICH.replace(old, f"label: Answers\n        weight: {nothing}\n")
    if "%" in nothing:
        text = text.replace("label: Seats in use\n        weight: 1\n",
                            "label: Seats in use\n        weight: 100%\n")  # fmt: skip
    assert parse_scorecard(text, "rich").measures[0].beside == ("answers",)
