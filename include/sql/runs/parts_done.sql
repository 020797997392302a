-- Grain: one row: how many parts of a backfill are scored. Reads only.
select count(*) as parts
from health.run_stage
where run_no = :run_no and stage = 'score'
