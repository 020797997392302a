-- Grain: one row, or none: the newest daily run. Reads only.
select
    run_no,
    as_of,
    state,
    error,
    started_at
from health.run
where kind = 'daily'
order by run_no desc
limit 1
