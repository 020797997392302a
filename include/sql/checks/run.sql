-- Grain: one row: the run that is being checked. Reads only.
select
    run_no,
    run_id,
    as_of,
    started_at
from health.run
where run_no = :run_no
