"""The verb `assign`: steps of open plans become tasks in the CRM, and their statuses come back."""

import logging

from include.pipeline.job import Counts, Job, open_run, stage
from include.settings import Credentials

log = logging.getLogger("customer_health")


def assign(job: Job, run_id: str, as_of: str, credentials: Credentials) -> Counts:
    """Make tasks of the steps that are none yet, each once, and read how all of them stand.

    Closed plans are left alone: their tasks stay as they are. `skipped`: health.yaml says that no
    tasks are made, or that nothing is sent at all.
    """
    from include.crm.assign import assign as assign_tasks
    from include.crm.open import open_tasks
    from include.sources import open_client

    run, source = open_run(job, run_id, as_of), job.settings.crm_source
    with stage(job, run, "assign", source.name) as counts:
        if job.settings.crm.tasks and job.settings.crm.send:
            desk = open_tasks(job.settings, open_client(source, credentials))
            counts.update(assign_tasks(job.engine, desk, source.name))
        else:
            log.info("No tasks are made in the CRM: health.yaml says crm.tasks or crm.send: false")
            counts["skipped"] = 1
    return counts
