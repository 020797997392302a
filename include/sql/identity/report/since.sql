-- Grain: one row, or none: the run with whose links those of now are compared. Without a number:
-- the newest daily run of an earlier day. Reads only.
select
    run.run_no,
    run.as_of,
    run_stage.finished_at as moment
from health.run
inner join health.run_stage on run.run_no = run_stage.run_no and run_stage.stage = 'conform'
where
    run.run_no = :run_no
    or (
        cast(:run_no as integer) is null
        and run.kind = 'daily'
        and run.as_of < (select linking.day from core.linking)
    )
order by run.as_of desc, run.run_no desc
limit 1
