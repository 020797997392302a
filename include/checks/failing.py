"""Which rows fail an expectation, as a condition in SQL.

The library counts failing rows but hands out single ids only by way of Python. To set a hundred
thousand records aside, or to show ten ids, one statement is enough. The library's count and ours
must agree; `stages.py` refuses to go on where they do not.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, TableClause, and_, column, false, func, or_, select

from include.checks.suite import BETWEEN, IN_SET, NOT_NULL, ORDERED, UNIQUE

BY_ROW = frozenset({BETWEEN, IN_SET, NOT_NULL, ORDERED, UNIQUE})


def failing(
    expectation: str, kwargs: Mapping[str, Any], source: TableClause
) -> ColumnElement[bool]:
    """Return the condition on rows of `source` that fail; a row without a value fails nothing."""
    if expectation == ORDERED:
        return column(kwargs["column_A"]) < column(kwargs["column_B"])
    name: ColumnElement[Any] = column(kwargs["column"])
    if expectation == NOT_NULL:
        return name.is_(None)
    if expectation == IN_SET:
        return and_(name.is_not(None), name.not_in(kwargs["value_set"]))
    if expectation == BETWEEN:
        return _outside(name, kwargs)
    if expectation == UNIQUE:
        doubled = select(name).select_from(source).group_by(name).having(func.count() > 1)
        return name.in_(doubled)
    raise ValueError(f"{expectation} says nothing about single rows.")


def _outside(name: ColumnElement[Any], kwargs: Mapping[str, Any]) -> ColumnElement[bool]:
    least, most = kwargs.get("min_value"), kwargs.get("max_value")
    beyond = [false()]
    if least is not None:
        beyond.append(name <= least if kwargs.get("strict_min") else name < least)
    if most is not None:
        beyond.append(name >= most if kwargs.get("strict_max") else name > most)
    return or_(*beyond)
