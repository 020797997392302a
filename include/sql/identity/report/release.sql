-- Grain: one row per role that a run's day was held for. Re-running releases nothing more.
delete from health.held_role
where run_no = :run_no
