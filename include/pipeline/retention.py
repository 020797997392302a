"""How long superseded records are kept: `retention.raw_days` of health.yaml, always unless said.

What facts, readings, receipts and the next extract need stays: the newest version of each record,
and the one that facts stand on where a check set the newest aside.
"""

from datetime import UTC, date, datetime, time

from include.pipeline.job import Counts, Job
from include.warehouse.database import query, transaction


def drop_versions_before(job: Job, day: date) -> Counts:
    """Drop superseded versions that came before a day (UTC), one transaction a stream.

    payloads: of quarantined records that are kept nowhere else; their reasons stay.
    """
    before = {"before": datetime.combine(day, time(), UTC)}
    counts = {"versions": 0, "payloads": 0}
    with transaction(job.engine) as connection:
        streams = connection.scalars(query("retention/streams")).all()
        done = connection.execute(query("retention/drop_payloads"), before)
        counts["payloads"] = done.rowcount
    for stream in streams:
        with transaction(job.engine) as connection:
            done = connection.execute(
                query("retention/drop_versions"), before | {"stream_id": stream}
            )
            counts["versions"] += done.rowcount
    return counts
