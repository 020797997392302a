"""Which measures of two cards read the same, so that one card may take over what another knew."""

from include.pipeline.replay import digest_of

EVENTS = {"op": "sum", "series": "events", "window": 7}


def digest(curve=((0, 0), (40, 100)), **changes):
    return digest_of({"reading": EVENTS, "curve": [list(corner) for corner in curve], **changes})


def test_defaults_that_are_spelt_out_do_not_matter():
    assert digest() == digest(reading={**EVENTS, "lag": 0}, family="own")


def test_another_window_or_family_is_another_reading():
    assert digest() != digest(reading={**EVENTS, "window": 8})
    assert digest() != digest(family="sum")


def test_the_curve_matters_only_where_it_decides_who_is_worst():
    other = ((0, 100), (40, 0))
    assert digest() == digest(other)
    assert digest(family="worst") != digest(other, family="worst")


def test_what_cannot_be_read_any_more_has_none():
    assert digest(reading={"op": "guess", "series": "events"}) is None
