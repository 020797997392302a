-- Grain: one row per run, newest first. Reads only.
select
    run.run_no,
    run.run_id,
    run.kind,
    run.as_of,
    run.started_at,
    run.state,
    run.error,
    coalesce(sum(run_stage.seconds), 0) as seconds
from health.run
left join health.run_stage on run.run_no = run_stage.run_no
group by run.run_no
order by run.run_no desc
limit :limit
