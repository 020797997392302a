-- Jobs of a CRM that go on without us. Re-run: refused by Alembic.

-- A job that was made and is not known to have ended: it may still write what it was given. A run
-- ends it before it believes what the CRM shows. The row goes when the job has ended.
create table health.crm_job (
    source text not null,
    job_id text not null,
    made_at timestamptz not null default now(),
    primary key (source, job_id)
);
