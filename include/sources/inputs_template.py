"""An empty file of manual inputs for people to fill in, with the accounts on request."""

from collections.abc import Iterator, Sequence
from itertools import product

from include.sources.inputs_csv import csv_of
from include.sources.inputs_sheet import COLUMNS, Cell
from include.sources.inputs_xlsx import xlsx_of

NAMED = "account_name"  # for people; not read


def template(
    accounts: Sequence[tuple[str, str]],
    measures: Sequence[str],
    *,
    who: str = "",
    when: str = "",
    as_workbook: bool = False,
) -> bytes:
    """Return the file: a row for each account (CRM id and name) and measure, values left out.

    Rows without a value are not read, so a template can be dropped half filled in. No accounts or
    no measures: rows without them; neither: only the head.
    """
    rows: list[Sequence[Cell]] = [[*COLUMNS, NAMED], *_rows(accounts, measures, who, when)]
    return xlsx_of([("inputs", rows)]) if as_workbook else csv_of(rows)


def _rows(
    accounts: Sequence[tuple[str, str]], measures: Sequence[str], who: str, when: str
) -> Iterator[list[Cell]]:
    if not accounts and not measures:
        return
    for (crm_id, name), measure in product(accounts or [("", "")], measures or [""]):
        yield [who, when, crm_id, measure, None, None, name]
