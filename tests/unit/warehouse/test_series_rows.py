"""Keys of series rows: one number that sorts as series, account and day do."""

import itertools

import numpy as np

from include.warehouse.series_rows import SeriesRows

FIRST_DAY, LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31


def test_keys_sort_as_their_parts_at_every_end_of_what_the_store_can_hold():
    parts = list(itertools.product((1, 2, 32_767), (1, 2, 2**31 - 1), (FIRST_DAY, -1, 0, LAST_DAY)))
    series_id, account_id, day = (np.array(column) for column in zip(*parts, strict=True))
    rows = SeriesRows(
        series_id.astype(np.int16), account_id.astype(np.int32), day.astype(np.int32),
        np.zeros(len(parts)),
    )  # fmt: skip
    assert (np.diff(rows.keys(np.unique(rows.series_id))) > 0).all()
