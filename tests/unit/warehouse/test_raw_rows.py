import tracemalloc

from include.warehouse.page import Page
from include.warehouse.raw_rows import sort_out


def test_records_that_come_decoded_take_little_more_memory_than_their_json():
    page = Page([{"id": number, "name": "x" * 100} for number in range(1_000)])
    tracemalloc.start()
    _, payloads, _ = sort_out(page)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(payloads) == 1_000
    assert held < 3 * sum(map(len, payloads))
