-- Grain: one row a job that may still be at work in the CRM, oldest first. Reads only.
select job_id
from health.crm_job
where source = :source
order by made_at, job_id
