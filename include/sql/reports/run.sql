-- Grain: one row, or none: the run of that number. Reads only.
select
    run_no,
    run_id,
    kind,
    as_of,
    started_at,
    finished_at,
    state,
    error
from health.run
where run_no = :run_no
