"""What a stage leaves behind for those who watch: a row in the book, and one line to search for."""

import logging
from datetime import date

from sqlalchemy import text

from include.pipeline.job import Job, open_run, stage
from include.settings import load_settings


def test_a_stage_is_one_line_of_names_and_values_and_one_row(store, caplog):
    job = Job(store, load_settings(), ())
    run = open_run(job, "manual__1", "2026-03-31")
    with caplog.at_level(logging.INFO, "customer_health"), stage(job, run, "score", "1") as counts:
        counts.update(read=500, written=20)
    (line,) = caplog.messages
    said = dict(word.split("=") for word in line.split())
    assert list(said) == ["run", "stage", "part", "as_of", "seconds", "per_s", "read", "written"]
    assert (said["run"], said["stage"], said["part"]) == (str(run.run_no), "score", "1")
    assert (said["as_of"], said["read"]) == (str(date(2026, 3, 31)), "500")
    assert float(said["per_s"]) > 0
    with store.connect() as connection:
        row = connection.execute(text("select counts, seconds from health.run_stage")).one()
    assert row.counts == {"read": 500, "written": 20}
    assert 0 <= row.seconds < 60
