-- Grain: one row, or none: the newest daily run of a day. started_at: UTC. stage: the last one that
-- ended, with its part; NULL: none has. Reads only.
select
    run.run_no,
    run.state,
    run.error,
    run.started_at at time zone 'UTC' as started_at,
    (
        select trim(run_stage.stage || ' ' || run_stage.part)
        from health.run_stage
        where run_stage.run_no = run.run_no
        order by run_stage.finished_at desc
        limit 1
    ) as stage
from health.run
where run.kind = 'daily' and run.as_of = :as_of
order by run.run_no desc
limit 1
