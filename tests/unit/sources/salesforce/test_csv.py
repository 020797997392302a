"""The CSV of bulk results becomes what REST sends, record by record."""

import io
import tracemalloc

import pytest

from include.sources.salesforce_csv import records_of

TYPES = {"IsActive": "boolean", "SystemModstamp": "datetime", "ARR__c": "currency", "N": "int"}


def parsed(text, types=TYPES):
    return list(records_of(io.BytesIO(text.encode()), types))


def test_cells_become_what_rest_sends():
    text = (
        "Id,IsActive,SystemModstamp,ARR__c,N,Name\n"
        '001,true,2026-03-01T10:00:00.000Z,48000.0,7,"Kite, ""Ltd""\nof Leeds"\n'
        "002,false,,4.8E4,,\n"
        "003,,,NaN,x,a\0b\n"
    )
    assert parsed(text) == [
        {
            "Id": "001",
            "IsActive": True,
            "SystemModstamp": "2026-03-01T10:00:00.000+0000",
            "ARR__c": 48000.0,
            "N": 7,
            "Name": 'Kite, "Ltd"\nof Leeds',
        },
        {"Id": "002", "IsActive": False, "SystemModstamp": None, "ARR__c": 48000.0, "N": None,
         "Name": None},
        {"Id": "003", "IsActive": None, "SystemModstamp": None, "ARR__c": "NaN", "N": "x",
         "Name": "ab"},
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "Id,Name\n", "\ufeffId,Name\n"])
def test_results_without_rows_are_none(text):
    assert parsed(text) == []


def test_memory_does_not_grow_with_the_results(tmp_path):
    def peak(rows):
        path = tmp_path / f"{rows}.csv"
        path.write_text("Id,Name,N\n" + "".join(f"{row},Ann,7\n" for row in range(rows)))
        with path.open("rb") as file:
            tracemalloc.start()
            for _ in records_of(file, TYPES):
                pass
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    assert peak(40_000) < 2 * peak(4_000) + 200_000
