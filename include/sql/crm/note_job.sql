-- Grain: one row a job that may be at work in the CRM. Re-run: the same row.
insert into health.crm_job (source, job_id)
values (:source, :job_id)
on conflict (source, job_id) do nothing
