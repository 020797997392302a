"""The verbs of the job: what a task of the DAG calls, and nothing else.

Every verb may be killed at any point and run again. Days are given as text, YYYY-MM-DD, as Airflow
templates them; counts come back, data never does.
"""

from include.pipeline.alerts import alert, deliver
from include.pipeline.assignment import assign
from include.pipeline.backfill import close, estimate, fill, parts
from include.pipeline.common_cause import watch
from include.pipeline.daily import fill_history, read, score, shards
from include.pipeline.ingest import check_facts, check_raw, conform, extract, roll_up
from include.pipeline.job import open_job
from include.pipeline.late_days import tell_late
from include.pipeline.plays import plan
from include.pipeline.publication import publish, push, settle
from include.pipeline.thinning import thin

__all__ = [
    "alert",
    "assign",
    "check_facts",
    "check_raw",
    "close",
    "conform",
    "deliver",
    "estimate",
    "extract",
    "fill",
    "fill_history",
    "open_job",
    "parts",
    "plan",
    "publish",
    "push",
    "read",
    "roll_up",
    "score",
    "settle",
    "shards",
    "tell_late",
    "thin",
    "watch",
]
