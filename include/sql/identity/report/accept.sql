-- Grain: one row, or none where the run has counted no shares. Re-running keeps the newest reason.
insert into health.accepted_share (run_no, who, why)
select
    run.run_no,
    :who,
    :why
from health.run
where
    run.run_no = :run_no
    and run.kind = 'daily'
    and exists (
        select 1 from health.matched_share
        where matched_share.run_no = run.run_no
    )
on conflict (run_no) do update set
    who = excluded.who,
    why = excluded.why,
    accepted_at = now()
