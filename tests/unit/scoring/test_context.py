"""What a score stood on, as one JSON text that gives it back."""

import json

import numpy as np
import pytest

from include.scoring.context import Context, Override, circumstances_of, read_context

WHOLE = Context(
    attributes={"segment": "Enter\"prise' <b>", "tier": "é\u2028"}, month=7,
    override=Override(id=3, to=40.0, may_raise=True), carried={"csat": 3},
)  # fmt: skip


def test_a_context_comes_back_from_its_text_whatever_people_wrote():
    assert read_context(WHOLE.text()) == WHOLE
    assert json.loads(WHOLE.text())["attributes"]["segment"] == "Enter\"prise' <b>"
    assert Context(month=7, attributes={}).text() == '{"month":7}'
    assert Context().text() == "{}"


@pytest.mark.parametrize(
    "text",
    [
        '{"month": "seven"}', '{"month": -1}', '{"moon": 7}', "[]", "7", "nothing",
        '{"attributes": {"segment": 7}}', '{"override": {"to": 40}}',
        '{"override": {"id": 1, "to": 101}}', '{"override": {"id": 1, "factor": -0.5}}',
        '{"carried": {"csat": 0}}',
    ],
)  # fmt: skip
def test_what_is_no_context_is_none(text):
    assert read_context(text) is None


def test_rows_get_what_their_texts_say_and_nothing_without_one():
    factor = Context(attributes={"segment": "SMB"}, override=Override(id=4, factor=0.5))
    at = circumstances_of(np.array([1, -1, 0, 1]), [WHOLE, factor])
    assert at.month.tolist() == [0, 0, 7, 0]
    np.testing.assert_array_equal(at.override_to, [np.nan, np.nan, 40, np.nan])
    np.testing.assert_array_equal(at.override_factor, [0.5, np.nan, np.nan, 0.5])
    assert at.may_raise.tolist() == [False, False, True, False]
    segment, tier = at.attributes["segment"], at.attributes["tier"]
    words = [segment.words[code] if code >= 0 else None for code in segment.codes]
    assert words == ["SMB", None, "Enter\"prise' <b>", "SMB"]
    assert tier.codes.tolist() == [-1, -1, 0, -1]


def test_no_rows_and_no_texts_are_no_error():
    at = circumstances_of(np.array([], np.intp), [])
    assert (len(at.month), dict(at.attributes)) == (0, {})
    assert circumstances_of(np.array([-1, -1]), []).month.tolist() == [0, 0]
