-- Grain: one row per run, or none: a run that had ended is at work again when a stage begins. One
-- that failed is so only when the failed part itself begins again: others may be at work beside it.
update health.run
set state = 'running', error = null, finished_at = null
where
    run_no = :run_no
    and (state = 'success' or (state = 'failed' and starts_with(error, :whole || ':')))
