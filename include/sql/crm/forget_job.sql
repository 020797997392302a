-- Grain: one row a job that has ended. Re-run: none.
delete from health.crm_job
where source = :source and job_id = :job_id
