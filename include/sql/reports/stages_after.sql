-- Grain: one row per finished stage of the runs that came after a run. Reads only.
select
    run.run_no,
    run_stage.counts,
    run_stage.seconds,
    coalesce(run_stage.stage, '') as stage,
    coalesce(run_stage.part, '') as part
from health.run
left join health.run_stage on run.run_no = run_stage.run_no
where run.run_no > :run_no
order by run.run_no, run_stage.finished_at
