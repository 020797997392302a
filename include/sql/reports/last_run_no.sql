-- Grain: one row: the number of the newest run, 0 before the first. Reads only.
select coalesce(max(run_no), 0) from health.run
