"""Counting and unpacking as they must be, against the plainest way of doing each."""

import gzip
import io
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.sources.amplitude_archive import Inflated
from include.sources.usage_days import KEY, Seen, Tally, text_of, texts_of

CELLS = st.tuples(
    st.sampled_from(["kite", "reed", "a|b", "é"]),
    st.sampled_from(["2026-11-18", "2026-11-19"]),
    st.sampled_from(["2026-11-18", "2026-11-19"]),
)
SIGHTINGS = st.tuples(
    CELLS,
    st.sampled_from(["", "u1", "u2", "u10", "\U0001f642"]),
    st.sampled_from(["login", "export", "import"]),
    st.none() | st.integers(-3, 3),
)
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", " ", "a"])


def is_feature(name):
    return name != "login"


def plainly(sightings):
    """Count with a set for everything."""
    events, users, names = defaultdict(set), defaultdict(set), defaultdict(set)
    for place, (cell, user, name, mark) in enumerate(sightings):
        events[cell].add(("alone", place) if mark is None else mark)
        users[cell] |= {user} - {""}
        names[cell] |= {name} if is_feature(name) else set()
    return {
        cell: {"events": len(events[cell]), "users": sorted(users[cell]),
               "features": sorted(names[cell])}
        for cell in events
    }  # fmt: skip


@given(st.lists(st.lists(SIGHTINGS, max_size=6), max_size=12), st.sampled_from([1, 3, 10, 1000]))
@settings(max_examples=150, deadline=None)
def test_a_tally_counts_as_sets_would_however_often_it_is_put_away(lists, rows_at_once):
    found = {}
    with Tally(is_feature, rows_at_once=rows_at_once) as tally:
        for sightings in lists:
            tally.add(
                Seen(
                    [tally.groups(day, part)[account] for (account, day, part), *_ in sightings],
                    *([one[place] for one in sightings] for place in (1, 2, 3)),
                )
            )
        for page in tally.pages():
            for record in page:
                key = tuple(record.pop(field) for field in KEY)
                assert key not in found
                found[key] = record
    assert found == plainly([one for sightings in lists for one in sightings])


@given(VALUES | st.lists(VALUES, max_size=3))
def test_an_accounts_ids_are_the_distinct_texts_of_the_list(value):
    values = value if isinstance(value, list) else [value]
    assert texts_of(value) == list(dict.fromkeys(filter(None, map(text_of, values))))


def unpacked(content, size):
    file = Inflated(io.BytesIO(content))
    return b"".join(iter(lambda: file.read(size), b""))


FILES = st.lists(st.binary(max_size=200) | st.just(b"a" * 5000), max_size=4)


@given(FILES, st.sampled_from([1, 7, 4096]))
def test_a_file_of_gzip_members_is_unpacked_as_the_gzip_module_does(members, size):
    packed = b"".join(map(gzip.compress, members))
    assert unpacked(packed, size) == gzip.decompress(packed) == b"".join(members)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_gzip_file_without_its_end_is_told_from_a_whole_one(content, data):
    packed = gzip.compress(content)
    cut = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(EOFError):
        unpacked(packed[:cut], 64)
