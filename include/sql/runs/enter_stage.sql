-- Grain: one row per run, stage and part. Re-running replaces what the earlier try counted.
insert into health.run_stage (run_no, stage, part, counts, seconds)
values (:run_no, :stage, :part, cast(:counts as jsonb), :seconds)
on conflict (run_no, stage, part) do update set
    counts = excluded.counts,
    seconds = excluded.seconds,
    finished_at = now()
