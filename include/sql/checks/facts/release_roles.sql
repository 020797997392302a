-- Grain: one row per role that was held on the run's day. Re-running releases nothing more.
delete from health.held_role
where as_of = :as_of
