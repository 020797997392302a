-- Grain: one row per run_id. Re-running re-opens the run and keeps its first start.
insert into health.run (run_id, kind, as_of)
values (:run_id, :kind, :as_of)
on conflict (run_id) do update set state = 'running', error = null, finished_at = null
returning run_no
