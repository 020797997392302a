-- Grain: one row per run, newest first. parts: of a backfill, how many are done of how many. held:
-- measures that the run held for a common cause. Reads only.
select
    run.run_no,
    run.run_id,
    run.kind,
    run.as_of,
    run.started_at,
    run.state,
    run.error,
    coalesce(sum(run_stage.seconds), 0) as seconds,
    count(*) filter (where run_stage.stage = 'score' and run.kind = 'backfill') || ' of '
    || sum((run_stage.counts ->> 'parts')::integer)
    filter (where run_stage.stage = 'plan') as parts,
    (
        select string_agg(distinct measure_move.measure, ', ')
        from health.measure_move
        where measure_move.run_no = run.run_no and measure_move.verdict = 'held'
    ) as held
from health.run
left join health.run_stage on run.run_no = run_stage.run_no
group by run.run_no
order by run.run_no desc
limit :limit
