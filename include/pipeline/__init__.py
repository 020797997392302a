"""The verbs of the job: what a task of the DAG calls, and nothing else.

Every verb may be killed at any point and run again. Days are given as text, YYYY-MM-DD, as Airflow
templates them; counts come back, data never does.
"""

from include.pipeline.ingest import check_facts, check_raw, conform, extract, roll_up
from include.pipeline.job import open_job
from include.pipeline.publication import publish, push
from include.pipeline.scores import fill_history, months, read, read_range, score, score_range

__all__ = [
    "check_facts",
    "check_raw",
    "conform",
    "extract",
    "fill_history",
    "months",
    "open_job",
    "publish",
    "push",
    "read",
    "read_range",
    "roll_up",
    "score",
    "score_range",
]
