"""A day that is not published in time: the DAG says so by itself."""

import asyncio
import logging
from datetime import timedelta


def test_the_daily_run_has_a_deadline_and_the_backfill_has_none(dags):
    (alert,) = dags["customer_health"].deadline
    assert alert.interval == timedelta(hours=6)
    assert alert.callback.path == "customer_health_deadline.say_late"
    assert not dags["customer_health_backfill"].deadline


def test_being_late_is_one_line_that_names_the_run(dags, caplog):
    from customer_health_deadline import say_late

    with caplog.at_level(logging.ERROR, "customer_health"):
        asyncio.run(say_late(context={"dag_run": {"run_id": "scheduled__1"}}))
    assert [line.split()[0] for line in caplog.messages] == ["late=scheduled__1"]
