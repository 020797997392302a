-- Grain: one row per role that was held on the run's day. Of live days alone: others keep what
-- their live readings stand on. Re-running releases nothing more.
delete from health.held_role
where
    as_of = :as_of
