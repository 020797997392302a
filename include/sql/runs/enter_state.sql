-- Grain: one row per run. Re-running replaces its state.
update health.run
set state = :state, error = :error, finished_at = now()
where run_no = :run_no
