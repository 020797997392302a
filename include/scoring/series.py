"""The day-level series a scorecard may read: one number per account and day on which something was.

Three kinds, told apart by how their days add up:
- counts: what happened on that day; days without a row count 0;
- changes: by how much a level moved on that day, so that the running sum is the level;
- values: what was last said; a day without a row says nothing new.
"""

import re
from collections.abc import Iterable

from include.series import (
    DEFAULT_WINDOW,
    LONGEST_WINDOW,
    Declared,
    in_use,
    series_files,
    with_measure,
    with_window,
)

FILES = series_files()
SERIES: dict[str, Declared] = {one.name: one for one in in_use(FILES, (DEFAULT_WINDOW,))}
TEMPLATES = [one for file in FILES for one in file.series if "{n}" in one.name]
# Of what people enter, one for each measure, however they call it.
ENTERED = [one for file in FILES for one in file.series if "{measure}" in one.name]
MEASURE = "[a-z][a-z0-9_]{0,40}"


def find_series(name: str) -> Declared | None:
    """Return the series of that name, of any window or measure that may be asked for, or None."""
    if name in SERIES:
        return SERIES[name]
    windows = (with_window(one, days) for one in TEMPLATES if (days := _window(one, name)))
    entered = (with_measure(one, measure) for one in ENTERED if (measure := _measure(one, name)))
    return next(windows, None) or next(entered, None)


def windows_of(names: Iterable[str]) -> tuple[int, ...]:
    """Return the windows, in days, that series of these names ask for, and always the default."""
    asked = {_window(template, name) for template in TEMPLATES for name in names}
    return tuple(sorted((asked | {DEFAULT_WINDOW}) - {0}))


def _measure(template: Declared, name: str) -> str:
    """What `name` puts in the place of `{measure}`; "" where it is not of that template."""
    before, after = map(re.escape, template.name.split("{measure}"))
    found = re.fullmatch(f"{before}({MEASURE}){after}", name)
    return found[1] if found else ""


def _window(template: Declared, name: str) -> int:
    """The days that `name` puts in the place of `{n}`; 0 where it is not of that template."""
    before, after = map(re.escape, template.name.split("{n}"))
    found = re.fullmatch(rf"{before}([1-9]\d{{0,2}}){after}", name)
    days = int(found[1]) if found else 0
    return days if days <= LONGEST_WINDOW else 0
