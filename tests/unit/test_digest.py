"""The digest by which a re-run sees what changed."""

import numpy as np

from include.warehouse.columns import coded, floats, numbers
from include.warehouse.digest import BLOCK_ROWS, digest_rows

NAN = float("nan")


def test_a_digest_is_the_same_forever():
    columns = [
        floats([1.5, NAN]), coded([1, 0], ["red", "green"]), numbers("int2", [-1, 7]),
        numbers("float8[]", np.array([[0.1, NAN], [-0.0, 1e300]])),
    ]  # fmt: skip
    assert digest_rows(columns).tolist() == [125232516137968539, 4920145110235178906]


def test_no_two_of_many_rows_share_a_digest():
    few = np.arange(200_000)
    matrix = np.column_stack([few % 10, few // 10 % 100, -(few // 1000)]).astype(float)
    assert len(np.unique(digest_rows([numbers("float8[]", matrix)]))) == len(few)


def test_a_row_has_its_digest_in_any_company():
    values = np.random.default_rng(1).normal(size=(BLOCK_ROWS + 5, 3))
    whole = digest_rows([numbers("float8[]", values)])
    assert digest_rows([numbers("float8[]", values[-7:])]).tolist() == whole[-7:].tolist()


def test_equal_content_has_one_digest_and_other_content_another():
    odd_nan = np.array([0x7FF8_0000_0000_0001], np.uint64).view(np.float64)[0]
    zeros = digest_rows([numbers("float8", [0.0, -0.0, 5e-324])]).tolist()
    assert zeros[0] == zeros[1] != zeros[2]
    unknown = digest_rows([numbers("float8", [NAN, odd_nan, -NAN])]).tolist()
    assert len(set(unknown)) == 1
    assert digest_rows([floats([NAN])]).tolist() != unknown[:1], "null is not NaN"
    words = [digest_rows([coded([code], ["red", "green"])]).tolist() for code in (0, 1, -1)]
    assert len({digest for (digest,) in words}) == 3
    assert digest_rows([coded([0], ["green", "red"])]).tolist() == words[1], "by word, not by code"


def test_the_place_of_a_value_matters():
    one_two = digest_rows([numbers("float8[]", np.array([[1.0, 2.0], [2.0, 1.0]]))])
    assert one_two[0] != one_two[1]


def test_columns_that_came_later_leave_rows_alone_in_which_they_are_at_rest():
    first = [numbers("float8", [1.0, 2.0, 3.0, 4.0, 5.0])]
    before = digest_rows(first)
    bits = numbers("int8", [0, 0, 7, 0, 0])
    others = numbers("int8", [0, 0, 0, 7, 0])
    said = coded(np.array([-1, 0, -1, -1, -1]), ['{"month":1}'], "jsonb")
    base = floats(np.array([np.nan, np.nan, np.nan, np.nan, 0.0]))
    after = digest_rows(first, late=[bits, others, said, base])
    assert (before == after).tolist() == [True, False, False, False, True]
    swapped = digest_rows(first, late=[others, bits, said, base])
    assert (swapped == after).tolist() == [True, True, False, False, True]
